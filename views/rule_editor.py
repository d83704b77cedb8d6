"""Changing a rule: the form, what would change, the new version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy.exc import IntegrityError

from models.regulations import DeadlineRule, Regulation
from models.rule_terms import RuleKind
from models.working_calendar import OutsideCalendar
from services.deadlines import foreseeing
from services.deadlines.foreseeing import Fate, Foreseen, Line
from services.production_calendar import load_calendar
from services.regulations import editing
from services.regulations.editing import Outdated
from services.regulations.faults import BrokenPacks
from services.regulations.loading import Loaded, pack_of
from services.regulations.pack import Pack
from views import edge, labels, totals
from views.extensions import db
from views.formats import ru_date
from views.rule_form import RuleForm, data_of, fitted, free_code, is_valid, new_entry, values_of

LINES = 40
SAME = "Условия прежние: менять нечего."
LOOK_AGAIN = "После просмотра условия изменились: проверьте, что будет, и сохраните."
STARTS_TODAY = (
    "Периоды становятся другими, поэтому новые условия действуют с {day}: "
    "иначе те, что уже прошли, появились бы заново."
)


@dataclass
class Editing:
    """A form of a rule and what became of it; `status` is that of the answer."""

    regulation: Regulation
    pack: Pack
    form: Any
    kind: RuleKind
    rule: DeadlineRule | None = None  # None: a new window
    errors: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    foreseen: Foreseen | None = None
    status: int = 200
    saved: Loaded | None = None
    all_drawn: bool = True

    def complain(self, message: str, status: int = 422) -> None:
        self.errors.append(("", message, ""))
        self.status = status


# -- Opening ---------------------------------------------------------------------------------------------------------


def opened(regulation: Regulation, rule: DeadlineRule | None) -> Editing | None:
    """The form of a rule, or of a new window; None where the newest version has no such rule."""
    pack = pack_of(db.session(), regulation.code)
    entry = editing.rule_entry(pack, rule.code) if pack and rule else None
    if pack is None or (rule is not None and entry is None):
        return None
    kind = rule.kind if rule else RuleKind.WINDOW
    first = data_of(entry, pack) if entry else {"code": free_code(pack), "soon": 5, "in_force_from": edge.today()}
    first["version"] = editing.newest_version(db.session(), regulation.id).number
    form = fitted(
        RuleForm(request.form if request.method == "POST" else None, data=first), kind, pack, is_new=not entry
    )
    return Editing(regulation, pack, form, kind, rule)


# -- What was typed --------------------------------------------------------------------------------------------------


def process(work: Editing) -> None:
    """Show what would change; store it where that was asked for and is what was shown."""
    if not is_valid(work.form, work.kind):
        work.errors += [(item.label.text, str(text), item.id) for item in work.form for text in item.errors]
        work.status = 422
        return
    changed = _changed(work)
    if changed is None:
        work.complain(SAME)
        return
    wants_saving = "_save" in request.form
    try:
        if wants_saving and work.form.seen.data == changed.digest:
            _save(work, changed)
            return
        _foresee(work, changed)
    except Outdated as newer:
        db.session.rollback()
        work.complain(str(newer), 409)
        _show_number(work, newer.number)
    except BrokenPacks as broken:
        db.session.rollback()
        _tell_faults(work, broken)
    else:
        if wants_saving:
            work.notes.append(LOOK_AGAIN)
        _mark_seen(work, changed.digest)


def _changed(work: Editing) -> Pack | None:
    """The pack that would be the next version; None where it says the same."""
    form, pack = work.form, work.pack
    if work.rule is None:
        return editing.with_rule(pack, new_entry(form, pack))
    entry = editing.rule_entry(pack, work.rule.code) or {}
    values = values_of(form, work.kind, entry, pack)
    is_redrawn = "period" in values and values["period"] != entry.get("period")
    if is_redrawn and form.in_force_from.data < edge.today():
        values["in_force_from"] = edge.today().isoformat()
        form.in_force_from.data, form.in_force_from.raw_data = edge.today(), None
        work.notes.append(STARTS_TODAY.format(day=ru_date(edge.today())))
    changed = editing.with_changes(pack, work.rule.code, values)
    return changed if changed.digest != pack.digest else None


def _store(work: Editing, changed: Pack) -> Loaded:
    number = str(work.form.version.data or "")
    return editing.store(
        db.session(),
        pack=changed,
        version=int(number) if number.isdecimal() and len(number) < 9 else 0,
        note=work.form.why.data,
        by=edge.user(),
        on=edge.today(),
        now=edge.now(),
    )


def _keys(work: Editing, loaded: Loaded) -> Collection[str]:
    return {f"{work.regulation.code}/{code}" for code in (*loaded.added, *loaded.changed, *loaded.ended)}


def _foresee(work: Editing, changed: Pack) -> None:
    session = db.session()
    calendar = load_calendar(session)
    try:
        work.foreseen = foreseeing.foresee(
            session,
            change=lambda: _keys(work, _store(work, changed)),
            keys={work.rule.key} if work.rule else set(),
            calendar=calendar,
            on=edge.today(),
            now=edge.now(),
        )
    except OutsideCalendar as unknown:
        work.complain(str(unknown))


def _save(work: Editing, changed: Pack) -> None:
    session = db.session()
    number = work.form.version.data
    try:
        work.saved = _store(work, changed)
        work.all_drawn = drawn(_keys(work, work.saved))
        session.commit()
    except IntegrityError:  # Another editor stored a version of the same number at the same moment.
        session.rollback()
        raise Outdated(editing.newest_version(session, work.regulation.id)) from None
    except (Outdated, BrokenPacks):
        work.form.version.data = number
        raise
    labels.forget()
    totals.forget()


def drawn(keys: Collection[str]) -> bool:
    """Draw the obligations of some rules anew; whether of everybody, or the daily run has to go on."""
    session = db.session()
    scopes, people, total = foreseeing.few_people(session)
    is_all = people == total
    calendar = load_calendar(session)
    foreseeing.redraw(
        session, keys=keys, calendar=calendar, on=edge.today(), now=edge.now(), scopes=scopes if is_all else ()
    )
    return is_all


def _tell_faults(work: Editing, broken: BrokenPacks) -> None:
    """Faults of the pack at the fields that they speak of."""
    for fault in broken.faults:
        name = fault.path.rpartition(".")[2].partition("[")[0]
        text = f"{fault.text[:1].upper()}{fault.text[1:]}"
        if name in work.form:
            work.form[name].errors = [*work.form[name].errors, text]
            work.errors.append((work.form[name].label.text, text, work.form[name].id))
        else:
            work.errors.append(("", text, ""))
    work.status = 422


def _show_number(work: Editing, number: int) -> None:
    """The next attempt is made from the newest version."""
    work.form.version.data = str(number)
    work.form.seen.data = ""


def _mark_seen(work: Editing, digest: str) -> None:
    work.form.seen.data = digest if work.foreseen is not None else ""


# -- What the page shows ---------------------------------------------------------------------------------------------


def shown(foreseen: Foreseen) -> dict[str, Any]:
    ordered = sorted(foreseen.lines.items(), key=lambda item: (item[0].day, item[0].agency_id))
    rest = sum(count for _, count in ordered[LINES:])
    return {
        "moved": foreseen.total(Fate.MOVED),
        "added": foreseen.total(Fate.ADDED),
        "removed": foreseen.total(Fate.REMOVED),
        "unchanged": foreseen.unchanged,
        "kept": foreseen.kept,
        "lines": [_line(line, count) for line, count in ordered[:LINES]],
        "rest": rest,
        "people": foreseen.people,
        "all_people": foreseen.all_people,
        "is_partial": foreseen.is_partial,
    }


def _line(line: Line, count: int) -> dict[str, Any]:
    return {
        "agency": labels.label("agency", line.agency_id),
        "fate": line.fate,
        "old": _days(line.old),
        "new": _days(line.new),
        "count": count,
    }


def _days(days: tuple[Any, Any] | None) -> str:
    if days is None:
        return ""
    opens, due = days
    return f"{ru_date(opens)} – {ru_date(due)}" if opens != due else ru_date(due)
