"""What an organisation takes over from the regulations that it follows."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.regulations import AgencyRegulation, Regulation
from reports.norms import Criterion, Whole
from services.profiles import CategoryNorm, LastDay, Profile, last_eligible_day, merged, profile_of
from services.regulations.loading import load_packs
from services.regulations.pack import Pack
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.services.regulations.packs import PACK, pack

MONITORING = """
monitoring:
  times_per_year: {times}
  indicators: [{{code: work, title: Работа}}]
  scale: [{{value: 0, title: плохо}}, {{value: {best}, title: хорошо}}]
"""


def made(folder: Path, code: str = "small", profile: str = "", more: str = "") -> Pack:
    text = PACK.replace("code: small", f"code: {code}").replace("SML-", f"{code.upper()[:3]}-")
    text = text.replace("short_title: Небольшой", f"short_title: Порядок {code}")
    return pack(folder, text.replace("clauses:\n", f"profile: {{{profile}}}\nclauses:\n") + more)


def categories(*norms: str) -> str:
    return "categories:\n" + "".join(f"  - {{meaning: беда, {norm}}}\n" for norm in norms)


def test_an_organisation_without_regulations_has_the_usual_ages() -> None:
    assert merged([], None) == Profile(regulations=(), age_from=14, age_to=23, last_day=LastDay.BIRTHDAY)


def test_ages_are_the_widest(tmp_path: Path) -> None:
    first = made(tmp_path, "one", "ages: {from: 16, to: 23}, voluntary_from: 18, guardian_consent_below: 16")
    second = made(tmp_path, "two", "ages: {from: 18, to: 25, last_day: eve}, voluntary_from: 16")
    third = made(tmp_path, "three", "guardian_consent_below: 18")
    found = merged([first, second, third], None)
    assert (found.age_from, found.age_to, found.last_day) == (16, 25, LastDay.EVE)
    assert (found.voluntary_from, found.guardian_consent_below) == (16, 18)
    assert found.regulations == ("Порядок one", "Порядок two", "Порядок three")


def test_of_equal_ages_the_later_last_day_holds(tmp_path: Path) -> None:
    eve = made(tmp_path, "one", "ages: {from: 16, to: 23, last_day: eve}")
    birthday = made(tmp_path, "two", "ages: {from: 18, to: 23, last_day: birthday}")
    assert merged([eve], None).last_day is LastDay.EVE
    assert merged([eve, birthday], None).last_day is LastDay.BIRTHDAY


def test_the_common_pack_speaks_where_no_other_does(tmp_path: Path) -> None:
    common = made(
        tmp_path,
        "common",
        "ages: {from: 10, to: 30}, programme_ages: {from: 12, to: 19}",
        categories("code: crisis, title: Общее, contact_days: 5, review_days: 20", "code: stable, title: Ровно"),
    )
    own = made(tmp_path, "one", "ages: {from: 18, to: 23}", categories("code: crisis, title: Беда, contact_days: 9"))
    found = merged([own], common)
    assert (found.age_from, found.age_to, found.programme_ages) == (18, 23, (12, 19))
    assert found.categories == (CategoryNorm("crisis", "Беда", 9, 20), CategoryNorm("stable", "Ровно", None, None))
    assert found.category("stable") == CategoryNorm("stable", "Ровно", None, None)
    assert found.category("unknown") is None
    assert merged([], common).age_to == 30


def test_norms_are_the_strictest(tmp_path: Path) -> None:
    first = made(tmp_path, "one", "", categories("code: crisis, title: Беда, contact_days: 9, review_days: 30"))
    second = made(tmp_path, "two", "", categories("code: crisis, title: Б, contact_days: 14, review_days: 10"))
    assert merged([first, second], None).categories == (CategoryNorm("crisis", "Беда", 9, 10),)


def test_monitoring_is_that_of_the_first_with_the_most_times(tmp_path: Path) -> None:
    first = made(tmp_path, "one", "", MONITORING.format(times=2, best=3))
    second = made(tmp_path, "two", "", MONITORING.format(times=4, best=9))
    found = merged([first, second], None)
    assert (found.monitoring_times, found.monitoring_scale) == (4, ((0, "плохо"), (3, "хорошо")))
    assert merged([made(tmp_path, "three")], None).monitoring_scale == ()


@pytest.mark.parametrize(
    ("born", "age", "ends", "last"),
    [
        (date(2003, 10, 1), 23, LastDay.BIRTHDAY, date(2026, 10, 1)),
        (date(2003, 10, 1), 23, LastDay.EVE, date(2026, 9, 30)),
        (date(2004, 2, 29), 23, LastDay.BIRTHDAY, date(2027, 2, 28)),
        (date(2004, 2, 29), 24, LastDay.BIRTHDAY, date(2028, 2, 29)),
        (date(2004, 3, 1), 24, LastDay.EVE, date(2028, 2, 29)),
    ],
)
def test_the_last_day_is_that_of_the_profile(born: date, age: int, ends: LastDay, last: date) -> None:
    assert last_eligible_day(born, Profile(regulations=(), age_to=age, last_day=ends)) == last


def test_regulations_are_those_of_the_organisation_on_the_day(
    cast: Cast, session: scoped_session[Session], tmp_path: Path
) -> None:
    packs = [made(tmp_path, code, f"ages: {{from: {age}, to: 23}}") for code, age in [("one", 15), ("two", 16)]]
    packs.append(made(tmp_path, "common", "voluntary_from: 18"))
    load_packs(session(), packs=packs, now=NOW)
    ids = {regulation.code: regulation.id for regulation in session.query(Regulation)}
    for code, agency, starts, ends in [
        ("one", cast.service, date(2026, 1, 1), date(2026, 9, 30)),
        ("two", cast.service, date(2026, 10, 1), None),
        ("one", cast.centre, date(2020, 1, 1), None),
    ]:
        session.add(AgencyRegulation(agency_id=agency.id, regulation_id=ids[code], starts_on=starts, ends_on=ends))
    session.commit()
    today = profile_of(session(), agency_id=cast.service.id, on=TODAY)
    assert (today.regulations, today.age_from, today.voluntary_from) == (("Порядок two",), 16, 18)
    before = profile_of(session(), agency_id=cast.service.id, on=date(2026, 9, 30))
    assert (before.regulations, before.age_from) == (("Порядок one",), 15)
    nobody = profile_of(session(), agency_id=cast.opeka.id, on=TODAY)
    assert (nobody.regulations, nobody.age_from, nobody.voluntary_from) == ((), 14, 18)


SHARED = """
monitoring:
  indicators:
    - {code: work, title: Труд, group: offences, steps: [{value: 3, title: трудится}, {value: 0, title: не трудится}]}
  scale: [{value: 0, title: худо}, {value: 3, title: славно}]
  bands: [{code: high, title: высокий, from: 2, to: 3}, {code: low, title: низкий, from: 0, to: 1}]
