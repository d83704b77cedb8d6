"""Rows of letters, opened cards, councils and meetings that violate one CHECK each, like violations_of_support."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

BEFORE, AFTER = date(2019, 1, 1), date(2020, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERED = {"year": 2026, "number": 1}
ALWAYS_NUMBERED = {
    "annulled_has_reason": {"annulled_on": AFTER},
    "number_has_year": {"year": None},
    "number_is_positive": {"number": 0},
}
SENT = {"status": "sent", "sent_at": MOMENT, "sent_on": AFTER, "ground": "x"}
LETTER = {
    **ALWAYS_NUMBERED,
    "delivery_is_known": {"delivery": "pigeon"},
    "has_sheets": {"sheets": 0},
}

# Table → (what a right row has beside the columns without a default, {rule: what violates it}).
OF_TABLES: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "referral": (
        {"sender_id": 1, "recipient_id": 2, "sender_name": "x", "recipient_name": "y"},
        {
            "answered_has_day": {**SENT, "status": "answered"},
            "does_not_follow_from_itself": {"id": 7, "origin_id": 7},
            "draft_is_not_sent": {**SENT, "status": "draft"},
            "goes_to_somebody_else": {"recipient_id": 1},
            "has_a_side_of_ours": {"sender_id": None, "recipient_id": None},
            "names_both_sides": {"recipient_name": ""},
            "outcome_is_known": {"outcome": "unclear"},
            "over_has_moment": {**SENT, "status": "closed"},
            "paused_has_reason": {"paused_on": AFTER},
            "refusal_has_reason": {**SENT, "status": "returned"},
            "sent_has_day": {**SENT, "sent_on": None},
            "sent_has_ground": {**SENT, "ground": ""},
            "status_is_known": {**SENT, "status": "lost"},
            "urgency_is_known": {"urgency": "whenever"},
        },
    ),
    "referral_person": ({}, {"has_name": {"name": ""}}),
    "referral_event": (
        {"who": "x"},
        {
            "has_who": {"who": ""},
            "status_after_is_known": {"status_after": "lost"},
            "status_before_is_known": {"status_before": "lost"},
            "step_is_known": {"step": "eaten"},
        },
    ),
    "referral_message": (
        {"text": "x"},
        {
            "answer_has_outcome": {"kind": "answer"},
            "has_text": {"text": ""},
            "kind_is_known": {"kind": "gossip"},
            "outcome_is_known": {"kind": "answer", "outcome": "unclear"},
        },
    ),
    "referral_note": ({"text": "x"}, {"has_text": {"text": ""}}),
    "referral_file": (
        {"title": "x"},
        {
            "has_title": {"title": ""},
            "is_not_empty": {"size": 0},
            "removed_has_reason": {"removed_on": AFTER},
        },
    ),
    "outgoing_letter": (NUMBERED, LETTER),
    "incoming_letter": (NUMBERED, LETTER),
    "access_grant": (
        {},
        {"ends_after_it_starts": {"ends_on": BEFORE}, "profile_is_known": {"profile": "everything"}},
    ),
    "body": (
        {},
        {
            "ends_after_it_starts": {"ends_on": BEFORE},
            "has_name": {"name": ""},
            "quorum_is_a_part": {"quorum_part": 3, "quorum_of": 2},
        },
    ),
    "body_member": (
        {},
        {
            "ends_after_it_starts": {"ends_on": BEFORE},
            "has_name": {"name": ""},
            "role_is_known": {"role": "guest"},
        },
    ),
    "meeting": (
        {"kind": "seminar", "topic": "x"},
        {
            "annulled_has_reason": {"annulled_on": AFTER},
            "cancelled_has_reason": {"status": "cancelled"},
            "has_topic": {"topic": ""},
            "held_has_number": {"status": "held"},
            "kind_is_known": {"kind": "party"},
            "members_are_counted": {"members_total": -1},
            "number_has_year": {"status": "held", "number": 1},
            "number_is_positive": {"status": "held", "number": 0, "year": 2026},
            "sitting_is_of_a_body": {"kind": "sitting"},
            "status_is_known": {"status": "forgotten"},
        },
    ),
    "meeting_attendee": ({}, {"has_name": {"name": ""}}),
    "agenda_item": (
        {"title": "x"},
        {
            "has_title": {"title": ""},
            "kind_is_known": {"kind": "gossip"},
            "votes_are_counted": {"votes_for": -1},
        },
    ),
    "decision": (
        {"text": "x"},
        {
            "done_has_result": {"done_on": AFTER},
            "has_text": {"text": ""},
            "kind_is_known": {"kind": "order"},
        },
    ),
}


def _named() -> Iterator[tuple[str, dict[str, Any]]]:
    for table, (right, rules) in OF_TABLES.items():
        for rule, wrong in rules.items():
            yield f"ck_{table}_{rule}", {**right, **wrong}


VIOLATIONS = dict(_named())
