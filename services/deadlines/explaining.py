"""Why an obligation is due on that day."""

from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.rule_terms import RuleKind
from models.working_calendar import OutsideCalendar, WorkingCalendar
from services.deadlines.dates import Dates, of_event, of_span, spans


def explain(session: Session, *, deadline: Deadline, calendar: WorkingCalendar) -> list[str]:
    """The steps of the reckoning as Russian sentences; the last one names the clause and the regulation."""
    dates = counted(deadline, calendar)
    steps = list(dates.steps) if dates else ["Дата посчитана по календарю, который с тех пор изменён."]
    if dates and dates.due_on != deadline.due_on:
        steps.append(f"Срок стоит на {deadline.due_on:%d.%m.%Y}: после изменения календаря он ещё не пересчитан.")
    return [*steps, f"{deadline.rule.clause_text}, {deadline.rule.regulation.short_title}"]


def counted(deadline: Deadline, calendar: WorkingCalendar) -> Dates | None:
    """The dates by the obligation's own version of its rule; None where the calendar does not know the year."""
    terms = deadline.rule.terms
    try:
        if terms.kind is RuleKind.EVENT:
            return of_event(calendar, terms, deadline.event_on) if deadline.event_on else None
        around = [span for span in spans(terms, deadline.opens_on, deadline.due_on) if span.code == deadline.period]
        return of_span(calendar, terms, around[0], deadline.opens_on) if around else None
    except OutsideCalendar:
        return None
