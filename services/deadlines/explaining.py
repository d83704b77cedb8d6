"""Why an obligation is due on that day."""

from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.rule_terms import RuleKind, RuleTerms
from models.working_calendar import OutsideCalendar, WorkingCalendar
from services.deadlines.dates import Dates, of_day, of_event, of_span, spans


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
            return _of_event(calendar, terms, deadline)
        around = [span for span in spans(terms, deadline.opens_on, deadline.due_on) if span.code == deadline.period]
        return of_span(calendar, terms, around[0], deadline.opens_on) if around else None
    except OutsideCalendar:
        return None


def _of_event(calendar: WorkingCalendar, terms: RuleTerms, deadline: Deadline) -> Dates | None:
    if deadline.event_on is None:
        return None
    counted_on = of_event(calendar, terms, deadline.event_on) if terms.amount or not terms.term_of_fact else None
    if terms.term_of_fact and (counted_on is None or counted_on.due_on != deadline.due_on):
        return of_day(calendar, terms, deadline.event_on, deadline.due_on)
    return counted_on
