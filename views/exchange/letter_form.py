"""The form of a letter: to whom, about whom, what it tells, by what right; filled in from the cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import wtforms
from flask import request
from sqlalchemy import select
from werkzeug.datastructures import ImmutableMultiDict
from wtforms.validators import DataRequired, Length, Optional

from models.access import visible_to
from models.exchange import Referral
from models.graduates import Graduate
from models.support import Consent
from models.territory import Agency
from services.errors import Refused
from services.exchange import drafting, people_facts
from services.exchange.common import answer_day
from services.exchange.drafting import MANY, Told
from services.exchange.kinds import ABOUT_NONE, ABOUT_PERSON, ReferralKind
from services.exchange.routing import Routing, route
from services.exchange.writing import Addressee
from views import edge
from views.doing import LINE, OnceField
from views.extensions import db
from views.fields import REQUIRED, LongField, OfferedField, RuDateField, TextField, VersionField, printable
from views.formats import ru_date
from views.people_lookup import PersonField
from views.work.fields import PeopleField

DETAILED = 20  # Of so many people the fields can be corrected in the form; of more they come from the cards.
LONGEST_FACT = 2000


class AgenciesField(wtforms.SelectMultipleField):
    """Other organisations of the kinds that may get the letter."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        attributes = {"data-picker": "", "data-placeholder": "Начните вводить название", "data-wide": True}
        super().__init__(label, choices=[], validate_choice=False, coerce=_number, render_kw=attributes, **kwargs)
        self.offered: Sequence[Agency] = ()

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = list(dict.fromkeys(_number(text) for text in valuelist if text))

    def has_groups(self) -> bool:
        return False

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        chosen = set(self.data or [])
        yield from ((one.id, one.short_name, one.id in chosen, {}) for one in self.offered)


class ConsentField(OfferedField):
    """A consent of the person the letter is about."""

    offered: Sequence[Consent] = ()

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "по согласию не передаём" if self.offered else "согласий на передачу нет", self.data is None, {})
        for one in self.offered:
            text = f"согласие от {ru_date(one.given_on)} {one.document}".strip()
            yield (one.id, f"{text}: {one.permitted_data}" if one.permitted_data else text, one.id == self.data, {})


