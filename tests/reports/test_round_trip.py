"""What we print, our own import finds unchanged."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.circumstances import Employment, FamilyStatus, Housing, Situation, Study
from models.support import Problem
from models.territory import Agency, AgencyKind
from reports.base import Parameters
from reports.catalogue import REPORTS
from services import reporting
from services.importing.rows import read_form
from services.imports.plan import plan_import
from tests.factories import Cast, make_agency
from tests.reports.people import STATED, foster_stay, known_facts, make_person

ON = date(2026, 10, 1)
CODES = {
    Employment: (
        "studying", "employed", "informal", "self_employed", "employment_centre", "military", "childcare_leave",
        "academic_leave", "disabled", "imprisoned", "none", "unknown",
    ),
    FamilyStatus: ("single", "married", "partnership", "divorced", "widowed", "unknown"),
    Housing: (
        "owned", "assigned", "waiting_list", "special_lease", "payment", "social_lease", "dormitory", "rented",
        "relatives", "institution", "social_hotel", "homeless", "not_in_need", "unknown",
    ),
}  # fmt: skip


def people(session: Session, agency: Agency) -> int:
    """One person for every status that a card can hold, and some whose texts are difficult."""
    facts = [
        [model(status_code=code, starts_on=STATED), *known_facts()] for model, codes in CODES.items() for code in codes
    ]
    facts.append([Employment(status_code="employed", organisation="ФКУ ИК-4", position="сторож", starts_on=STATED)])
    facts.append([Employment(status_code="informal", organisation="пилорама", starts_on=STATED)])
    facts.append([Housing(status_code="dormitory", queued_on=date(2020, 1, 1), queue_number="7", starts_on=STATED)])
    facts.append([Study(level_code="higher", status_code="completed", organisation="ВоГУ", starts_on=STATED)])
    facts.append([Study(profession="=HYPERLINK(1)", wording="- не учится", starts_on=STATED)])
    facts.append(
        [Problem(description="+7 долгов", found_on=STATED), Problem(description="Долг; нет жилья", found_on=STATED)]
    )
    facts.append([Situation(problems="нет", work_done="- беседы", starts_on=STATED)])
    facts.append([foster_stay(date(2025, 9, 1)), foster_stay(date(2008, 1, 1), date(2010, 1, 1))])
    for i, own in enumerate(facts):
        name = f"Петров-Ёлкин Артём{'а' * (i // 3)} {('Ильич', 'Игоревна', '')[i % 3]}".strip()
        make_person(session, name, agency_id=agency.id, birth_date=date(2006, 1, 1 + i % 28), facts=own)
    return len(facts)


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
@pytest.mark.parametrize("form", ["vologda-appendix-1", "vologda-appendix-2"])
def test_an_unaltered_form_changes_nothing(
    session: Session, cast: Cast, tmp_path: Path, form: str, file_format: str
) -> None:
    is_first = form == "vologda-appendix-1"
    agency = cast.opeka if is_first else make_agency(session, "kcson", AgencyKind.SOCIAL_CENTRE)
    count = people(session, agency)
    session.flush()
    session.expire_all()
    viewer = reporting.agency_viewer(session, agency=agency, today=ON)
    path = tmp_path / f"form.{file_format}"
    parameters = Parameters.of(agency, ON)
    rows = reporting.save_report(session, report=REPORTS[form], viewer=viewer, parameters=parameters, path=path)
    assert rows == count
    parsed = read_form(path.read_bytes(), file_name=path.name, form=form, on=ON)
    plan = plan_import(session, viewer=viewer, agency=agency, parsed=parsed)
    assert [
        (row.parsed.row, row.outcome, [(change.old, change.new) for change in row.changes])
        for row in plan.rows
        if row.outcome != "unchanged"
    ] == []
    assert plan.summary["unchanged"] == count
