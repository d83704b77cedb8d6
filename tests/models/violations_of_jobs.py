"""Rows of files made in the background that violate one CHECK each."""

from datetime import UTC, datetime
from typing import Any

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
RIGHT = {"kind": "report", "title": "x", "state": "queued"}
WRONG: dict[str, dict[str, Any]] = {
    "counts_are_not_negative": {"done": -1},
    "failed_has_message": {"state": "failed", "finished_at": MOMENT},
    "file_has_name": {"state": "done", "finished_at": MOMENT, "file_path": "jobs/1/x"},
    "has_kind_and_title": {"title": ""},
    "ended_has_moment": {"state": "cancelled"},
    "running_has_beat": {"state": "running", "token": "x"},
    "running_has_worker": {"state": "running", "beat_at": MOMENT},
    "state_is_known": {"state": "lost"},
    "unfinished_has_no_file": {"file_path": "jobs/1/x", "file_name": "x"},
}
VIOLATIONS: dict[str, dict[str, Any]] = {f"ck_job_{rule}": {**RIGHT, **wrong} for rule, wrong in WRONG.items()}
