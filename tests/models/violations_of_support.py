"""Rows of cases, plans, daily work and files that violate one CHECK each: a right row, and what is wrong in it."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

BEFORE, AFTER = date(2019, 1, 1), date(2020, 1, 1)
NUMBERED = {"year": 2026, "number": 1}
ANNULLED = {"annulled_has_reason": {"annulled_on": AFTER}}
ALWAYS_NUMBERED = {**ANNULLED, "number_has_year": {"year": None}, "number_is_positive": {"number": 0}}

# Table → (what a right row has beside the columns without a default, {rule: what violates it}).
OF_TABLES: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "declined_form": ({"nominative": "x"}, {"has_nominative": {"nominative": ""}, "kind_is_known": {"kind": "child"}}),
    "file_index": (
        {"title": "x"},
        {
            "has_code_and_title": {"title": ""},
            "journal_is_not_blank": {"journal": ""},
            "kept_1_to_100_years": {"keep_years": 0},
        },
    ),
    "journal_counter": (
        {},
        {
            "counts_upwards": {"last_number": 1, "starts_after": 2},
            "journal_is_known": {"journal": "gossip"},
            "starts_at_one_or_later": {"starts_after": -1},
        },
    ),
    "graduate": ({}, {"stage_is_known": {"stage": "lost"}}),
    "group_session": (
        {**NUMBERED, "topic": "x"},
        {
            **ALWAYS_NUMBERED,
            "has_topic": {"topic": ""},
            "kind_is_known": {"kind": "party"},
            "lasts_a_day_at_most": {"minutes": 1441},
        },
    ),
    "paper_template": ({}, {"has_paper": {"paper": ""}}),
    "appeal": (
        {**NUMBERED, "content": "x"},
        {
            **ALWAYS_NUMBERED,
            "done_after_it_was_received": {"done_on": BEFORE, "outcome_code": "solved"},
            "done_has_outcome": {"done_on": AFTER},
            "due_after_it_was_received": {"due_on": BEFORE},
            "has_content": {"content": ""},
            "urgency_is_known": {"urgency": "whenever"},
        },
    ),
    "application": (
        {},
        {
            **ANNULLED,
            "notified_after_it_was_received": {"notified_on": BEFORE},
            "number_has_year": {"number": 1, "registered_on": AFTER},
            "number_is_positive": {"number": 0, "year": 2026, "registered_on": AFTER},
            "registered_after_it_was_received": {**NUMBERED, "registered_on": BEFORE},
            "registered_has_number": {"registered_on": AFTER},
            "withdrawn_after_it_was_received": {"withdrawn_on": BEFORE},
        },
    ),
    "attachment": (
        {"title": "x"},
        {
            "has_title": {"title": ""},
            "is_not_empty": {"size": 0},
            "kind_is_known": {"kind": "rumour"},
            "removed_has_reason": {"removed_on": AFTER},
        },
    ),
    "consultation": (
        {**NUMBERED, "topic": "x"},
        {**ALWAYS_NUMBERED, "has_topic": {"topic": ""}, "kind_is_known": {"kind": "gossip"}},
    ),
    "consultation_minutes": (
        NUMBERED,
        {**ALWAYS_NUMBERED, "ends_after_it_begins": {"time_from": time(11), "time_to": time(10)}},
    ),
    "examination": (
        {"number": "x"},
        {**ANNULLED, "has_number": {"number": ""}, "valid_after_it_was_held": {"valid_until": BEFORE}},
    ),
    "monitoring_card": ({}, ANNULLED),
    "monitoring_score": ({}, {"value_is_0_to_9": {"value": 10}}),
    "personal_file": ({}, {"closed_after_it_was_opened": {"closed_on": BEFORE}}),
    "readiness_assessment": ({}, {**ANNULLED, "sent_after_it_was_made": {"sent_on": BEFORE}}),
    "readiness_score": ({}, {"value_is_0_to_2": {"value": 3}}),
    "urgent_act": ({**NUMBERED, "reason": "x"}, {**ALWAYS_NUMBERED, "has_reason": {"reason": ""}}),
    "visit": (
        {**NUMBERED, "purpose": "x"},
        {**ALWAYS_NUMBERED, "has_purpose": {"purpose": ""}, "next_visit_is_later": {"next_on": AFTER}},
    ),
    "contract": (
        {},
        {
            **ANNULLED,
            "copies_are_1_to_9": {"copies": 0},
            "ended_after_it_was_signed": {
                **NUMBERED,
                "signed_on": AFTER,
                "ended_on": BEFORE,
                "termination_ground_code": "moved",
            },
            "ended_has_ground": {"ended_on": AFTER},
            "ends_after_it_starts": {"starts_on": AFTER, "ends_on": BEFORE},
            "handed_after_it_was_signed": {**NUMBERED, "signed_on": AFTER, "handed_on": BEFORE},
            "number_has_year": {"number": 1, "signed_on": AFTER},
            "number_is_positive": {"number": 0, "year": 2026, "signed_on": AFTER},
            "signed_has_number": {"signed_on": AFTER},
            "starts_when_it_is_signed": {**NUMBERED, "signed_on": AFTER, "starts_on": BEFORE},
        },
    ),
    "contract_amendment": (
        {"subject": "x"},
        {"has_subject": {"subject": ""}, "number_is_positive": {"number": 0}},
    ),
    "contract_suspension": ({}, {"ends_after_it_starts": {"ends_on": BEFORE}}),
    "housing_survey": (
        NUMBERED,
        {
            **ALWAYS_NUMBERED,
            "area_is_not_negative": {"area_total": -1},
            "outcome_is_known": {"outcome": "cosy"},
            "rooms_are_0_to_50": {"rooms": 51},
        },
    ),
    "refusal": (
        NUMBERED,
        {
            **ALWAYS_NUMBERED,
            "agencys_refusal_has_reason": {"kind": "agency"},
            "graduates_reason_is_the_graduates": {
                "kind": "agency",
                "reason_code": "over_23",
                "graduate_reason_code": "no_need",
            },
            "kind_is_known": {"kind": "whim"},
            "notified_after_it_was_refused": {"notified_on": BEFORE},
        },
    ),
    "plan": (
        {},
        {
            **ANNULLED,
            "approved_has_day": {**NUMBERED, "state": "approved"},
            "approved_has_number": {"state": "approved"},
            "closed_has_day": {"closed_on": AFTER},
            "edition_is_positive": {"edition": 0, "previous_id": 1},
            "ends_after_it_starts": {"ends_on": BEFORE},
            "kind_is_known": {"kind": "secret"},
            "later_edition_has_previous": {"edition": 2},
            "number_has_year": {"number": 1, "state": "approved", "approved_on": AFTER},
            "number_is_positive": {"number": 0, "year": 2026, "state": "approved", "approved_on": AFTER},
            "state_is_known": {"state": "lost"},
        },
    ),
    "support_episode": (
        NUMBERED,
        {
            **ALWAYS_NUMBERED,
            "removed_after_it_was_accepted": {"removed_on": BEFORE, "removal_ground_code": "moved"},
            "removed_has_ground": {"removed_on": AFTER},
        },
    ),
    "conclusion": (
        {},
        {
            **ANNULLED,
            "approved_has_number": {"approved_on": AFTER},
            "graduate_signs_what_is_approved": {**NUMBERED, "approved_on": AFTER, "graduate_signed_on": BEFORE},
            "handed_after_it_was_approved": {**NUMBERED, "approved_on": AFTER, "handed_on": BEFORE},
            "number_has_year": {"number": 1, "approved_on": AFTER},
            "number_is_positive": {"number": 0, "year": 2026, "approved_on": AFTER},
            "outcome_is_known": {"outcome": "unclear"},
            "period_ends_after_it_starts": {"period_to": BEFORE},
        },
    ),
    "measure": (
        {"title": "x"},
        {
            "done_has_day": {"status": "done"},
            "due_after_it_starts": {"starts_on": AFTER, "due_on": BEFORE},
            "has_title": {"title": ""},
            "refusal_is_signed": {"status": "refused", "refused_on": AFTER},
            "refused_has_day": {"status": "refused"},
            "status_is_known": {"status": "forgotten"},
        },
    ),
    "plan_comment": ({}, {"has_text": {"text": ""}}),
    "plan_sphere": ({}, {"has_sphere": {"sphere": ""}}),
    "plan_change": ({}, {"has_what": {"what": ""}}),
    "service_record": (
        {"title": "x"},
        {**ANNULLED, "has_title": {"title": ""}, "quantity_is_1_to_1000": {"quantity": 0}},
    ),
}


def _named() -> Iterator[tuple[str, dict[str, Any]]]:
    for table, (right, rules) in OF_TABLES.items():
        for rule, wrong in rules.items():
            yield f"ck_{table}_{rule}", {**right, **wrong}


VIOLATIONS = dict(_named())
