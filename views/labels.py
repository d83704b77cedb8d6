"""Labels of dictionaries, districts, agencies, users, regulations, rules, bodies: one statement, kept a moment."""

import time
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from sqlalchemy import CompoundSelect, String, cast, false, literal, not_, select, union_all

from models.dictionaries import DICTIONARIES
from models.meetings import Body
from models.regulations import DeadlineRule, Regulation
from models.territory import Agency, District
from models.users import User
from views.extensions import db

SECONDS = 15.0


@dataclass(frozen=True)
class Entry:
    code: str
    label: str
    is_retired: bool


Labels = dict[str, dict[str, Entry]]


def labels() -> Labels:
    """{table: {code or id as text: entry}} in the order in which they are offered."""
    if "labels" not in g:
        g.labels = _remembered()
    kept: Labels = g.labels
    return kept


def label(table: str, code: object) -> str:
    """The label of a code; the code itself where it is unknown; empty for none."""
    if code is None or code == "":
        return ""
    entry = labels().get(table, {}).get(str(code))
    return entry.label if entry else str(code)


def options(table: str, keep: object = None) -> list[tuple[str, str]]:
    """What a form or filter offers: (code, label) without retired lines, except the one in use."""
    entries = labels().get(table, {}).values()
    return [(entry.code, entry.label) for entry in entries if not entry.is_retired or entry.code == str(keep)]


def _remembered() -> Labels:
    if current_app.testing:
        return _load()
    kept: tuple[float, Labels] | None = current_app.extensions.get("marshrut.labels")
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + SECONDS, _load())
        current_app.extensions["marshrut.labels"] = kept
    return kept[1]


def forget() -> None:
    """A dictionary or agency was changed here: look anew."""
    current_app.extensions.pop("marshrut.labels", None)
    g.pop("labels", None)


def statement() -> CompoundSelect[Any]:
    """All of them at once: table, code, label, whether retired, place."""
    parts = [
        select(
            literal(model.__tablename__).label("name"),  # type: ignore[attr-defined]
            model.code.label("code"),
            model.label.label("label"),
            model.is_retired.label("retired"),
            model.position.label("place"),
        )
        for model in DICTIONARIES
    ]
    district = select(literal("district"), cast(District.id, String), District.short_name, false(), literal(0))
    agency = select(literal("agency"), cast(Agency.id, String), Agency.short_name, not_(Agency.is_active), literal(0))
    user = select(literal("user_account"), cast(User.id, String), User.name, User.is_locked, literal(0))
    regulation = select(literal("regulation"), cast(Regulation.id, String), Regulation.short_title, false(), literal(0))
    rule = select(literal("deadline_rule"), cast(DeadlineRule.id, String), DeadlineRule.title, false(), literal(0))
    body = select(literal("body"), cast(Body.id, String), Body.name, Body.ends_on.is_not(None), literal(0))
    return union_all(*parts, district, agency, user, regulation, rule, body)


def _load() -> Labels:
    loaded: Labels = {}
    rows = db.session.execute(statement()).all()
    for name, code, text, retired, _ in sorted(rows, key=lambda row: (row[4], row[2])):
        loaded.setdefault(name, {})[code] = Entry(code, text, bool(retired))
    return loaded
