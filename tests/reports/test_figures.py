"""Tables of figures: every number is the number of the records behind it."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.graduates import Graduate
from models.work import ServiceRecord
from reports import scope
from reports.base import Desk, Parameters
from reports.figures import Count, CountLine, Drilled, Figure, LineTable, RatioLine, SplitTable, Table, Unit, ValueLine
from reports.outputs import part_from_json, part_to_json
from reports.period import Period
from reports.rounding import comma, percent
from services import reporting
from tests.conftest import TODAY
from tests.factories import Cast, make_graduate
from tests.reports.statements import statements

YEAR = Period.parse("2026")
LABELS = (("legal", "Юридическая"), ("medical", "Медицинская"), ("labour", "Трудовая"))


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    """Two hundred services of the cast's service for a dozen people, by chance."""
    chance = Random(7)
    people = [cast.own] + [make_graduate(session, f"Сорокин Пётр{'а' * i}") for i in range(11)]
    kinds = [code for code, _ in LABELS] + ["psychological"]
    for _ in range(200):
        made = ServiceRecord(
            agency_id=cast.service.id,
            graduate_id=chance.choice(people).id,
            provided_on=date(2026, 1, 1) + timedelta(days=chance.randrange(360)),
            kind_code=chance.choice(kinds),
            title="помощь",
            form_code=chance.choice(("at_home", "stationary", None)),
        )
        session.add(made)
    session.flush()
    viewer = reporting.agency_viewer(session, agency=cast.service, today=TODAY)
    return Desk(session, viewer, Parameters(YEAR.ends_on, cast.service.id, cast.service.short_name, YEAR))


def split(desk: Desk) -> SplitTable:
    counts = (
        Count("n", "Услуг"),
        Count("people", "Получателей", of_people=True),
        Count("home", "На дому", ServiceRecord.form_code == "at_home"),
        Count("home_people", "Получателей на дому", ServiceRecord.form_code == "at_home", of_people=True),
    )
    return SplitTable("kinds", "Услуги", "Вид", scope.services(desk), ServiceRecord.kind_code, LABELS, counts)


def lines(desk: Desk) -> LineTable:
    services = scope.services(desk)
    home = services.narrowed(ServiceRecord.form_code == "at_home")
    average = services.select(func.avg(ServiceRecord.quantity))
    return LineTable(
        "work",
        "Работа",
        "Что сделано",
        (
            CountLine("all", "Всего", services),
            CountLine("home", "На дому", home),
            CountLine("home_people", "Человек на дому", home, of_people=True),
            CountLine("people", "Человек", services, of_people=True),
            RatioLine("share", "Доля на дому", "home", "all"),
            RatioLine("nothing", "Доля из ничего", "home", "none"),
            CountLine("none", "Никого", services.narrowed(ServiceRecord.kind_code == "-")),
            ValueLine("mean", "В среднем", lambda session: session.scalar(average), Unit.POINTS, services),
        ),
    )


def behind(desk: Desk, drilled: Drilled | None) -> int:
    assert drilled is not None
    what = func.count(drilled.records.person.distinct()) if drilled.of_people else func.count()
    return desk.session.scalar(drilled.records.select(what)) or 0


@pytest.mark.parametrize("make", [split, lines])
def test_every_count_is_the_number_of_records_behind_it(desk: Desk, make: type[Table]) -> None:
    table: Table = make(desk)  # type: ignore[call-arg]
    part = table.part(desk.session)
    counted = [figure for line in part.lines for figure in line.figures if figure.unit is Unit.COUNT]
    assert any(figure.value for figure in counted)
    for figure in counted:
        _, line, column = figure.key.split(".")
        assert behind(desk, table.drill(line, column)) == figure.value, figure.key


def test_people_are_counted_once_in_a_total(desk: Desk) -> None:
    part = split(desk).part(desk.session)
    people = [line.figures[1].value or 0 for line in part.lines if not line.is_total]
    assert part.figure("total", 1).value == 12 < sum(people)
    assert part.figure("total").value == 200 == sum(line.figures[0].value or 0 for line in part.lines[:-1])


def test_codes_without_a_label_are_printed_too(desk: Desk) -> None:
    assert "psychological" in [line.label for line in split(desk).part(desk.session).lines]


def test_an_empty_set_gives_zeros_and_dashes(desk: Desk) -> None:
    elsewhere = Desk(desk.session, desk.viewer, Parameters(YEAR.ends_on, 10**6, "", YEAR))
    part = split(elsewhere).part(desk.session)
    assert {figure.text for line in part.lines for figure in line.figures} == {"0"}
    empty = lines(elsewhere).part(desk.session)
    assert (empty.figure("share").text, empty.figure("mean").text) == ("—", "—")


def test_a_share_is_of_the_lines_that_it_names(desk: Desk) -> None:
    part = lines(desk).part(desk.session)
    home, everything = part.figure("home").value, part.figure("all").value
    assert part.figure("share").value == percent(int(home or 0), int(everything or 0))
    assert part.figure("nothing").text == "—"
    assert part.figure("mean").text == "1,0"


def test_however_many_records_there_are_the_statements_are_few(desk: Desk) -> None:
    with statements() as asked:
        split(desk).part(desk.session)
        lines(desk).part(desk.session)
    assert len(asked) == 4  # split, its total of people, all lines over services at once, the average


@pytest.mark.parametrize("key", ["", "x", "n.", "..", "all.x", "share.n", "kinds.all.n"])
def test_what_is_no_figure_leads_nowhere(desk: Desk, key: str) -> None:
    line, _, column = key.partition(".")
    assert lines(desk).drill(line, column) is None


def test_a_part_comes_back_from_what_was_frozen(desk: Desk) -> None:
    for table in (split(desk), lines(desk)):
        part = table.part(desk.session)
        assert part_from_json(part_to_json(part)) == part


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(16, 20, "80,0"), (14, 16, "87,5"), (11, 16, "68,8"), (0, 3, "0,0"), (1, 0, "—")]
)
def test_shares_are_rounded_half_up_and_nothing_has_none(part: int, whole: int, text: str) -> None:
    assert comma(percent(part, whole)) == text


def test_figures_are_printed_as_people_read_them() -> None:
    assert Figure(1204567).text == "1\u00a0204\u00a0567"
    assert Figure(Decimal("68.8"), Unit.PERCENT).text == "68,8 %"


def test_ages_are_reckoned_by_the_birthday(session: Session, cast: Cast) -> None:
    person = make_graduate(session, "Високосов Иван", birth_date=date(2004, 2, 29))
    days = ((date(2026, 2, 27), 21), (date(2026, 2, 28), 22), (date(2028, 2, 28), 23), (date(2028, 2, 29), 24))
    for day, years in days:
        query = select(scope.age(day)).where(Graduate.id == person.id)
        assert session.scalar(query) == person.age_on(day) == years
