"""Rows of submissions that violate one CHECK each, like violations_of_exchange."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

BEFORE, AFTER = date(2019, 1, 1), date(2020, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
APPROVED = {"status": "approved", "approved_at": MOMENT, "approved_by_name": "x", "sha256": "y"}

OF_TABLES: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "submission": (
        {"title": "x", "period_from": AFTER, "period_to": AFTER},
        {
            "approved_has_digest": {**APPROVED, "sha256": ""},
            "approved_has_moment": {"status": "draft", "approved_at": MOMENT, "approved_by_name": "x"},
            "approved_has_name": {**APPROVED, "approved_by_name": ""},
            "edition_is_positive": {"edition": 0, "previous_id": 1},
            "has_report_and_period": {"report": ""},
            "later_edition_has_previous": {"edition": 2},
            "period_ends_after_it_starts": {"period_to": BEFORE},
            "sent_has_moment": {**APPROVED, "sent_at": MOMENT},
            "status_is_known": {**APPROVED, "status": "lost", "sent_at": MOMENT},
        },
    ),
    "submission_row": (
        {"name": "x"},
        {
            "change_is_known": {"change": "worse"},
            "has_name": {"name": ""},
            "other_than_included_has_reason": {"state": "blocked"},
            "state_is_known": {"state": "lost", "reason": "x"},
        },
    ),
    "submission_recipient": (
        {},
        {
            "decided_has_moment": {"status": "accepted"},
            "returned_has_note": {"status": "returned", "decided_at": MOMENT},
            "status_is_known": {"status": "lost", "decided_at": MOMENT},
            "was_sent": {"status": "draft", "decided_at": MOMENT},
        },
    ),
    "returned_row": ({}, {"has_reason": {"reason": ""}}),
    "submission_event": (
        {"who": "x"},
        {"has_who": {"who": ""}, "step_is_known": {"step": "eaten"}},
    ),
    "discrepancy": (
        {"name": "x"},
        {
            "has_name": {"name": ""},
            "kind_is_known": {"kind": "quarrel"},
            "resolved_has_resolution": {"resolved_at": MOMENT, "resolution": ""},
        },
    ),
}


def _named() -> Iterator[tuple[str, dict[str, Any]]]:
    for table, (right, rules) in OF_TABLES.items():
        for rule, wrong in rules.items():
            yield f"ck_{table}_{rule}", {**right, **wrong}


VIOLATIONS = dict(_named())
