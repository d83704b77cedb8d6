"""Which rows are served; what the shipped packs say; a region that nobody thought of."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.library import LibraryKind
from models.regulations import COMMON, DeadlineRule, Regulation
from models.rule_terms import EvidenceKind, RuleKind
from reports.catalogue import REPORTS
from reports.journals import JOURNALS
from services.papers.catalogue import PAPERS
from services.regulations.checking import check_packs
from services.regulations.coverage import Serving, Totals, coverage
from services.regulations.loading import current_packs, load_packs, load_shipped
from services.regulations.parsing import read_pack, shipped_packs
from tests.conftest import NOW
from tests.services.regulations.packs import pack, replaced

ROOT = Path(__file__).resolve().parents[3]
POLAR = ROOT / "tests" / "data" / "polar-2025.yaml"
ROWS = {"syzran-2022": 61, "vologda-2022": 90, "krasnoyarsk-centre": 75, "aistenok": 39, "kizil-programme": 98}


def test_a_row_is_served_planned_or_missing(tmp_path: Path) -> None:
    text = replaced("rows: [SML-02]}", "rows: [SML-02]}\n  - {number: '3', heading: О, summary: О, rows: [SML-03]}")
    text = replaced("evidence: report", "evidence: report\n    planned: true", text)
    found = coverage([pack(tmp_path, text)])
    assert [(row.row, row.serving) for row in found.rows] == [
        ("SML-01", Serving.SERVED),
        ("SML-02", Serving.PLANNED),
        ("SML-03", Serving.MISSING),
    ]
    assert [element.code for _, element in found.rows[0].elements] == ["A01", "places"]
    assert found.total == Totals(1, 1, 1)
    assert found.by_regulation() == {"small": Totals(1, 1, 1)}


def test_one_built_element_serves_a_row_beside_planned_ones(tmp_path: Path) -> None:
    (row, _) = coverage([pack(tmp_path, replaced("binds: [agency_district]", "binds: [x], planned: true"))]).rows
    assert row.serving is Serving.SERVED
    assert [element.is_planned for _, element in row.elements] == [False, True]


# -- What ships ------------------------------------------------------------------------------------------------------


def test_every_row_of_the_shipped_packs_is_named() -> None:
    packs = shipped_packs()
    assert packs[0].code == COMMON
    found = coverage(packs)
    assert {code: totals.rows for code, totals in found.by_regulation().items()} == ROWS
    assert found.total.rows == 363
    assert found.total.missing == 0
    assert found.total.served >= 300


def test_the_rows_are_numbered_through() -> None:
    for shipped in shipped_packs()[1:]:
        prefixes = {row.partition("-")[0] for row in shipped.rows}
        numbers = sorted(int(row.partition("-")[2]) for row in shipped.rows)
        assert len(prefixes) == 1
        assert numbers == list(range(1, ROWS[shipped.code] + 1))


def test_every_timed_rule_is_in_some_pack() -> None:
    codes = {rule.code[:3] for shipped in shipped_packs() for rule in shipped.rules}
    assert {f"T{number:02}" for number in range(1, 58)} <= codes


def test_the_shipped_packs_hold_together_with_the_application(app: Flask) -> None:
    check_packs(shipped_packs(), endpoints=app.view_functions.keys())


def test_every_form_that_is_there_is_a_paper_or_a_page() -> None:
    """Forms that are built name their papers; the others are filled in on a page, or sent as a report."""
    pages = {"file-inventory", "readiness-assessment"}
    built = [e for one in shipped_packs() for e in one.elements if e.section == "forms" and not e.is_planned]
    assert {paper for element in built for paper in element.binds} <= {*PAPERS, *LibraryKind}
    assert {e.code for e in built if not e.binds and e.code not in REPORTS} <= pages


def test_letters_councils_and_their_journals_are_there() -> None:
    """Each kind of letter goes through its life in tests/services/exchange/test_all_kinds.py."""
    elements = [element for one in shipped_packs() for element in one.elements]
    assert not [e.code for e in elements if e.section in ("referrals", "bodies") and e.is_planned]
    journals = {(e.code, e.is_planned) for e in elements if e.section == "journals"}
    assert {code for code, is_planned in journals if not is_planned} <= set(JOURNALS)
    assert not any(is_planned for _, is_planned in journals)


def test_measures_letters_and_councils_that_rules_name_are_there() -> None:
    found = shipped_packs()
    sections = ("measures", "referrals", "bodies")
    known = {f"{one.code}/{entry['code']}" for one in found for name in sections for entry in one.section(name)}
    named = {word for one in found for rule in one.rules for word in rule.terms.evidence_of if "/" in word}
    assert {word for word in named if "/need-notice" in word}
    assert named <= known


def test_rules_that_letters_and_meetings_fulfil_say_which() -> None:
    """A letter that no rule names fulfils nothing."""
    silent = {
        f"{one.code}/{rule.code}"
        for one in shipped_packs()
        for rule in one.rules
        if rule.terms.evidence in (EvidenceKind.REFERRAL, EvidenceKind.NOTICE, EvidenceKind.MEETING)
        and rule.terms.kind is not RuleKind.STANDING
        and not rule.terms.evidence_of
    }
    assert not silent


def test_the_shipped_packs_are_loaded_and_give_back_what_they_say(session: scoped_session[Session]) -> None:
    load_shipped(session(), now=NOW)
    session.commit()
    assert not any(loaded.is_new for loaded in load_shipped(session(), now=NOW))
    shipped = shipped_packs()
    assert [stored.digest for stored in current_packs(session())] == [one.digest for one in shipped]
    stored = {rule.key: rule.terms for rule in session.scalars(select(DeadlineRule))}
    assert stored == {f"{one.code}/{rule.code}": rule.terms for one in shipped for rule in one.rules}


# -- A sixth region --------------------------------------------------------------------------------------------------


def test_a_region_of_other_bodies_and_terms_stands_beside_the_shipped_ones(session: scoped_session[Session]) -> None:
    load_shipped(session(), now=NOW)
    load_packs(session(), packs=[read_pack(POLAR)], now=NOW)
    session.commit()
    found = coverage(current_packs(session()))
    assert found.by_regulation()["polar-2025"] == Totals(7, 0, 0)
    assert found.total.rows == 363 + 7
    polar = select(func.count()).select_from(DeadlineRule).join(Regulation).where(Regulation.code == "polar-2025")
    assert session.scalar(polar) == 5


def test_a_region_may_stand_alone(session: scoped_session[Session]) -> None:
    load_packs(session(), packs=[read_pack(POLAR)], now=NOW)
    assert coverage(current_packs(session())).total == Totals(7, 0, 0)


@pytest.mark.parametrize("folder", ["models", "services", "reports", "views"])
def test_no_code_knows_a_regulation_or_a_rule_by_name(folder: str) -> None:
    """Regulations are data; only the demonstration follows some of them by name, and comments cite («… 9.1»)."""
    named = re.compile(rf"\b({'|'.join(ROWS)})\b(?!,? (?:cl\. )?\d)|\bT\d\d[a-z]?\b")
    sources = [path for kind in ("*.py", "*.html") for path in (ROOT / folder).rglob(kind)]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sources
        if "demo" not in path.relative_to(ROOT).parts
        for match in named.finditer(path.read_text(encoding="utf-8"))
    ]
    assert sources
    assert found == []
