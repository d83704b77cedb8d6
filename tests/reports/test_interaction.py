"""The report on interaction: what became of letters, by organisation and by kind."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import ReferralStatus as S
from reports.base import Desk, Parameters
from reports.figures import Drilled, Part, Unit
from reports.interaction import Interaction
from reports.period import Period
from services import reporting
from tests.conftest import TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast
from tests.reports.statements import statements

PERIOD = Period.parse("2026-Q3")
DAY = PERIOD.ends_on
AUGUST = date(2026, 8, 3)
NOTICE = PLAIN | {"code": "notice", "title": "Извещение"}


@pytest.fixture
def letters(session: Session, cast: Cast) -> None:
    """From the service to Boris's opeka, unless told otherwise: one of each fate, and some that do not count."""

    def send(status: S, due: int | None, answered: int | None = None, **more: object) -> None:
        fields = {
            "answer_due_on": None if due is None else AUGUST + timedelta(days=due),
            "answered_on": None if answered is None else AUGUST + timedelta(days=answered),
            **more,
        }
        sides = fields.pop("sender", cast.service), fields.pop("recipient", cast.opeka)
        make_referral(session, *sides, status=status, **{"sent_on": AUGUST, **fields})  # type: ignore[arg-type]

    send(S.CLOSED, 30, 4)
    send(S.ANSWERED, 30, 30)
    send(S.CLOSED, 10, 13)
    send(S.DECLINED, 10)
    send(S.IN_WORK, 20)
    send(S.SENT, 90)
    send(S.ANSWERED, 90, 80)  # After the report's day.
    send(S.SENT, None, terms=NOTICE)
    send(S.FORWARDED, 5)
    send(S.REVOKED, 5)
    send(S.DRAFT, None)
    send(S.CLOSED, 30, None, sent_on=date(2026, 6, 20), answered_on=date(2026, 6, 22))
    send(S.SENT, 1, sender=cast.opeka, recipient=cast.service)
    send(S.SENT, 1, sender=cast.other_opeka, recipient=cast.opeka)
    session.flush()


def desk_of(session: Session, cast: Cast, *, whole: bool) -> Desk:
    if whole:
        return Desk(session, Viewer.of(session, cast.kira, TODAY), Parameters(DAY, period=PERIOD))
    viewer = reporting.agency_viewer(session, agency=cast.service, today=TODAY)
    return Desk(session, viewer, Parameters(DAY, cast.service.id, cast.service.short_name, PERIOD))


def parts(desk: Desk) -> dict[str, Part]:
    return {part.key: part for part in Interaction().parts(desk)}


def line(part: Part, code: object) -> list[str]:
    return [figure.text for figure in next(one for one in part.lines if one.code == str(code)).figures]


def test_letters_of_the_territory_by_organisation(session: Session, cast: Cast, letters: None) -> None:
    found = parts(desk_of(session, cast, whole=True))
    # Received, asked, in time, late, declined, waiting, missed, days on average: (4 + 30 + 13) / 3.
    assert line(found["received"], cast.opeka.id) == ["10", "8", "2", "1", "1", "2", "2", "15,7"]
    assert line(found["received"], cast.service.id) == ["1", "1", "0", "0", "0", "0", "1", "—"]
    assert line(found["sent"], cast.service.id) == ["9", "7", "2", "1", "1", "2", "1", "15,7"]
    assert line(found["sent"], "total")[0] == "11"
    assert line(found["kinds"], "common/notice") == ["1", "0", "0", "0", "0", "0", "0", "—"]
    summary = found["summary"]
    assert [summary.figure(code).text for code in ("all", "answered", "over", "share", "days")] == [
        *("11", "3", "7", "28,6 %", "15,7")
    ]


def test_an_organisation_reads_its_own_flows_by_correspondent(session: Session, cast: Cast, letters: None) -> None:
    found = parts(desk_of(session, cast, whole=False))
    assert line(found["sent"], cast.opeka.id)[0] == "9"
    assert line(found["received"], cast.opeka.id)[0] == "1"
    assert found["summary"].figure("all").value == 10
    assert "Тотемского" not in str(found)


@pytest.mark.parametrize("whole", [True, False])
def test_every_figure_is_the_number_of_letters_behind_it(session: Session, cast: Cast, whole: bool) -> None:
    chance, sides = Random(11), [cast.service, cast.opeka, cast.other_opeka, cast.centre]
    for _ in range(120):
        sender, recipient = chance.sample(sides, 2)
        sent_on = AUGUST + timedelta(days=chance.randrange(-40, 50))
        status = chance.choice(list(S))
        answered = (status in (S.ANSWERED, S.CLOSED) and chance.random() < 0.8) or status is S.ANSWERED
        make_referral(
            session,
            sender,
            recipient,
            status=status,
            sent_on=sent_on,
            terms=chance.choice([PLAIN, NOTICE]),
            answer_due_on=sent_on + timedelta(days=chance.randrange(60)) if chance.random() < 0.8 else None,
            answered_on=sent_on + timedelta(days=chance.randrange(60)) if answered else None,
        )
    desk, report = desk_of(session, cast, whole=whole), Interaction()
    for part in report.parts(desk):
        for row in part.lines:
            asked = sum(int(figure.value or 0) for figure in row.figures[2:7])
            assert part.key == "summary" or asked == row.figures[1].value  # Every letter has one fate.
            for figure in row.figures:
                if figure.unit is Unit.COUNT:
                    assert behind(desk, report.drill(desk, figure.key)) == figure.value, figure.key


def behind(desk: Desk, drilled: Drilled | None) -> int:
    assert drilled is not None
    return desk.session.scalar(drilled.records.select(func.count())) or 0


def test_without_letters_there_are_zeros_and_dashes(session: Session, cast: Cast) -> None:
    found = parts(desk_of(session, cast, whole=True))
    assert (found["summary"].figure("all").text, found["summary"].figure("share").text) == ("0", "—")
    assert [row.code for row in found["received"].lines] == ["total"]
    assert line(found["received"], "total")[-1] == "—"


def test_a_trend_tells_the_share_in_time_and_leaves_gaps(session: Session, cast: Cast, letters: None) -> None:
    (trend,) = Interaction().trends(desk_of(session, cast, whole=True))
    ((_, shares),) = trend.series
    assert (len(trend.periods), [str(share) for share in shares]) == (4, ["None", "None", "100.0", "28.6"])


def test_however_many_letters_the_statements_are_few(session: Session, cast: Cast, letters: None) -> None:
    with statements() as asked:
        Interaction().parts(desk_of(session, cast, whole=True))
    assert len(asked) <= 14
