"""The clock of the demonstration region: who follows what, whom names mean, and a year of duties, most of them kept."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.deadlines import Closing, Deadline, DeadlineEvidence, Occurrence
from models.graduates import Graduate
from models.regulations import AgencyRegulation, DeadlineRule, Regulation
from models.rule_terms import Trigger
from services import notices
from services.deadlines.dates import horizon
from services.deadlines.generation import generate
from services.production_calendar import load_calendar, load_years
from services.regulations.loading import load_shipped

REGION = "vologda-2022"
ALSO = {  # An organisation may follow several regulations at once.
    "sluzhba-stupeni": "kizil-programme",
    "sluzhba-pristan": "aistenok",
    "resource-centre": "krasnoyarsk-centre",
}
APPLICANTS = 6  # in each social centre
SOCIAL_CENTRES = ("kcson-sokol", "kcson-totma", "kcson-vologda")
KEPT, LATE = 0.93, 0.96  # Shares: in time, then late; the rest was missed.


def load_law(session: Session, *, now: datetime, on: date) -> None:
    """Regulations and the production calendar as shipped."""
    load_years(session)
    load_shipped(session, now=now, on=on)


def follow(session: Session, *, agencies: dict[str, int], on: date) -> None:
    """Everybody follows the region's regulation since the beginning of the year, some another one too."""
    regulations = dict(session.execute(select(Regulation.code, Regulation.id)).all())
    since = date(on.year - (on.month < 3), 1, 1)
    rows = [{"agency_id": agency, "regulation_id": regulations[REGION]} for agency in agencies.values()]
    rows += [{"agency_id": agencies[agency], "regulation_id": regulations[code]} for agency, code in ALSO.items()]
    session.execute(insert(AgencyRegulation), [row | {"starts_on": since} for row in rows])


def run_clock(session: Session, *, rng: Random, on: date, now: datetime, agencies: dict[str, int]) -> None:
    """Duties up to the horizon; those of the past are kept, with the exceptions of real life."""
    _record_events(session, rng, agencies, on=on, now=now)
    for _ in generate(session, calendar=load_calendar(session), on=on, until=horizon(on), now=now):
        session.flush()
    rules = {rule.id: rule.terms for rule in session.scalars(select(DeadlineRule))}
    d = Deadline
    open_duties = select(d.id, d.rule_id, d.opens_on, d.due_on, d.event_on, d.required, d.achieved).where(
        d.done_on.is_(None), d.closing.is_(None), d.opens_on <= on
    )
    pieces: list[dict[str, Any]] = []
    done: list[dict[str, Any]] = []
    for row in session.execute(open_duties.order_by(d.id)).all():
        if row.due_on >= on:
            continue
        fate = rng.random()
        if fate > LATE:
            continue
        days = _days(rng, row, is_late=fate > KEPT, on=on)
        kind = rules[row.rule_id].evidence
        for number, day in enumerate(days):
            pieces.append(
                {
                    "deadline_id": row.id,
                    "kind": kind,
                    "reference": f"mark:demo{row.id}-{number}",
                    "happened_on": day,
                    "number": f"{1 + int(rng.random() * 400)}",
                    "note": "",
                    "is_nil": False,
                    "noted_at": now,
                }
            )
        done.append({"one": row.id, "achieved": row.required, "done_on": days[-1]})
    if pieces:
        session.execute(insert(DeadlineEvidence), pieces)
        by_number = update(Deadline).where(Deadline.id == bindparam("one"))
        session.connection().execute(by_number, done)
    _waive_one(session)
    notices.notify_since_last_run(session, on=on, now=now)


def _record_events(session: Session, rng: Random, agencies: dict[str, int], *, on: date, now: datetime) -> None:
    """Events that no record of ours tells: applications for social services, messages about people."""
    rows: list[dict[str, Any]] = []
    for code in SOCIAL_CENTRES:
        people = select(Graduate.id).where(Graduate.agency_id == agencies[code]).order_by(Graduate.id).limit(APPLICANTS)
        for number, graduate_id in enumerate(session.scalars(people), start=1):
            row = {"agency_id": agencies[code], "graduate_id": graduate_id, "note": "", "annulled_reason": ""}
            day = on - timedelta(days=1 + int(rng.random() * 200))
            row |= {"happened_on": day, "number": f"{number}/{day.year}", "created_at": now, "version": 1}
            rows.append(row | {"trigger": Trigger.SERVICE_APPLIED if number % 2 else Trigger.INTAKE})
    if rows:
        session.execute(insert(Occurrence), rows)


def _days(rng: Random, row: Any, *, is_late: bool, on: date) -> list[date]:
    """When the duty, or each part of a quota, was done."""
    count = row.required - row.achieved
    first, last = max(row.opens_on, row.event_on or row.opens_on), row.due_on
    if is_late:
        first, last = last + timedelta(days=1), last + timedelta(days=9)
    span = max((last - first).days, 0)
    return sorted(min(first + timedelta(days=int(rng.random() * (span + 1))), on) for _ in range(count))


def _waive_one(session: Session) -> None:
    missed = session.scalars(
        select(Deadline)
        .where(Deadline.done_on.is_(None), Deadline.closing.is_(None))
        .order_by(Deadline.due_on)
        .limit(1)
    ).first()
    if missed is not None:
        missed.closing, missed.closing_reason = Closing.WAIVED, "Организация в этот период была на ремонте"
