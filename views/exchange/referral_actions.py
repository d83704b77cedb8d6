"""What may be done with a letter from its page: the verbs of services.exchange, as they are offered to each side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import wtforms
from sqlalchemy import select

from models.access import Viewer
from models.case_access import may_approve
from models.exchange import Referral, ReferralMessage, ReferralStatus, ReferralStep
from models.exchange_access import acts_for_recipient, acts_for_sender, may_revoke
from models.territory import Agency
from models.users import User
from services import numbering
from services.errors import Refused
from services.exchange import drafting, transfers, workflow
from services.exchange.common import StaleReferral, kind_as_written, what_happened
from services.exchange.workflow.sending import REVOCABLE
from views import edge
from views.doing import CHANGED, Action, NoFields, is_as_seen
from views.exchange import referral_forms as forms
from views.extensions import db

S, Step = ReferralStatus, ReferralStep
Verb = Callable[[Referral, Any], str]
SENT_ANSWER = "Ответ отправлен."


@dataclass(frozen=True)
class LetterAction(Action):
    """An action whose form depends on the letter; the claim of the verb says who was faster."""

    checks_version: bool = False
    form_for: Callable[[Referral], type[wtforms.Form]] | None = None
    paper_title: str = ""  # What the side that is here calls it when it enters what the other side did on paper.

    def made_form(self, record: Referral, posted: str = "") -> wtforms.Form:
        if self.form_for is not None:
            return replace(self, form=self.form_for(record), form_for=None).made_form(record, posted)
        form = super().made_form(record, posted)
        for name, choose in CHOICES.items():
            if name in form:
                choose(form[name], record)
        return form


# -- Who and when ----------------------------------------------------------------------------------------------------


def by_sender(viewer: Viewer, referral: Referral) -> bool:
    return acts_for_sender(viewer, referral)


def by_recipient(viewer: Viewer, referral: Referral) -> bool:
    return acts_for_recipient(viewer, referral)


def by_sender_itself(viewer: Viewer, referral: Referral) -> bool:
    return viewer.is_administrator or viewer.agency_id == referral.sender_id


def by_recipient_itself(viewer: Viewer, referral: Referral) -> bool:
    return viewer.is_administrator or viewer.agency_id == referral.recipient_id


def by_head_of_recipient(viewer: Viewer, referral: Referral) -> bool:
    return referral.recipient_id is not None and may_approve(viewer, referral.recipient_id)


def by_whoever_closes(viewer: Viewer, referral: Referral) -> bool:
    is_senders = referral.status is S.ANSWERED or (referral.is_on_paper and referral.answer_due_on is None)
    return by_sender(viewer, referral) if is_senders else by_recipient(viewer, referral)


def by_either(viewer: Viewer, referral: Referral) -> bool:
    return by_sender(viewer, referral) or by_recipient(viewer, referral)


def while_(*statuses: ReferralStatus) -> Callable[[Referral], bool]:
    return lambda referral: referral.status in statuses


def is_transfer(referral: Referral) -> bool:
    return kind_as_written(referral).is_transfer


def _can_close(referral: Referral) -> bool:
    if referral.status is S.ANSWERED:
        return True
    is_taken = referral.status in (S.RECEIVED, S.ACCEPTED, S.IN_WORK)
    return referral.answer_due_on is None and (is_taken or (referral.is_on_paper and referral.status is S.SENT))


# -- What a claim tells whoever came second ---------------------------------------------------------------------------


def claimed(step: ReferralStep, verb: Verb) -> Verb:
    """A verb that compares and sets: of two people at once the second reads who was first, not that «it changed».

    Whoever has clicked twice is told that it is done. What was done on a page that shows another letter than there is
    now is not kept.
    """

    def done(referral: Referral, form: Any) -> str:
        is_seen = is_as_seen(referral)
        try:
            told = verb(referral, form)
        except StaleReferral:
            if _is_own_last_step(referral, step):
                return "Это уже сделано."
            raise
        except Refused:
            if not is_seen:
                raise StaleReferral(what_happened(referral)) from None
            raise
        if not is_seen:
            raise Refused(CHANGED)
        return told

    return done


def _is_own_last_step(referral: Referral, step: ReferralStep) -> bool:
    last = referral.events[-1] if referral.events else None
    return last is not None and last.step is step and last.user_id == edge.viewer().user_id


def _who() -> dict[str, Any]:
    return {"session": db.session(), "by": edge.viewer(), "now": edge.now()}


def _with_reason(verb: Callable[..., Any], told: str) -> Verb:
    def done(referral: Referral, form: Any) -> str:
        verb(referral=referral, reason=form.reason.data or "", **_who())
        return told

    return done


def _plain(verb: Callable[..., Any], told: str) -> Verb:
    def done(referral: Referral, form: Any) -> str:
        verb(referral=referral, **_who())
        return told

    return done


# -- Verbs -----------------------------------------------------------------------------------------------------------


def _send(referral: Referral, form: Any) -> str:
    more = {name: form[name].data for name in ("delivery", "sheets") if name in form and form[name].data}
    workflow.send(referral=referral, **more, **_who())
    number = next(one.number_text for one in reversed(referral.outgoing))
    return f"Письмо отправлено, исх. № {number}."


def _discard(referral: Referral, form: Any) -> str:
    drafting.discard(db.session(), referral=referral, by=edge.viewer())
    return "Черновик удалён."


def _acknowledge(referral: Referral, form: Any) -> str:
    workflow.acknowledge(referral=referral, **_who())
    return "Получение подтверждено, письмо зарегистрировано."


def _receive(referral: Referral, form: Any) -> str:
    workflow.receive(referral=referral, **_who())
    own = [one for one in referral.incoming if one.agency_id == edge.viewer().agency_id and one.message_id is None]
    return f"Письмо зарегистрировано, вх. № {own[-1].number_text}." if own else "Отмечено: письмо получено."


def _accept(referral: Referral, form: Any) -> str:
    workflow.accept(referral=referral, executor_id=form.executor_id.data, **_who())
    return "Письмо принято."


def _accept_transfer(referral: Referral, form: Any) -> str:
    number = form.order_number.data or ""
    people = transfers.accept(referral=referral, curator_id=form.curator_id.data, order_number=number, **_who())
    return f"Передача принята: {', '.join(one.full_name for one in people)}. Теперь сопровождает ваша организация."


def _assign(referral: Referral, form: Any) -> str:
    workflow.assign(referral=referral, executor_id=form.executor_id.data, **_who())
    return f"Исполнитель: {referral.executor.name if referral.executor else ''}."


def _answer(referral: Referral, form: Any) -> str:
    people = {one.id: form[name].data or "" for one in referral.people if (name := f"{forms.PERSON}{one.id}") in form}
    paper = {name: form[name].data for name in ("written_on", "their_number") if name in form and form[name].data}
    workflow.answer(
        referral=referral,
        text=form.text.data or "",
        outcome=form.outcome.data,
        about_people=people,
        form_token=form.form_token.data or "",
        **paper,
        **_who(),
    )
    return "Ответ внесён." if paper else SENT_ANSWER


def _answer_once(referral: Referral, form: Any) -> str:
    """A second click finds the answer of the first one."""
    token = form.form_token.data or ""
    if is_made(ReferralMessage, referral, token):
        return SENT_ANSWER
    return claimed(Step.ANSWERED, _answer)(referral, form)


def _close(referral: Referral, form: Any) -> str:
    workflow.close(referral=referral, note=form.note.data or "", **_who())
    return "Письмо закрыто."


def _forward(referral: Referral, form: Any) -> str:
    target, reason = form.recipient_id.data, form.reason.data or ""
    passed = workflow.forward(referral=referral, recipient_id=target, reason=reason, **_who())
    return f"Письмо переадресовано: {passed.recipient_name}."


def is_made(model: type[Any], referral: Referral, token: str) -> bool:
    """Whether this very form has made its line of the letter already."""
    twin = numbering.made_before(db.session(), model=model, form_token=token, by=edge.viewer())
    return twin is not None and twin.referral_id == referral.id


# -- What the fields offer ---------------------------------------------------------------------------------------------


def _offer_executors(field: Any, referral: Referral) -> None:
    is_ours = referral.is_on_paper and referral.recipient_id is None
    place = referral.sender_id if is_ours else referral.recipient_id
    query = select(User.id, User.name).where(User.agency_id == place, ~User.is_locked).order_by(User.name)
    field.offer([(number, name) for number, name in db.session.execute(query)], empty="не назначен")


def _offer_curators(field: Any, referral: Referral) -> None:
    query = select(User.id, User.name).where(User.agency_id == referral.recipient_id, ~User.is_locked)
    field.offer([(number, name) for number, name in db.session.execute(query.order_by(User.name))])


def _offer_recipients(field: Any, referral: Referral) -> None:
    """Only those to whom letters of the kind may go."""
    sides = [one for one in (referral.sender_id, referral.recipient_id) if one is not None]
    query = (
        select(Agency.id, Agency.short_name)
        .where(Agency.kind.in_(kind_as_written(referral).to_kinds), Agency.is_active, Agency.id.not_in(sides))
        .order_by(Agency.short_name)
    )
    field.offer([(number, name) for number, name in db.session.execute(query)])


CHOICES: dict[str, Callable[[Any, Referral], None]] = {
    "executor_id": _offer_executors,
    "curator_id": _offer_curators,
    "recipient_id": _offer_recipients,
}


def _fill_executor(form: Any, referral: Referral) -> None:
    form.executor_id.data = referral.executor_id


def _fill_answer(form: Any, referral: Referral) -> None:
    """What was told of each person before, where an answer has been returned."""
    for one in referral.people:
        if (name := f"{forms.PERSON}{one.id}") in form:
            form[name].data = one.answer
    if "written_on" in form:
        form.written_on.data = edge.today()


# -- All of them -------------------------------------------------------------------------------------------------------

AT_WORK = while_(S.RECEIVED, S.ACCEPTED, S.IN_WORK)
FRESH = while_(S.SENT, S.RECEIVED)
NOT_TELLING = "Причину увидят обе стороны."

ACTIONS: list[Action] = [
    LetterAction(
        "send", "Отправить", claimed(Step.SENT, _send), by_sender_itself, while_(S.DRAFT, S.RETURNED), kind="primary",
        form_for=forms.sending_form, confirm="Отправить письмо? После отправки текст не меняется.",
    ),
    LetterAction(
        "acknowledge", "Подтвердить получение", claimed(Step.RECEIVED, _acknowledge), by_recipient,
        lambda r: r.status is S.SENT and r.acknowledge_by is not None and r.acknowledged_at is None, kind="primary",
        paper_title="Отметить: получение подтверждено",
    ),
    LetterAction(
        "receive", "Зарегистрировать", claimed(Step.RECEIVED, _receive), by_recipient,
        lambda r: r.status is S.SENT and r.acknowledge_by is None, paper_title="Отметить: получено адресатом",
    ),
    LetterAction(
        "accept", "Принять", claimed(Step.ACCEPTED, _accept), by_recipient,
        lambda r: FRESH(r) and not is_transfer(r), forms.ExecutorForm, _fill_executor, kind="primary",
        paper_title="Отметить: принято адресатом",
    ),
    LetterAction(
        "accept-transfer", "Принять выпускника", claimed(Step.ACCEPTED, _accept_transfer), by_head_of_recipient,
        lambda r: FRESH(r) and is_transfer(r), forms.TransferForm, kind="primary",
        hint="Ответственной станет ваша организация, куратор сменится сегодняшним днём. История останется.",
    ),
    LetterAction(
        "start", "Взять в работу", claimed(Step.STARTED, _plain(workflow.start, "Письмо в работе.")), by_recipient,
        while_(S.ACCEPTED), paper_title="Отметить: в работе у адресата",
    ),
    LetterAction(
        "answer", "Ответить", _answer_once, by_recipient, AT_WORK, fill=_fill_answer,
        button="Отправить ответ", kind="primary", form_for=forms.answer_form, paper_title="Внести ответ адресата",
    ),
    LetterAction(
        "assign", "Назначить исполнителя", claimed(Step.ASSIGNED, _assign), by_recipient,
        while_(S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK), forms.ExecutorForm, _fill_executor, "Назначить",
    ),
    LetterAction(
        "pause", "Запросить уточнение",
        claimed(Step.PAUSED, _with_reason(workflow.pause, "Вопрос отправлен, письмо ждёт уточнения.")),
        by_recipient, lambda r: AT_WORK(r) and r.paused_on is None, forms.QuestionForm, button="Отправить вопрос",
        hint="Отправитель получит вопрос. Срок ответа не сдвигается.",
    ),
    LetterAction(
        "resume", "Уточнение получено", claimed(Step.RESUMED, _plain(workflow.resume, "Письмо снова в работе.")),
        by_either, lambda r: r.paused_on is not None,
    ),
    LetterAction(
        "close", "Закрыть", claimed(Step.CLOSED, _close), by_whoever_closes, _can_close, forms.ClosingForm,
        kind="primary", hint="Открытые письмом карточки закроются сами через 30 дней.",
    ),
    LetterAction(
        "reopen", "Вернуть ответ",
        claimed(Step.REOPENED, _with_reason(workflow.reopen, "Ответ возвращён, письмо снова в работе.")),
        by_sender, while_(S.ANSWERED), forms.MissingForm,
    ),
    LetterAction(
        "return", "Вернуть на доработку",
        claimed(Step.RETURNED, _with_reason(workflow.give_back, "Письмо возвращено на доработку.")),
        by_recipient, lambda r: FRESH(r) and not r.is_on_paper, forms.MissingForm, button="Вернуть", hint=NOT_TELLING,
    ),
    LetterAction(
        "forward", "Переадресовать", claimed(Step.FORWARDED, _forward), by_recipient_itself,
        lambda r: r.status in (S.SENT, S.RECEIVED, S.ACCEPTED) and not is_transfer(r) and r.recipient_id is not None,
        forms.ForwardForm, hint="Новому получателю уйдёт такое же письмо от того же отправителя, с тем же сроком.",
    ),
    LetterAction(
        "decline", "Отклонить", claimed(Step.DECLINED, _with_reason(workflow.decline, "Письмо отклонено.")),
        by_recipient, FRESH, forms.ReasonForm, kind="danger", hint=NOT_TELLING, paper_title="Внести отказ адресата",
    ),
    LetterAction(
        "revoke", "Отозвать", claimed(Step.REVOKED, _with_reason(workflow.revoke, "Письмо отозвано.")),
        may_revoke, while_(*REVOCABLE), forms.ReasonForm, kind="danger",
        hint="Карточки, которые открыло письмо, закроются сразу. Отменить отзыв нельзя.",
    ),
    LetterAction(
        "discard", "Удалить черновик", _discard, by_sender_itself, while_(S.DRAFT), NoFields, kind="danger",
        confirm="Удалить черновик?", checks_version=True,
    ),
]  # fmt: skip
