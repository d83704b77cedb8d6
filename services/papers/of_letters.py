"""What letters between organisations say on paper: a referral, a notice, a request, and the answer to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.exchange import OutgoingLetter, Referral, ReferralFile, ReferralPerson, ReferralStatus
from models.territory import Agency
from models.users import User
from reports.templates import Field, rows
from services.exchange.common import kind_as_written
from services.papers.facts import AGENCY, ANNULLED, agency_facts, annulled_facts
from services.papers.paper import Desk, Facts, day, joined, lines

ADDRESSEE = (
    Field("to_name", "получатель: наименование, как при отправке"),
    Field("to_position_dative", "должность руководителя получателя в дательном падеже"),
    Field("to_head_dative", "ФИО руководителя получателя в дательном падеже"),
)
COMMON = (
    *AGENCY,
    *ADDRESSEE,
    *ANNULLED,
    Field("number", "исходящий номер"),
    Field("sent_on", "дата письма"),
    Field("title", "вид письма"),
    rows("paragraphs", "текст письма по абзацам", text="абзац"),
    rows("attachments", "приложения", text="название"),
    Field("executor", "исполнитель: ФИО, должность"),
    Field("executor_phone", "телефон исполнителя или организации"),
)
REFERRAL = (
    *COMMON,
    Field("request", "о чём просит письмо этого вида"),
    Field("summary", "краткое содержание, если оно не повторяет вид"),
    rows("facts", "сведения: об одном человеке или без людей", label="что", value="сведение"),
    rows("people", "список людей, если их несколько", number="№ п/п", name="ФИО", text="сведения"),
    Field("ground", "основание передачи сведений"),
    Field("about_people", "«да», если письмо о людях"),
    Field("answer_due_on", "последний день для ответа"),
    Field("urgent", "«да», если письмо экстренное"),
    Field("forwarded", "кем переадресовано, исходящий номер и дата"),
)
ANSWER = (
    *COMMON,
    Field("their_number", "номер письма, на которое отвечают"),
    Field("their_on", "дата письма, на которое отвечают"),
    Field("outcome", "результат"),
    rows("people", "ответ о каждом человеке", number="№ п/п", name="ФИО", text="ответ"),
)


def is_ours(letter: Referral) -> bool:
    """Written here: of a letter that came on paper the paper is there already."""
    return letter.sender is not None and (letter.sent_at is None or bool(letter.outgoing))


def is_answer(record: OutgoingLetter) -> bool:
    return record.message_id is not None


def letter_name(letter: Referral) -> str:
    own = _own_line(letter)
    return joined("Письмо", f"№ {own.number_text.replace('/', '-')}" if own else "проект", letter.kind_title, by=" ")


def answer_name(record: OutgoingLetter) -> str:
    return f"Ответ № {record.number_text.replace('/', '-')}"


# -- A letter --------------------------------------------------------------------------------------------------------


def referral(desk: Desk, letter: Referral) -> Facts:
    assert letter.sender
    kind, own = kind_as_written(letter), _own_line(letter)
    one, several = (letter.people, []) if len(letter.people) == 1 else ([], letter.people)
    return {
        **agency_facts(desk, letter.sender),
        **_addressee(desk, letter.recipient, letter.recipient_name),
        "agency_name": letter.sender_name,
        "annulled": f"ОТОЗВАНО: {letter.reason}" if letter.status is ReferralStatus.REVOKED else "",
        "number": own.number_text if own else "",
        "sent_on": day(letter.sent_on),
        "title": letter.kind_title,
        "request": kind.letter,
        "summary": letter.summary if letter.summary != letter.kind_title else "",
        "paragraphs": _paragraphs(letter.text),
        "facts": [*(fact for person in one for fact in _facts_of(person)), *_told(letter.facts)],
        "people": [
            {"number": str(place), "name": person.name, "text": _in_a_line(person)}
            for place, person in enumerate(several, start=1)
        ],
        "ground": (letter.ground or ("" if kind.needs_consent else letter.clause_text)).rstrip("."),
        "about_people": "да" if letter.people else "",
        "answer_due_on": day(letter.answer_due_on),
        "urgent": "да" if kind.is_emergency else "",
        "forwarded": _forwarded(letter),
        "attachments": _attachments(letter.files, None),
        **_executor(letter.author, letter.sender),
    }


def _own_line(letter: Referral) -> OutgoingLetter | None:
    """The last number that the sender itself gave to the letter."""
    own = [one for one in letter.outgoing if one.message_id is None and one.agency_id == letter.sender_id]
    return own[-1] if own else None


def _facts_of(person: ReferralPerson) -> list[dict[str, str]]:
    """What the kind tells of somebody, the name first."""
    told = _told(person.facts)
    is_named = any(fact["value"] == person.name for fact in told)
    return told if is_named else [{"label": "ФИО", "value": person.name}, *told]


def _told(facts: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [{"label": fact["label"], "value": fact["value"]} for fact in facts if fact["value"]]


def _in_a_line(person: ReferralPerson) -> str:
    told = (fact for fact in _told(person.facts) if fact["value"] != person.name)
    return "; ".join(f"{fact['label']}: {fact['value']}" for fact in told)


def _forwarded(letter: Referral) -> str:
    if letter.forwarded_by is None:
        return ""
    own = [one for one in letter.outgoing if one.agency_id == letter.forwarded_by_id and one.message_id is None]
    number = f"исх. № {own[-1].number_text} от {day(own[-1].sent_on)}" if own else ""
    return joined(letter.forwarded_by.name, number)


# -- An answer -------------------------------------------------------------------------------------------------------


def answer(desk: Desk, record: OutgoingLetter) -> Facts:
    letter, message = record.referral, record.message
    assert message
    theirs = _own_line(letter)
    told = [person for person in letter.people if person.answer]
    author = desk.session.get(User, message.author_id) if message.author_id is not None else None
    return {
        **agency_facts(desk, record.agency),
        **_addressee(desk, letter.sender, letter.sender_name),
        **annulled_facts(record),
        "agency_name": letter.recipient_name if record.agency_id == letter.recipient_id else record.agency.name,
        "number": record.number_text,
        "sent_on": day(record.sent_on),
        "title": letter.kind_title,
        "their_number": theirs.number_text if theirs else letter.their_number,
        "their_on": day(letter.sent_on),
        "paragraphs": _paragraphs(message.text),
        "outcome": message.outcome.label if message.outcome else "",
        "people": [
            {"number": str(place), "name": person.name, "text": person.answer}
            for place, person in enumerate(told, start=1)
        ],
        "attachments": _attachments(letter.files, message.id),
        **_executor(author, record.agency),
    }


# -- What both have --------------------------------------------------------------------------------------------------


def _addressee(desk: Desk, agency: Agency | None, name: str) -> Facts:
    position = desk.forms.position(agency.head_position if agency else "")
    head = desk.forms.name(agency.head_name if agency else "")
    return {"to_name": name, "to_position_dative": position.dative, "to_head_dative": head.dative}


def _executor(user: User | None, agency: Agency) -> Facts:
    return {
        "executor": joined(user.name, user.position) if user else "",
        "executor_phone": (user.phone if user else "") or agency.phone,
    }


def _paragraphs(text: str) -> list[dict[str, Any]]:
    return [{"text": line} for line in lines(text)]


def _attachments(files: Sequence[ReferralFile], message_id: int | None) -> list[dict[str, str]]:
    return [{"text": one.title} for one in files if one.message_id == message_id and one.removed_on is None]
