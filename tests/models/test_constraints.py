"""Every CHECK is violated by a row, on both databases, and answers by its name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Date, DateTime, Enum, Integer, LargeBinary, Numeric, Table, insert, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from models import Model
from models.dictionaries import DICTIONARIES
from tests.models import (
    violations_of_exchange,
    violations_of_jobs,
    violations_of_library,
    violations_of_submissions,
    violations_of_support,
)
from views.constraints import name_of
from views.extensions import db

BEFORE, AFTER = date(2019, 1, 1), date(2020, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
BACKWARDS = {"starts_on": AFTER, "ends_on": BEFORE}
DUE = {"closing_reason": "", "pause_reason": ""}

# The row that violates a CHECK is a right one of its table with these columns instead.
VIOLATIONS: dict[str, dict[str, Any]] = {
    "ck_address_ends_after_it_starts": BACKWARDS,
    "ck_address_has_text": {"text": ""},
    "ck_address_kind_is_known": {"kind": "cave"},
    "ck_agency_district_ends_after_it_starts": BACKWARDS,
    "ck_agency_inn_has_10_or_12_digits": {"inn": "12345678901"},
    "ck_agency_is_not_its_own_parent": {"id": 7, "parent_id": 7},
    "ck_agency_kind_is_known": {"kind": "circus"},
    "ck_agency_ogrn_has_13_or_15_digits": {"ogrn": "12345678901234"},
    "ck_agency_only_regional_bodies_see_whole_region": {"kind": "college", "sees_whole_region": True},
    "ck_agency_regulation_ends_after_it_starts": BACKWARDS,
    "ck_agreement_ends_after_it_starts": BACKWARDS,
    "ck_agreement_has_number": {"number": ""},
    "ck_assignment_ends_after_it_starts": BACKWARDS,
    "ck_assignment_has_name": {"name": ""},
    "ck_assignment_kind_is_known": {"kind": "friend"},
    "ck_calendar_day_administrators_day_has_reason": {"source": "administrator", "reason": ""},
    "ck_calendar_day_source_is_known": {"source": "rumour"},
    "ck_calendar_year_kind_is_known": {"kind": "guessed"},
    "ck_category_decision_ends_after_it_starts": BACKWARDS,
    "ck_chain_head_length_is_not_negative": {"length": -1},
    "ck_close_person_has_name": {"name": ""},
    "ck_consent_valid_after_it_was_given": {"given_on": AFTER, "valid_until": BEFORE},
    "ck_consent_withdrawn_after_it_was_given": {"given_on": AFTER, "withdrawn_on": BEFORE},
    "ck_contact_has_value": {"value": ""},
    "ck_deadline_closed_has_reason": {**DUE, "closing": "waived", "closing_reason": ""},
    "ck_deadline_closing_is_known": {**DUE, "closing": "forgotten", "closing_reason": "x"},
    "ck_deadline_done_when_all_is_achieved": {**DUE, "required": 2, "achieved": 1, "done_on": AFTER},
    "ck_deadline_evidence_has_reference": {"reference": ""},
    "ck_deadline_evidence_kind_is_known": {"kind": "rumour"},
    "ck_deadline_opens_before_it_is_due": {**DUE, "opens_on": AFTER, "due_on": BEFORE},
    "ck_deadline_paused_has_reason": {**DUE, "paused_on": AFTER, "pause_reason": ""},
    "ck_deadline_required_is_positive": {**DUE, "required": 0, "done_on": AFTER},
    "ck_deadline_rule_has_title": {"title": ""},
    "ck_deadline_rule_in_force_to_follows_from": {"title": "x", "in_force_from": AFTER, "in_force_to": BEFORE},
    "ck_deadline_rule_kind_is_known": {"title": "x", "kind": "whim"},
    "ck_dependant_has_name": {"name": ""},
    "ck_district_has_name": {"name": ""},
    "ck_employment_ends_after_it_starts": BACKWARDS,
    "ck_family_status_children_are_0_to_20": {"children": 21},
    "ck_family_status_ends_after_it_starts": BACKWARDS,
    "ck_field_group_member_field_group_is_known": {"field_group": "hobbies"},
    "ck_graduate_born_since_1980": {"birth_date": date(1979, 12, 31)},
    "ck_graduate_children_are_not_negative": {"current_children": -1},
    "ck_graduate_has_last_and_first_name": {"last_name": ""},
    "ck_graduate_left_after_birth": {"left_on": date(2005, 1, 1), "birth_date": date(2005, 1, 1)},
    "ck_graduate_sex_is_known": {"sex": "other"},
    "ck_graduate_snils_has_11_digits": {"snils": "1234567890"},
    "ck_health_record_has_text": {"text": ""},
    "ck_housing_ends_after_it_starts": BACKWARDS,
    "ck_identity_document_expires_after_issue": {"issued_on": AFTER, "expires_on": BEFORE},
    "ck_identity_document_has_number": {"number": ""},
    "ck_import_batch_applied_has_moment": {"state": "applied", "applied_at": None},
    "ck_import_batch_state_is_known": {"state": "lost"},
    "ck_import_batch_undone_has_moment": {"state": "undone", "applied_at": MOMENT, "undone_at": None},
    "ck_income_amount_is_not_negative": {"amount": -1, "source": "стипендия"},
    "ck_income_ends_after_it_starts": {**BACKWARDS, "source": "стипендия"},
    "ck_income_has_source": {"source": ""},
    "ck_notification_has_text": {"text": ""},
    "ck_notification_kind_is_known": {"text": "x", "kind": "gossip"},
    "ck_notification_setting_kind_is_known": {"kind": "gossip"},
    "ck_occurrence_annulled_has_reason": {"annulled_on": AFTER, "annulled_reason": ""},
    "ck_occurrence_trigger_is_known": {"trigger": "weather.changed"},
    "ck_offence_record_has_text": {"text": ""},
    "ck_placement_ends_after_it_starts": BACKWARDS,
    "ck_possible_duplicate_are_two_cards": {"graduate_id": 5, "other_id": 5},
    "ck_possible_duplicate_resolved_has_resolution": {"other_id": 2, "resolved_at": MOMENT, "resolution": None},
    "ck_problem_has_description": {"description": ""},
    "ck_problem_resolved_after_it_was_found": {"description": "долги", "found_on": AFTER, "resolved_on": BEFORE},
    "ck_problem_severity_is_1_to_3": {"description": "долги", "severity": 4},
    "ck_regulation_has_title": {"title": ""},
    "ck_regulation_version_source_is_known": {"source": "dream"},
    "ck_responsibility_ends_after_it_starts": BACKWARDS,
    "ck_rule_switch_has_reason": {"reason": ""},
    "ck_section_check_section_is_known": {"section": "weather"},
    "ck_situation_ends_after_it_starts": BACKWARDS,
    "ck_study_course_is_1_to_9": {"course": 0},
    "ck_study_ends_after_it_starts": BACKWARDS,
    "ck_user_account_has_name": {"name": ""},
    "ck_user_account_login_is_lower_case": {"login": "Anna"},
    "ck_user_account_role_is_known": {"role": "king"},
    **violations_of_support.VIOLATIONS,
    **violations_of_exchange.VIOLATIONS,
    **violations_of_jobs.VIOLATIONS,
    **violations_of_library.VIOLATIONS,
    **violations_of_submissions.VIOLATIONS,
    **{f"ck_{model.__tablename__}_has_code": {"code": ""} for model in DICTIONARIES},  # type: ignore[attr-defined]
    **{f"ck_{model.__tablename__}_has_label": {"label": ""} for model in DICTIONARIES},  # type: ignore[attr-defined]
}


def checks(table: Table) -> set[str]:
    return {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}


def table_of(check: str) -> Table:
    return next(table for table in Model.metadata.sorted_tables if check in checks(table))


def right_row(table: Table) -> dict[str, Any]:
    """A value of the right kind in every column that must have one; foreign keys are looked at only after CHECKs."""
    needed = [
        c for c in table.columns if not c.nullable and c.default is None and not (c.primary_key and c.name == "id")
    ]
    return {column.name: a_value(column.type) for column in needed}


def a_value(kind: Any) -> Any:
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, Date):
        return AFTER
    if isinstance(kind, DateTime) or type(kind).__name__ == "UtcDateTime":
        return MOMENT
    if isinstance(kind, Integer | Numeric):
        return 1
    return b"x" if isinstance(kind, LargeBinary) else "x"


def test_every_check_is_in_the_table() -> None:
    named = {name for table in Model.metadata.sorted_tables for name in checks(table)}
    assert named == set(VIOLATIONS)


@pytest.mark.parametrize("check", sorted(VIOLATIONS))
def test_the_database_refuses_a_row_that_violates(session: scoped_session[Session], check: str) -> None:
    table = table_of(check)
    row = {**right_row(table), **VIOLATIONS[check]}

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(insert(table).values(row))

    assert name_of(refused.value) == check


def test_migrations_made_every_check(app: Flask, session: scoped_session[Session]) -> None:
    inspector = inspect(db.engines[None])
    made = {c["name"] for t in Model.metadata.sorted_tables for c in inspector.get_check_constraints(t.name)}
    assert made == set(VIOLATIONS)
