"""The editor's changes: checked like a file, versions that are never overwritten, one editor after another."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.regulations import DeadlineRule, RegulationVersion, VersionSource
from services.regulations import editing
from services.regulations.editing import Outdated
from services.regulations.faults import BrokenPacks
from services.regulations.loading import pack_of
from services.regulations.pack import Pack
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.regulated import CODE, load_small


@pytest.fixture
def pack(session: scoped_session[Session], cast: Cast) -> Pack:
    load_small(session())
    session.commit()
    found = pack_of(session(), CODE)
    assert found
    return found


def store(session: Session, cast: Cast, pack: Pack, version: int = 1) -> tuple[str, ...]:
    made = editing.store(session, pack=pack, version=version, note="письмо", by=cast.kira, on=TODAY, now=NOW)
    session.commit()
    return made.changed + made.added


def test_a_change_is_a_new_version_of_the_regulation_and_of_that_rule_only(
    session: scoped_session[Session], cast: Cast, pack: Pack
) -> None:
    assert store(session(), cast, editing.with_changes(pack, "A01", {"closes": "10-15"})) == ("A01",)
    versions = session.scalars(select(RegulationVersion).order_by(RegulationVersion.number)).all()
    assert [(one.number, one.source, one.note) for one in versions] == [
        (1, VersionSource.FILE, ""),
        (2, VersionSource.EDITOR, "письмо"),
    ]
    assert versions[1].created_by is cast.kira
    assert editing.rule_entry(Pack(versions[0].content), "A01") == editing.rule_entry(pack, "A01")
    rules = session.scalars(select(DeadlineRule).order_by(DeadlineRule.code, DeadlineRule.version)).all()
    assert [(one.code, one.version, one.is_current) for one in rules if one.code in ("A01", "A02")] == [
        ("A01", 1, False),
        ("A01", 2, True),
        ("A02", 1, True),
    ]
    assert [one.terms.closes for one in rules if one.code == "A01"] == [(10, 5), (10, 15)]


def test_the_second_editor_is_told_and_changes_nothing(
    session: scoped_session[Session], cast: Cast, pack: Pack
) -> None:
    store(session(), cast, editing.with_changes(pack, "A01", {"closes": "10-15"}))
    with pytest.raises(Outdated, match="версия 2, Кира Координатор") as told:
        store(session(), cast, editing.with_changes(pack, "A02", {"at_least": 3}))
    assert told.value.number == 2
    session.rollback()
    newest = pack_of(session(), CODE)
    assert newest
    assert store(session(), cast, editing.with_changes(newest, "A02", {"at_least": 3}), version=2) == ("A02",)
    last = pack_of(session(), CODE)
    assert last
    assert [editing.rule_entry(last, code)[name] for code, name in (("A01", "closes"), ("A02", "at_least"))] == [  # type: ignore[index]
        "10-15",
        3,
    ]


@pytest.mark.parametrize(
    ("code", "values", "field"),
    [
        ("A01", {"opens": "02-30"}, "opens"),
        ("A01", {"closes": None}, "closes"),
        ("A02", {"at_least": 0}, "at_least"),
        ("A03", {"amount": 1_000_000}, "amount"),
        ("A03", {"title": "x" * 200}, "title"),
        ("A01", {"in_force_to": "2020-01-01"}, "in_force_to"),
        ("A01", {"clause": "99"}, "clause"),
    ],
)
def test_bad_terms_are_refused_by_the_field(
    session: scoped_session[Session], cast: Cast, pack: Pack, code: str, values: dict[str, object], field: str
) -> None:
    with pytest.raises(BrokenPacks) as told:
        store(session(), cast, editing.with_changes(pack, code, values))
    assert [fault.path.rpartition(".")[2] for fault in told.value.faults] == [field]
    session.rollback()
    assert editing.newest_version(session(), load_small(session()).id).number == 1


def test_a_new_rule_stands_beside_the_others(session: scoped_session[Session], cast: Cast, pack: Pack) -> None:
    entry = {
        "code": "W01",
        "title": "Сверить списки",
        "clause": "2",
        "kind": "window",
        "opens": "12-01",
        "closes": "12-20",
        "obliged": {"kind": ["support_service"]},
        "recipients": None,
        "evidence": "report",
        "in_force_from": "2026-10-01",
    }
    assert store(session(), cast, editing.with_rule(pack, entry)) == ("W01",)
    made = session.scalars(select(DeadlineRule).where(DeadlineRule.key == "small/W01")).one()
    assert (made.clause_heading, made.in_force_from) == ("Встречи", date(2026, 10, 1))
    newest = pack_of(session(), CODE)
    assert newest
    twice = editing.with_rule(newest, entry)
    with pytest.raises(BrokenPacks, match="код «W01» в этом разделе уже есть"):
        store(session(), cast, twice, version=2)
