"""Next steps after an acceptance: an open problem, a card, a measure of the plan, as the kind of the letter says."""

from __future__ import annotations

from typing import Any

from flask import url_for

from models.exchange import Referral, ReferralPerson
from services.exchange import following
from services.exchange.common import kind_as_written
from views import edge
from views.exchange import referral_forms as forms
from views.exchange.referral_actions import LetterAction, by_recipient
from views.extensions import db
from views.plans.look import plan_name

SEVERITIES = [(1, "лёгкая"), (2, "серьёзная"), (3, "критическая")]


def _recordable(referral: Referral) -> list[ReferralPerson]:
    return following.may_be_recorded(db.session(), referral=referral, by=edge.viewer())


def _without_card(referral: Referral) -> list[ReferralPerson]:
    return [one for one in referral.people if one.graduate_id is None]


def _offer(field: Any, people: list[ReferralPerson]) -> None:
    field.offer([(one.id, one.name) for one in people], empty=None if len(people) == 1 else "")


# -- Verbs -----------------------------------------------------------------------------------------------------------


def _start_need(referral: Referral, form: Any) -> str:
    following.start_need(
        db.session(),
        referral=referral,
        person_id=form.person_id.data,
        kind_code=form.kind_code.data,
        description=form.description.data or "",
        severity=form.severity.data,
        by=edge.viewer(),
    )
    return "Нуждаемость записана в карточку, источник: сообщение организации."


def _start_card(referral: Referral, form: Any) -> str:
    graduate = following.start_card(
        db.session(),
        referral=referral,
        person_id=form.person_id.data,
        name=form.name.data or "",
        birth_date=form.birth_date.data,
        district_id=form.district_id.data,
        existing_id=form.existing_id.data,
        is_other_person=form.is_other_person.data,
        by=edge.viewer(),
        now=edge.now(),
    )
    return f"Карточка № {graduate.id}: {graduate.full_name}."


def _propose_measure(referral: Referral, form: Any) -> str:
    measure = following.propose_measure(
        db.session(),
        referral=referral,
        plan_id=form.plan_id.data,
        title=form.title.data or "",
        direction_code=form.direction_code.data,
        due_on=form.due_on.data,
        by=edge.viewer(),
    )
    return f"Мероприятие добавлено в черновик плана: {measure.title}."


# -- Forms -----------------------------------------------------------------------------------------------------------


class NeedAction(LetterAction):
    def made_form(self, record: Referral, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        _offer(form.person_id, _recordable(record))
        form.severity.offer(SEVERITIES, empty="не оценена")
        return form


class CardAction(LetterAction):
    def made_form(self, record: Referral, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        _offer(form.person_id, _without_card(record))
        return form


class MeasureAction(LetterAction):
    def made_form(self, record: Referral, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        plans = following.draft_plans(db.session(), referral=record, by=edge.viewer())
        form.plan_id.offer([(one.id, plan_name(one)) for one in plans], empty=None if len(plans) == 1 else "")
        return form


def _fill_need(form: Any, referral: Referral) -> None:
    form.description.data = referral.summary if referral.summary != referral.kind_title else ""


def _fill_card(form: Any, referral: Referral) -> None:
    people = _without_card(referral)
    if people:
        form.name.data, form.birth_date.data = people[0].name, people[0].birth_date
    districts = edge.viewer().district_ids
    if len(districts) == 1:
        form.district_id.data = districts[0]


def _fill_measure(form: Any, referral: Referral) -> None:
    form.title.data, form.due_on.data = referral.summary or referral.kind_title, referral.answer_due_on


FOLLOWING = [
    NeedAction(
        "need", "Завести нуждаемость", _start_need, by_recipient,
        lambda r: following.follows(r, "problem") and bool(_recordable(r)), forms.NeedForm, _fill_need,
        "Записать в карточку", checks_version=True,
    ),
    CardAction(
        "card", "Завести карточку", _start_card, by_recipient,
        lambda r: following.follows(r, "card") and bool(_without_card(r)), forms.CardForm, _fill_card,
        "Завести карточку", checks_version=True,
    ),
    MeasureAction(
        "measure", "Предложить мероприятие в план", _propose_measure, by_recipient,
        lambda r: following.follows(r, "measure")
        and bool(following.draft_plans(db.session(), referral=r, by=edge.viewer())),
        forms.MeasureForm, _fill_measure, "Добавить в план", checks_version=True,
    ),
]  # fmt: skip


def links(referral: Referral) -> list[tuple[str, str]]:
    """Where the measure is proposed, if no draft of a plan is there: (label, address)."""
    viewer, session = edge.viewer(), db.session()
    if not (following.follows(referral, "measure") and by_recipient(viewer, referral)):
        return []
    plans = following.own_plans(session, referral=referral, by=viewer)
    found = [(f"Открыть: {plan_name(one)}", url_for("plan.details_view", id=one.id)) for one in plans]
    planned = {one.graduate_id for one in plans}
    found += [
        (f"Составить план: {one.name}", url_for("plan.create_view", graduate=one.graduate_id))
        for one in _recordable(referral)
        if one.graduate_id not in planned
    ]
    return found


def is_followed(referral: Referral) -> bool:
    """Whether the kind says that something is to be done after the acceptance."""
    return bool({"problem", "card", "measure"} & kind_as_written(referral).accepting)
