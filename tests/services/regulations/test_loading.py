"""Packs into the database: versions, all or nothing, the editor's changes protected."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.regulations import DeadlineRule, Regulation, RegulationVersion, VersionSource
from models.rule_terms import Period
from services.regulations import loading
from services.regulations.faults import BrokenPacks
from services.regulations.loading import (
    EditedSince,
    Loaded,
    current_packs,
    load_packs,
    load_shipped,
    pack_of,
    save_version,
)
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.services.regulations.packs import PACK, pack, replaced

MONTHLY = replaced("period: quarter", "period: month")
OTHER = PACK.replace("SML-", "OTH-").replace("code: small", "code: other")
WITHOUT_A02 = replaced(PACK[PACK.index("  - code: A02") : PACK.index("records:")], "").replace(
    "serves: [SML-01]}", "serves: [SML-01, SML-02]}"
)


def load(session: scoped_session[Session], *texts: str, folder: Path, replace: bool = False) -> list[Loaded]:
    packs = [pack(folder, text) for text in texts]
    loaded = load_packs(session(), packs=packs, now=NOW, on=TODAY, replace=replace)
    session.commit()
    return loaded


def rules(session: scoped_session[Session], *, current: bool = True) -> list[tuple[str, int]]:
    query = select(DeadlineRule.code, DeadlineRule.version).order_by(DeadlineRule.code, DeadlineRule.version)
    return [(code, version) for code, version in session.execute(query.where(DeadlineRule.is_current == current))]


def test_a_first_loading_stores_the_regulation_and_its_rules(session: scoped_session[Session], tmp_path: Path) -> None:
    assert load(session, PACK, folder=tmp_path) == [Loaded("small", 1, True, ("A01", "A02"))]
    regulation = session.scalars(select(Regulation)).one()
    assert (regulation.code, regulation.short_title, regulation.in_force_from) == (
        "small",
        "Небольшой",
        date(2024, 1, 1),
    )
    (version,) = regulation.versions
    assert (version.number, version.source, version.created_at) == (1, VersionSource.FILE, NOW)
    rule = session.scalars(select(DeadlineRule).where(DeadlineRule.code == "A02")).one()
    assert (rule.key, rule.version, rule.clause, rule.clause_heading) == ("small/A02", 1, "2", "Отчёт")
    assert rule.terms == pack(tmp_path).rules[1].terms
    assert rule.in_force_from == date(2024, 1, 1)


def test_the_same_file_makes_nothing(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    assert load(session, f"# A comment.\n{PACK}", folder=tmp_path) == [Loaded("small", 1)]
    assert session.scalar(select(func.count()).select_from(RegulationVersion)) == 1
    assert rules(session) == [("A01", 1), ("A02", 1)]


def test_a_changed_file_makes_versions_of_what_changed_only(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    assert load(session, MONTHLY, folder=tmp_path) == [Loaded("small", 2, True, (), ("A02",))]
    assert rules(session) == [("A01", 1), ("A02", 2)]
    assert rules(session, current=False) == [("A02", 1)]
    old, new = session.scalars(select(DeadlineRule).where(DeadlineRule.code == "A02").order_by(DeadlineRule.version))
    assert (old.terms.period, new.terms.period) == (Period.QUARTER, Period.MONTH)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Отчёт за квартал", "Квартальный отчёт"),
        ('clause: "2"', 'clause: "1"'),
        ("heading: Отчёт", "heading: Отчёты"),
        ("evidence: report", "in_force_from: 2025-01-01\n    evidence: report"),
        ("evidence: report", "soon: 9\n    evidence: report"),
    ],
)
def test_each_thing_that_a_rule_says_is_versioned(
    session: scoped_session[Session], tmp_path: Path, old: str, new: str
) -> None:
    load(session, PACK, folder=tmp_path)
    assert load(session, replaced(old, new), folder=tmp_path)[0].changed == ("A02",)


def test_a_change_beside_the_rules_leaves_them(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    (loaded,) = load(session, replaced("short_title: Небольшой", "short_title: Краткий"), folder=tmp_path)
    assert (loaded.number, loaded.changed) == (2, ())
    assert session.scalars(select(Regulation.short_title)).one() == "Краткий"


def test_a_rule_that_is_gone_ends_the_day_before_and_stays(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    assert load(session, WITHOUT_A02, folder=tmp_path)[0].ended == ("A02",)
    gone = session.scalars(select(DeadlineRule).where(DeadlineRule.code == "A02")).one()
    assert (gone.in_force_to, gone.is_current) == (date(2026, 9, 30), True)
    again = replaced("short_title: Небольшой", "short_title: Иначе", WITHOUT_A02)
    assert load(session, again, folder=tmp_path)[0].ended == ()
    assert load(session, PACK, folder=tmp_path)[0].changed == ("A02",)
    assert rules(session) == [("A01", 1), ("A02", 2)]


def test_a_rule_that_never_came_into_force_makes_no_duties(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, replaced("evidence: report", "in_force_from: 2027-01-01\n    evidence: report"), folder=tmp_path)
    assert load(session, WITHOUT_A02, folder=tmp_path)[0].ended == ("A02",)
    assert rules(session) == [("A01", 1)]


def test_a_broken_pack_loads_nothing_of_all(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    broken = replaced('clause: "1"', 'clause: "9"', OTHER)
    with pytest.raises(BrokenPacks):
        load(session, MONTHLY, broken, folder=tmp_path)
    session.commit()
    assert session.scalars(select(Regulation.code)).all() == ["small"]
    assert rules(session) == [("A01", 1), ("A02", 1)]


def test_a_file_may_not_declare_the_rows_of_a_loaded_pack(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    with pytest.raises(BrokenPacks, match="SML-01 объявлена не один раз"):
        load(session, replaced("code: small", "code: other"), folder=tmp_path)


def edit(session: scoped_session[Session], text: str, folder: Path) -> None:
    """What the editor does."""
    source = VersionSource.EDITOR
    save_version(session(), pack=pack(folder, text), source=source, now=NOW, on=TODAY, by=None, note="правка")
    session.commit()


def test_an_unchanged_file_leaves_the_changes_of_the_editor(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    edit(session, MONTHLY, tmp_path)
    assert load(session, PACK, folder=tmp_path) == [Loaded("small", 2)]
    assert rules(session) == [("A01", 1), ("A02", 2)]


def test_a_changed_file_is_refused_over_the_changes_of_the_editor(
    session: scoped_session[Session], tmp_path: Path
) -> None:
    load(session, PACK, folder=tmp_path)
    edit(session, MONTHLY, tmp_path)
    newer = replaced('closes: "09-15"', 'closes: "09-20"')
    with pytest.raises(EditedSince, match=r"«Небольшой» \(версия 2\)"):
        load(session, newer, OTHER, folder=tmp_path)
    session.commit()
    assert session.scalars(select(Regulation.code)).all() == ["small"]
    assert load(session, newer, OTHER, folder=tmp_path, replace=True)[0] == Loaded("small", 3, True, (), ("A01", "A02"))
    assert load(session, PACK, folder=tmp_path)[0].number == 4


def test_what_the_editor_changed_does_not_keep_the_other_shipped_packs_old(
    session: scoped_session[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(session, PACK, OTHER, folder=tmp_path)
    edit(session, MONTHLY, tmp_path)
    newer = [replaced('closes: "09-15"', 'closes: "09-20"', text) for text in (PACK, OTHER)]
    monkeypatch.setattr(loading, "shipped_packs", lambda: [pack(tmp_path, text) for text in newer])
    with pytest.raises(EditedSince) as refused, session.begin_nested():
        load_shipped(session(), now=NOW, on=TODAY)
    assert refused.value.codes == {"small"}
    assert load_shipped(session(), now=NOW, on=TODAY, without=refused.value.codes) == [
        Loaded("other", 2, True, (), ("A01",))
    ]
    assert not load_shipped(session(), now=NOW, on=TODAY, without={"small"})[0].is_new
    assert {one.code: one.digest for one in current_packs(session())}["small"] == pack(tmp_path, MONTHLY).digest


def test_replace_brings_back_an_unchanged_file(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    edit(session, MONTHLY, tmp_path)
    assert load(session, PACK, folder=tmp_path, replace=True) == [Loaded("small", 3, True, (), ("A02",))]


def test_the_user_and_the_reason_stand_in_the_version(
    cast: Cast, session: scoped_session[Session], tmp_path: Path
) -> None:
    load_packs(session(), packs=[pack(tmp_path)], now=NOW, by=cast.root, note="приняли")
    version = session.scalars(select(RegulationVersion)).one()
    assert (version.created_by_id, version.note) == (cast.root.id, "приняли")
    rule = session.scalars(select(DeadlineRule).limit(1)).one()
    assert (rule.created_by_id, rule.note) == (cast.root.id, "приняли")


def test_the_newest_version_of_each_pack_is_in_force(session: scoped_session[Session], tmp_path: Path) -> None:
    common = replaced("code: small", "code: common").replace("SML-", "COM-")
    load(session, OTHER, PACK, common, folder=tmp_path)
    load(session, MONTHLY, folder=tmp_path)
    assert [found.code for found in current_packs(session())] == ["common", "other", "small"]
    found = pack_of(session(), "small")
    assert found is not None
    assert found.digest == pack(tmp_path, MONTHLY).digest
    assert found.rules[1].terms.period is Period.MONTH
    assert pack_of(session(), "nobody") is None


def test_the_content_is_read_once(session: scoped_session[Session], tmp_path: Path) -> None:
    load(session, PACK, folder=tmp_path)
    assert pack_of(session(), "small") is pack_of(session(), "small")
