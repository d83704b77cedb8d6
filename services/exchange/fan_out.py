"""One request to many: to every guardianship body of the served districts, to every college with our students.

A kind says in its pack that it fans out, and over whom (vologda 2.1, 2.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer, served_districts, visible_to
from models.circumstances import Study
from models.exchange import OutgoingLetter, Referral
from models.graduates import Graduate
from models.reckoning import years_later
from models.rule_terms import RuleKind, RuleTerms
from models.territory import Agency, District
from services.errors import need
from services.exchange import drafting, workflow
from services.exchange.drafting import Told
from services.exchange.kinds import ReferralKind, own_kinds
from services.exchange.routing import STUDYING, fulfils
from services.exchange.territories import serving
from services.exchange.workflow.common import S
from services.exchange.writing import written_before
from services.profiles import profile_of
from services.regulations.loading import pack_of

DISTRICTS, STUDENTS = "served_districts", "college_students"
GONE = (S.DRAFT, S.REVOKED, S.DECLINED)
RECENT = timedelta(days=30)  # Where no rule tells how often.


@dataclass(frozen=True)
class Sent:
    """The letter that the recipient got in this period already."""

    referral_id: int
    on: date
    number: str


@dataclass
class Line:
    """A recipient: why, about whom, and what it got already."""

    agency: Agency
    note: str = ""
    people: list[tuple[int, str, date]] = field(default_factory=list)  # number of the card, name, born
    sent: Sent | None = None


@dataclass(frozen=True)
class Table:
    """`gaps`: served districts in which nobody may get the request; `since`: the first day of the present period."""

    lines: tuple[Line, ...]
    gaps: tuple[District, ...]
    since: date


def kinds(session: Session, *, sender: Agency, on: date) -> list[ReferralKind]:
    """Kinds of the own regulations that the organisation sends to many at once."""
    own = own_kinds(session, agency_id=sender.id, on=on)
    return [kind for kind in own if kind.fan_out and sender.kind in kind.from_kinds]


def table(session: Session, *, kind: ReferralKind, sender: Agency, by: Viewer) -> Table:
    """To whom the request goes, and about whom."""
    if kind.fan_out == DISTRICTS:
        lines, gaps = _by_districts(session, kind, sender, by)
    else:
        lines, gaps = _by_colleges(session, kind, sender, by), []
    since = _since(session, kind, by.on)
    sent = _sent(session, kind, sender, since)
    for line in lines:
        line.sent = sent.get(line.agency.id)
    return Table(tuple(lines), tuple(gaps), since)


# -- Over districts --------------------------------------------------------------------------------------------------


def _by_districts(
    session: Session, kind: ReferralKind, sender: Agency, by: Viewer
) -> tuple[list[Line], list[District]]:
    districts = served_districts(session, agency_id=sender.id, on=by.on)
    names = {
        one.id: one for one in session.scalars(select(District).where(District.id.in_(districts)).order_by(District.id))
    }
    people = people_of(session, agency_id=sender.id, by=by, district_ids=districts)
    lines: dict[int, Line] = {}
    covered: set[int] = set()
    for one in serving(session, kinds=kind.to_kinds, district_ids=districts, on=by.on):
        if one.agency_id == sender.id:
            continue
        line = lines.setdefault(one.agency_id, Line(one.agency))
        name = names[one.district_id].short_name
        line.note = f"{line.note}, {name}" if line.note else name
        line.people += people[one.district_id]
        covered.add(one.district_id)
    gaps = [district for number, district in names.items() if number not in covered]
    return sorted(lines.values(), key=lambda line: line.agency.short_name), gaps


def people_of(
    session: Session, *, agency_id: int, by: Viewer, district_ids: Collection[int]
) -> dict[int, list[tuple[int, str, date]]]:
    """Whom the organisation supports and has not grown out of support, by the district where they live."""
    g = Graduate
    home = func.coalesce(g.district_id, g.origin_district_id)
    query = select(home, g.id, *_NAME).where(visible_to(by), g.agency_id == agency_id, home.in_(district_ids))
    oldest = profile_of(session, agency_id=agency_id, on=by.on).age_to
    query = query.where(g.birth_date > years_later(by.on, -oldest)).order_by(g.name_key, g.id)
    found: dict[int, list[tuple[int, str, date]]] = defaultdict(list)
    for district, number, *name, born in session.execute(query):
        found[district].append((number, _joined(name), born))
    return found


_NAME = (Graduate.last_name, Graduate.first_name, Graduate.patronymic, Graduate.birth_date)


def _joined(name: Iterable[str]) -> str:
    return " ".join(part for part in name if part)


# -- Over colleges ---------------------------------------------------------------------------------------------------


def _by_colleges(session: Session, kind: ReferralKind, sender: Agency, by: Viewer) -> list[Line]:
    """Colleges in which own people study, with those whom the user sees."""
    query = select(Agency).where(Agency.kind.in_(kind.to_kinds), Agency.is_active, Agency.id != sender.id)
    lines = {college.id: Line(college) for college in session.scalars(query.order_by(Agency.short_name, Agency.id))}
    for college, number, name, born in _students(session, sender, by):
        if college in lines:
            lines[college].people.append((number, name, born))
    return [line for line in lines.values() if line.people]


def _students(session: Session, sender: Agency, by: Viewer) -> Iterator[tuple[int | None, int, str, date]]:
    """Own people by name, each with the place of the newest of the studies that hold on the day.

    Which one is the newest is found here: a database without statistics would look for later ones person by person.
    """
    s, g = Study, Graduate
    query = (
        select(s.agency_id, s.status_code, g.id, *_NAME)
        .join(g, g.id == s.graduate_id)
        .where(s.starts_on <= by.on, or_(s.ends_on.is_(None), s.ends_on >= by.on))
        .where(visible_to(by), or_(g.agency_id == sender.id, g.graduating_agency_id == sender.id))
        .order_by(g.name_key, g.id, s.starts_on.desc(), s.id.desc())
    )
    seen = 0
    for college, status, number, *name, born in session.execute(query):
        if number != seen and status == STUDYING:
            yield college, number, _joined(name), born
        seen = number


# -- What has been sent ----------------------------------------------------------------------------------------------


def _since(session: Session, kind: ReferralKind, on: date) -> date:
    """The first day of the period in which one request is asked for, by the rule that such letters fulfil."""
    pack = pack_of(session, kind.key.partition("/")[0])
    rules = [one for one in pack.rules if fulfils(kind, one.terms, pack.code, one.clause)] if pack else []
    return max((first for one in rules if (first := _first_day(one.terms, on))), default=on - RECENT)


def _first_day(terms: RuleTerms, on: date) -> date | None:
    if terms.kind is RuleKind.WINDOW and terms.opens is not None:
        this_year = date(on.year, *terms.opens)
        return this_year if this_year <= on else years_later(this_year, -1)
    if terms.period is None:
        return None
    months = max(terms.period.months // max(terms.at_least, 1), 1)
    return date(on.year, (on.month - 1) // months * months + 1, 1)


def _sent(session: Session, kind: ReferralKind, sender: Agency, since: date) -> dict[int, Sent]:
    r, o = Referral, OutgoingLetter
    query = (
        select(r.recipient_id, r.id, r.sent_on, o.number, o.year)
        .join(o, and_(o.referral_id == r.id, o.message_id.is_(None), o.agency_id == r.sender_id))
        .where(r.sender_id == sender.id, r.kind_key == kind.key, r.sent_on >= since)
        .where(r.status.not_in(GONE), r.recipient_id.is_not(None))
        .order_by(r.sent_on, r.id)
    )
    return {
        to: Sent(number, on, f"{letter}/{year}")
        for to, number, on, letter, year in session.execute(query)
        if to is not None and on is not None
    }


# -- Sending ---------------------------------------------------------------------------------------------------------


def send(
    session: Session,
    *,
    kind: ReferralKind,
    sender: Agency,
    recipient_ids: Collection[int],
    text: str,
    ground: str = "",
    form_token: str,
    by: Viewer,
    now: datetime,
) -> Sequence[Referral]:
    """A letter to each of the recipients, about its people, all or none. A second click gets the letters of the first.

    Raises Refused.
    """
    if made := written_before(session, form_token=form_token, by=by):
        return made
    need(recipient_ids, "Отметьте, кому отправить.", field="recipients")
    lines = {line.agency.id: line for line in table(session, kind=kind, sender=sender, by=by).lines}
    need(set(recipient_ids) <= lines.keys(), "Список получателей изменился: проверьте его и отправьте ещё раз.")
    batch = form_token[:32] or None
    letters = []
    for place, number in enumerate(one for one in lines if one in set(recipient_ids)):
        people = [graduate_id for graduate_id, *_ in lines[number].people]
        told = Told(number, text=text, graduate_ids=people, ground=ground, batch=batch)
        letter = drafting.draft(session, kind_key=kind.key, told=told, agency_id=sender.id, by=by, now=now)
        letter.form_token = f"{form_token}-{place}" if form_token else None
        letters.append(workflow.send(session, referral=letter, by=by, now=now))
    return letters
