"""The page of one obligation: until when and why, by which clause, what fulfilled it, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.audit import AuditEvent
from models.deadlines import Closing, Deadline, DeadlineEvidence, State
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.submission_access import may_draw
from models.submissions import Submission
from models.territory import Agency
from reports.catalogue import find_report
from services import reporting
from services.deadlines.explaining import explain
from services.production_calendar import load_calendar
from services.regulations import wording
from services.regulations.loading import letter_titles
from services.submissions.obligations import is_of_report
from views import edge, history, labels, people_lookup
from views.deadline_actions import Forms, is_by_hand, offered
from views.deadline_look import asks_for_letter, state_chip
from views.deadline_words import basis_text, left_text, period_text, recipient_text
from views.extensions import db
from views.formats import chip, ru_date, ru_datetime

if TYPE_CHECKING:
    from views.deadlines import DeadlineView

NO_TERM = "Срок установлен системой: в документе его нет."
OWN_TERM = "Срок установлен документом."
OUR_UNIT = "Календарные дни – по умолчанию: в документе не сказано, какие это дни."


def context(view: DeadlineView, deadline: Deadline, forms: Forms, error: str = "") -> dict[str, Any]:
    today, rule = edge.today(), deadline.rule
    state = deadline.state_on(today)
    chips = [state_chip(state)]
    if deadline.required > 1:
        chips.append(chip(f"сделано {deadline.achieved} из {deadline.required}", "blue", "progress"))
    calendar, actions = load_calendar(db.session()), offered(edge.viewer(), deadline)
    return {
        "page_title": rule.title,
        "breadcrumbs": [(view.title, view.get_url(".index_view")), (f"Срок № {deadline.id}", None)],
        "header": {
            "title": rule.title,
            "subtitle": basis_text(rule),
            "chips": chips,
            "alerts": ([("error", error)] if error else []) + _alerts(deadline),
        },
        "deadline": deadline,
        "state": state,
        "left": left_text(deadline, today),
        "steps": explain(db.session(), deadline=deadline, calendar=calendar),
        "term_notes": term_notes(rule),
        "facts_shown": _facts(deadline),
        "evidence": [_piece(piece) for piece in deadline.evidence],
        "offered": actions,
        "has_actions": bool(actions - {"unmark"}),
        "forms": forms,
        "is_mark_open": forms.posted == "mark" or (not forms.posted and _is_to_be_marked(deadline, state)),
        "jobs": _jobs(deadline),
        "history": history.of_record(deadline),
    }


def _is_to_be_marked(deadline: Deadline, state: State) -> bool:
    """Whether marking is what most people open the page for."""
    return not deadline.is_settled and state is not State.UPCOMING


def _alerts(deadline: Deadline) -> list[tuple[str, str]]:
    found = []
    if deadline.paused_on is not None:
        who = _who_paused(deadline)
        told = f"Приостановлено {ru_date(deadline.paused_on)}: {deadline.pause_reason}"
        found.append(("warning", f"{told} ({who})." if who else f"{told}."))
    if deadline.closing is not None:
        who = deadline.closed_by.name if deadline.closed_by else "система"
        what = "Срок снят" if deadline.closing is Closing.WAIVED else "Исполнять не требуется"
        found.append(("info", f"{what}: {deadline.closing_reason.rstrip('.')} ({who})."))
    if deadline.is_provisional:
        told = "Дата предварительная: производственный календарь этого года ещё не утверждён."
        found.append(("info", told))
    return found


def _who_paused(deadline: Deadline) -> str:
    """The name stands in the log of changes only."""
    changes = select(AuditEvent).where(AuditEvent.subject == "deadline", AuditEvent.subject_id == deadline.id)
    for event in db.session.scalars(changes.order_by(AuditEvent.seq.desc())):
        if (event.payload or {}).get("paused_on", [None, None])[1]:
            return event.user_name
    return ""


def term_notes(rule: DeadlineRule) -> list[str]:
    """Whose the number of days is."""
    terms = rule.terms
    found = [NO_TERM if terms.default_term else OWN_TERM]
    if terms.unit_is_ours:
        found.append(OUR_UNIT)
    return found


def _facts(deadline: Deadline) -> list[tuple[str, Any]]:
    rule = deadline.rule
    heading = f"{rule.clause_text}. {rule.clause_heading}" if rule.clause_heading else rule.clause_text
    found: list[tuple[str, Any]] = [
        ("Документ", rule.regulation.title),
        ("Пункт", heading),
        ("Кто исполняет", labels.label("agency", deadline.agency_id)),
    ]
    if deadline.user_id:
        found.append(("Специалист", labels.label("user_account", deadline.user_id)))
    to_whom = recipient_text(deadline.recipient_id, deadline.recipient_text)
    found += [("Кому", to_whom)] if to_whom else []
    if deadline.graduate_id:
        found.append(("О ком", person_link(deadline.graduate_id)))
    if deadline.event_on:
        triggers = rule.terms.triggers
        name = triggers[0].label.capitalize() if len(triggers) == 1 else "Дата события"
        found.append((name, ru_date(deadline.event_on)))
    if deadline.period and rule.kind is not RuleKind.WINDOW:
        found.append(("Период", period_text(deadline.period)))
    found.append(("Открывается", ru_date(deadline.opens_on)))
    if rule.kind is not RuleKind.STANDING:
        found.append(("Контрольная дата", ru_date(deadline.control_on)))
    if rule.terms.evidence:
        found.append(("Чем исполняется", wording.evidence_text(rule.terms, letter_titles(db.session()))))
    return found + ([("Исполнено", ru_date(deadline.done_on))] if deadline.done_on else [])


def person_link(graduate_id: int) -> str | Markup:
    """The name with a link where the user may see the person, else the number of the card."""
    name = people_lookup.names_of([graduate_id]).get(graduate_id)
    if name is None:
        return people_lookup.card_number(graduate_id)
    url = url_for("graduate.details_view", id=graduate_id, tab="deadlines")
    return Markup('<a href="{}">{}</a>').format(url, name)


def _piece(piece: DeadlineEvidence) -> dict[str, Any]:
    return {
        "id": piece.id,
        "day": ru_date(piece.happened_on),
        "what": piece.kind.label,
        "number": piece.number,
        "note": piece.note,
        "is_nil": piece.is_nil,
        "who": piece.noted_by.name if piece.noted_by else "система",
        "when": ru_datetime(piece.noted_at),
        "is_by_hand": is_by_hand(piece),
    }


def _draft_url(deadline: Deadline) -> str:
    """The draft that was drawn up for the obligation, else where one is drawn up."""
    s = Submission
    query = select(s.id).where(s.deadline_id == deadline.id, s.status.in_(("draft", "approved")))
    number = db.session.scalar(query.order_by(s.id.desc()).limit(1))
    if number is not None:
        return url_for("submissions.show", submission_id=number)
    return url_for("submissions.new", deadline=deadline.id)


def _jobs(deadline: Deadline) -> list[tuple[str, str, str]]:
    """Where the work itself is done: the paper of the rule, the card of the person. (label, url, kind of button)"""
    found = []
    session, viewer = db.session(), edge.viewer()
    if asks_for_letter(deadline.rule) and not deadline.is_settled and viewer.agency_id == deadline.agency_id:
        found.append(("Написать письмо", url_for("referral.create_view", deadline=deadline.id), "primary"))
    report = find_report(deadline.rule.terms.report) if deadline.rule.terms.report else None
    if report is not None and report.is_submitted and is_of_report(deadline) and may_draw(viewer, deadline.agency_id):
        found += [] if deadline.is_settled else [("Составить и сдать", _draft_url(deadline), "primary")]
    if report is not None:
        agency = session.get_one(Agency, deadline.agency_id)
        asked: dict[str, Any] = {"code": report.code, "on": edge.today().isoformat()}
        may_make = not report.is_of_one_agency
        if report.is_of_one_agency and agency in reporting.agencies_for(session, viewer=viewer, report=report):
            asked["agency"], may_make = agency.code, True
        if may_make:
            kind = "" if found else "primary"
            found.append((f"Составить: {report.short_title}", url_for("reports.show", **asked), kind))
    if deadline.graduate_id and people_lookup.names_of([deadline.graduate_id]):
        found.append(("Открыть карточку", url_for("graduate.details_view", id=deadline.graduate_id), ""))
    return found
