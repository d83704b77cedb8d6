"""Letters that come on paper from those who have no account: registered by whoever received them (vologda 4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.exchange import Delivery, Referral, ReferralPerson, ReferralStatus, ReferralStep
from models.graduates import Graduate
from models.territory import Agency
from models.text import fold_spaces, normalise
from services.errors import Refused, need
from services.exchange import letters
from services.exchange.common import has_accounts, note_step
from services.exchange.drafting import MANY, UNSEEN, _about, columns_of
from services.exchange.kinds import kind_of
from services.numbering import EARLIEST


def register(
    session: Session,
    *,
    kind_key: str,
    agency_id: int,
    sender_id: int | None = None,
    sender_text: str = "",
    their_number: str = "",
    written_on: date,
    received_on: date,
    summary: str,
    text: str = "",
    graduate_ids: Sequence[int] = (),
    person_names: Sequence[str] = (),
    answer_due_on: date | None = None,
    delivery: Delivery = Delivery.POST,
    sheets: int = 1,
    by: Viewer,
    now: datetime,
) -> Referral:
    """Enter a paper letter of somebody without an account: received, with its incoming number. Raises Refused.

    `person_names`: about whom it is, where there is no card yet.
    """
    need(by.is_administrator or by.agency_id == agency_id, "Письма регистрирует сама организация.")
    kind = kind_of(session, key=kind_key, agency_id=agency_id, on=by.on)
    if kind is None:
        raise Refused("Выберите вид письма.", field="kind_key")
    need(sender_id != agency_id, "Письмо самим себе не регистрируют.", field="sender_id")
    sender_name = _sender(session, sender_id, sender_text)
    need(summary.strip(), "Кратко запишите содержание.", field="summary")
    need(sheets > 0, "Укажите число листов.", field="sheets")
    _need_days(written_on, received_on, answer_due_on, by.on)
    recipient = session.get_one(Agency, agency_id)
    need(recipient.kind in kind.to_kinds, "Письма этого вида вашей организации не пишут.", field="kind_key")
    people = [*_people(session, graduate_ids, by), *_strangers(person_names, len(set(graduate_ids)))]
    referral = Referral(
        **columns_of(kind),
        status=ReferralStatus.RECEIVED,
        sender_id=sender_id,
        sender_name=sender_name,
        recipient=recipient,
        recipient_name=recipient.name,
        is_on_paper=True,
        summary=summary.strip(),
        text=text.strip(),
        **_told_of(people),
        ground="получено от отправителя",
        their_number=their_number.strip(),
        author_id=by.user_id,
        created_at=now,
        sent_at=now,
        sent_on=written_on,
        received_on=received_on,
        answer_due_on=answer_due_on,
    )
    _keep(session, referral, received_on, sheets, delivery, by, now)
    return referral


def _told_of(people: list[ReferralPerson]) -> dict[str, Any]:
    names = " ".join(person.name for person in people)
    return {"people": people, "about_text": _about(people), "about_key": normalise(names)[:500]}


def _keep(
    session: Session, referral: Referral, on: date, sheets: int, delivery: Delivery, by: Viewer, now: datetime
) -> None:
    session.add(referral)
    session.flush()
    note_step(session, referral=referral, step=ReferralStep.RECEIVED, before=None, by=by, now=now, note="на бумаге")
    assert referral.recipient_id is not None
    letters.register_incoming(
        session,
        referral=referral,
        agency_id=referral.recipient_id,
        on=on,
        sheets=sheets,
        delivery=delivery,
        by=by,
        now=now,
    )


def _sender(session: Session, sender_id: int | None, sender_text: str) -> str:
    """The name of a correspondent: of the directory, without an account, or as it stands on the paper."""
    sender = session.get(Agency, sender_id) if sender_id is not None else None
    need(sender or sender_text.strip(), "Укажите, от кого письмо.", field="sender_text")
    works_here = has_accounts(session, sender_id)
    need(not works_here, "Эта организация работает в «Маршруте»: её письма приходят сами.", field="sender_id")
    return sender.name if sender else sender_text.strip()


def _need_days(written_on: date, received_on: date, answer_due_on: date | None, on: date) -> None:
    need(written_on <= received_on, "Письмо не может прийти раньше своей даты.", field="written_on")
    need(written_on.year >= EARLIEST, "Проверьте год.", field="written_on")
    need(received_on <= on, "Этот день ещё не наступил.", field="received_on")
    need(answer_due_on is None or answer_due_on >= received_on, "Срок ответа раньше письма.", field="answer_due_on")


def _people(session: Session, graduate_ids: Sequence[int], by: Viewer) -> list[ReferralPerson]:
    wanted = list(dict.fromkeys(graduate_ids))
    query = select(Graduate).where(Graduate.id.in_(wanted), visible_to(by))
    found = {one.id: one for one in session.scalars(query)}
    need(len(found) == len(wanted), UNSEEN, field="graduate_ids")
    return [
        ReferralPerson(
            graduate_id=number, position=place, name=found[number].full_name, birth_date=found[number].birth_date
        )
        for place, number in enumerate(wanted)
    ]


def _strangers(names: Sequence[str], first_place: int) -> list[ReferralPerson]:
    """People without a card of ours, by the names that the letter gives them."""
    told = list(dict.fromkeys(fold_spaces(name) for name in names if name.strip()))
    need(len(told) <= MANY, f"В одном письме не больше {MANY} человек.", field="person_names")
    need(all(len(name) <= 200 for name in told), "Имя не длиннее 200 знаков.", field="person_names")
    return [ReferralPerson(position=place, name=name) for place, name in enumerate(told, start=first_place)]