readiness:
  spheres: [{code: money, title: Деньги}]
  scale: [{value: 0, title: нет}, {value: 1, title: да}]
"""


def test_words_groups_and_bands_that_a_regulation_leaves_open_are_the_common_ones(tmp_path: Path) -> None:
    common = made(tmp_path, "common", "", SHARED)
    own = merged([made(tmp_path, "one", "", MONITORING.format(times=2, best=3))], common)
    (work,) = own.monitoring.items
    assert (work.title, work.group, work.words(3), work.words(None)) == ("Работа", "offences", "трудится", "")
    assert [band.code for band in own.monitoring.bands] == ["high", "low"]
    assert own.monitoring.groups == {"work": "offences"}
    assert own.readiness.items[0].steps == ((1, "да"), (0, "нет"))
    assert (own.readiness.best, own.readiness.bands, own.readiness.band_of(1)) == (1, (), None)


def test_a_scale_of_other_points_takes_neither_words_nor_bands_of_the_common_one(tmp_path: Path) -> None:
    common = made(tmp_path, "common", "", SHARED)
    own = merged([made(tmp_path, "one", "", MONITORING.format(times=2, best=9))], common)
    assert own.monitoring.items[0].steps == ((9, "хорошо"), (0, "плохо"))
    assert own.monitoring.bands == ()


def test_without_any_pack_there_is_nothing_to_judge_by() -> None:
    assert merged([], None).monitoring.items == ()
    assert merged([], None).monitoring.band_of(None) is None


def test_how_indicators_are_counted_is_said_by_the_first_that_speaks(tmp_path: Path) -> None:
    silent = made(tmp_path, "one", "ages: {from: 16, to: 23}")
    speaking = made(tmp_path, "two", "kpi: {graduates: in-need, success: [stable]}")
    assert merged([silent], None).kpi is None
    found = merged([silent, speaking], None).kpi
    assert found is not None
    assert (found.whole, found.success, found.ages) == (Whole.IN_NEED, (Criterion.STABLE,), (16, 23))
