"""Rows of the library, of resources, publications, orders and aid that violate one CHECK each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

BEFORE, AFTER = date(2019, 1, 1), date(2020, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
BACKWARDS = {"starts_on": AFTER, "ends_on": BEFORE}
ALWAYS_NUMBERED = {
    "annulled_has_reason": {"annulled_on": AFTER},
    "number_has_year": {"year": None},
    "number_is_positive": {"number": 0},
}
NUMBERED = {"year": 2026, "number": 1}

# Table → (what a right row has beside the columns without a default, {rule: what violates it}).
OF_TABLES: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "library_document": (
        {"title": "x"},
        {
            "audience_is_known": {"audience": "friends"},
            "ends_after_it_starts": BACKWARDS,
            "has_title": {"title": ""},
            "kind_is_known": {"kind": "novel"},
            "mandatory_has_day": {"is_mandatory": True},
            "stage_is_known": {"stage": "lost"},
        },
    ),
    "document_edition": (
        {},
        {"is_not_empty": {"size": 0}, "number_is_positive": {"number": 0}},
    ),
    "document_approval": (
        {},
        {
            "answered_has_moment": {"status": "agreed"},
            "remarks_are_told": {"status": "remarks", "answered_at": MOMENT},
            "status_is_known": {"status": "asleep", "answered_at": MOMENT},
        },
    ),
    "resource": (
        {"title": "x", "owner_name": "y"},
        {
            "capacity_is_positive": {"capacity": 0},
            "ends_after_it_starts": BACKWARDS,
            "has_title_and_owner": {"owner_name": ""},
            "kind_is_known": {"kind": "castle"},
        },
    ),
    "enrolment": ({}, {"ends_after_it_starts": BACKWARDS}),
    "publication": (
        {**NUMBERED, "title": "x"},
        {**ALWAYS_NUMBERED, "has_title": {"title": ""}, "medium_is_known": {"medium": "rumour"}},
    ),
    "training": (
        {"employee": "x", "title": "y"},
        {
            "ends_after_it_starts": BACKWARDS,
            "has_employee_and_title": {"employee": ""},
            "hours_are_1_to_2000": {"hours": 0},
        },
    ),
    "curator_order": (
        {**NUMBERED, "name": "x"},
        {
            **ALWAYS_NUMBERED,
            "ends_after_it_starts": BACKWARDS,
            "has_name": {"name": ""},
            "kind_is_known": {"kind": "friend"},
        },
    ),
    "benefit": (
        {"measure": "x"},
        {
            "amount_is_positive": {"amount": 0},
            "annulled_has_reason": {"annulled_on": AFTER},
            "granted_after_application": {"applied_on": AFTER, "granted_on": BEFORE},
            "has_measure": {"measure": ""},
            "recognised_has_decision": {"recognised_on": AFTER},
            "refused_has_reason": {"refused_on": AFTER},
        },
    ),
    "housing_document": (
        {"title": "x"},
        {
            "collected_has_day": {"state": "collected"},
            "has_title": {"title": ""},
            "state_is_known": {"state": "burnt"},
        },
    ),
    "success_verdict": ({"reason": "x", "is_successful": True}, {"has_reason": {"reason": ""}}),
}


def _named() -> Iterator[tuple[str, dict[str, Any]]]:
    for table, (right, rules) in OF_TABLES.items():
        for rule, wrong in rules.items():
            yield f"ck_{table}_{rule}", {**right, **wrong}


VIOLATIONS = dict(_named())