def _number(value: Any) -> int:
    """0 for what is no number of an organisation."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class LetterForm(wtforms.Form):
    form_token = OnceField()
    version = VersionField()
    subject = wtforms.HiddenField(default="")
    routed_for = wtforms.HiddenField(default="")
    deadline = wtforms.HiddenField(default="")
    recipients = AgenciesField("Кому")
    others = AgenciesField("Другая организация из справочника")
    outside = TextField("Кого нет в справочнике", validators=[LINE])
    person = PersonField(label="Человек")
    people = PeopleField("Люди")
    unknown_name = TextField("Или кто, если карточки нет", validators=[LINE])
    unknown_birth_date = RuDateField("Дата рождения, если известна", validators=[Optional()])
    consent_id = ConsentField(label="Согласие на передачу сведений")
    ground = TextField("Или норма закона", validators=[LINE])
    summary = TextField("О чём, одной строкой", validators=[DataRequired(REQUIRED), LINE])
    text = LongField("Текст письма", validators=[Length(max=20000, message="Не длиннее 20 000 знаков.")])
    answer_due_on = RuDateField("Ответ нужен до", validators=[Optional()])


# Fields that a refusal of a verb names → where they stand in this form.
PLACES = {"recipient_id": "recipients", "recipient_text": "outside"}


@dataclass
class Fact:
    """A field of the kind about one person (or about nobody, number 0)."""

    name: str
    label: str
    value: str


@dataclass
class Person:
    id: int
    name: str
    facts: list[Fact] = field(default_factory=list)


@dataclass
class Composed:
    """A form together with what it offers for its kind, its sender and its people."""

    kind: ReferralKind
    sender: Agency
    form: LetterForm
    record: Referral | None = None
    routing: Routing = field(default_factory=lambda: Routing(()))
    people: list[Person] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)  # Of a kind that is about nobody, or of somebody unknown.
    unseen: int = 0

    @property
    def person_ids(self) -> list[int]:
        if self.kind.about == ABOUT_NONE:
            return []
        if self.kind.about == ABOUT_PERSON:
            return [self.form.person.data] if self.form.person.data else []
        return list(self.form.people.data or [])

    @property
    def has_new_people(self) -> bool:
        """The people have changed since recipients and fields were filled in."""
        return self.kind.about != ABOUT_NONE and self.form.routed_for.data != _joined(self.person_ids)

    def to(self) -> list[Addressee]:
        form = self.form
        chosen = dict.fromkeys([*(form.recipients.data or []), *(form.others.data or [])])
        outside = [Addressee(None, form.outside.data)] if form.outside.data else []
        return [*(Addressee(number) for number in chosen), *outside]

    def told(self) -> Told:
        form = self.form
        return Told(
            recipient_id=None,
            summary=form.summary.data or "",
            text=form.text.data or "",
            graduate_ids=self.person_ids,
            person_facts={one.id: {fact.label: fact.value for fact in one.facts} for one in self.people if one.facts},
            facts={fact.label: fact.value for fact in self.facts},
            consent_id=form.consent_id.data if "consent_id" in form else None,
            ground=(form.ground.data or "") if "ground" in form else "",
            answer_due_on=form.answer_due_on.data if "answer_due_on" in form else None,
            unknown_name=(form.unknown_name.data or "") if "unknown_name" in form else "",
            unknown_birth_date=form.unknown_birth_date.data if "unknown_birth_date" in form else None,
            subject=(form.subject.data or "") if is_subject(form.subject.data or "") else "",
            deadline_id=_number(form.deadline.data) or None,
        )

    def blame(self, refusal: Refused) -> str:
        """Put the sentence at its field; what stands on top of the page instead."""
        name = PLACES.get(refusal.field, refusal.field)
        name = ("person" if self.kind.about == ABOUT_PERSON else "people") if name == "graduate_ids" else name
        if name not in self.form:
            return str(refusal)
        self.form[name].errors = [*self.form[name].errors, str(refusal)]
        return ""


def is_subject(text: str) -> bool:
    """«problem:7»"""
    name, sign, number = text.partition(":")
    return bool(sign) and name.replace("_", "").isalpha() and number.isdecimal() and len(text) <= 80


def compose(kind: ReferralKind, sender: Agency, *, record: Referral | None = None, fresh: LetterForm) -> Composed:
    """Complete a form: the fields that its kind has, what can be chosen, what the cards tell."""
    made = Composed(kind, sender, fresh, record)
    form = made.form
    for name in _absent(kind):
        del form[name]
    graduates = _graduates(made)
    made.routing = route(
        db.session(),
        kind=kind,
        sender=sender,
        graduate=graduates[0] if len(graduates) == 1 else None,
        on=edge.today(),
    )
    _offer_recipients(made)
    if "consent_id" in form and len(graduates) == 1:
        on = edge.today()
        form.consent_id.offered = drafting.consents_for(db.session(), graduate_id=graduates[0].id, on=on)
    _fill_facts(made, graduates)
    return made


def _absent(kind: ReferralKind) -> Iterator[str]:
    """Fields that a letter of the kind does not have."""
    if kind.about != ABOUT_PERSON:
        yield "person"
    if kind.about in (ABOUT_PERSON, ABOUT_NONE):
        yield "people"
    if not kind.needs_consent or kind.about == ABOUT_NONE:
        yield from ("consent_id", "ground")
    if kind.answer_days is None:
        yield "answer_due_on"
    if "card" not in kind.accepting:
        yield from ("unknown_name", "unknown_birth_date")


def _graduates(made: Composed) -> list[Graduate]:
    """The people of the letter whom the user sees, in their order."""
    wanted = made.person_ids[: MANY + 1]
    if not wanted:
        return []
    query = select(Graduate).where(Graduate.id.in_(wanted), visible_to(edge.viewer()))
    found = {one.id: one for one in db.session.scalars(query)}
    made.unseen = len(wanted) - len(found)
    return [found[number] for number in wanted if number in found]


def _offer_recipients(made: Composed) -> None:
    """Whoever is proposed is a check box, everybody else of the kinds stands in the picker."""
    form = made.form
    proposed = {one.agency.id: one for one in made.routing.proposals}
    query = select(Agency).where(Agency.kind.in_(made.kind.to_kinds), Agency.is_active, Agency.id != made.sender.id)
    form.recipients.offered = [one.agency for one in made.routing.proposals]
    form.others.offered = [
        one for one in db.session.scalars(query.order_by(Agency.short_name)) if one.id not in proposed
    ]
    named = [*(form.recipients.data or []), *(form.others.data or [])]
    if not is_posted() and not named:
        named = [number for number, one in proposed.items() if one.is_chosen]
    if is_posted() and made.has_new_people:
        kept = [number for number in form.others.data or [] if number not in proposed]
        named = [*kept, *(number for number, one in proposed.items() if one.is_chosen)]
    form.recipients.data = [number for number in named if number in proposed]
    form.others.data = [number for number in named if number not in proposed]


def _fill_facts(made: Composed, graduates: Sequence[Graduate]) -> None:
    typed: Mapping[str, str] = request.form if is_posted() else ImmutableMultiDict()
    record = made.record
    if made.kind.about == ABOUT_NONE or ("unknown_name" in made.form and not graduates):
        stored = drafting.told_of(record).facts if record else {}
        made.facts = [
            _fact(typed, 0, place, one.label, stored.get(one.label, "")) for place, one in enumerate(made.kind.fields)
        ]
        return
    told = people_facts.facts_of(db.session(), kind=made.kind, graduates=graduates, on=edge.today())
    written = drafting.values_of(record.people) if record else {}
    for graduate in graduates:
        person = Person(graduate.id, f"{graduate.full_name}, {ru_date(graduate.birth_date)}")
        if len(graduates) <= DETAILED:
            stored = written.get(graduate.id, {})
            person.facts = [
                _fact(typed, graduate.id, place, label, stored.get(label, value))
                for place, (label, value) in enumerate(told[graduate.id])
            ]
        made.people.append(person)


def _fact(typed: Mapping[str, str], number: int, place: int, label: str, value: str) -> Fact:
    name = f"fact-{number}-{place}"
    return Fact(name, label, printable(typed[name])[:LONGEST_FACT].strip() if name in typed else value)


def is_posted() -> bool:
    return request.method == "POST"


def _joined(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def mark_routed(made: Composed) -> None:
    """The page now shows recipients and fields of these very people."""
    made.form.routed_for.data = _joined(made.person_ids)
    made.form.routed_for.raw_data = None


def proposed_answer_day(kind: ReferralKind) -> Any:
    """The kind's own last day for an answer; None where the calendar does not reach so far."""
    try:
        return answer_day(db.session(), kind, edge.today())
    except Refused:
        return None
