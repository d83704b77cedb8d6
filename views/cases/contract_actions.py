"""What is done with a contract on its page."""

from __future__ import annotations

from typing import Any

from models.cases import Contract
from services.cases import contract_changes, contracts, episodes
from services.cases.ages import ages_of
from views import edge
from views.cases.actions import discarding, may
from views.cases.forms import (
    AmendForm,
    AnnulContractForm,
    EndForm,
    HandForm,
    ResumeForm,
    SignForm,
    SuspendForm,
    today_in,
)
from views.doing import Action, annulling
from views.extensions import db
from views.formats import ru_date


def _sign(record: Contract, form: Any) -> str:
    contracts.sign(
        db.session(),
        contract=record,
        signed_on=form.signed_on.data,
        origin=form.origin.data or "",
        by=edge.viewer(),
        now=edge.now(),
    )
    episode = episodes.of_contract(db.session(), contract=record)
    accepted = f" Выпускник принят на сопровождение: № {episode.number_text} журнала принятых." if episode else ""
    return f"Договор подписан, № {record.number_text}.{accepted}"


def _fill_sign(form: Any, record: Contract) -> None:
    form.signed_on.data = min(record.starts_on, edge.today())
    form.origin.data = episodes.origin_of(record.graduate)


def _hand_out(record: Contract, form: Any) -> str:
    contracts.hand_out(db.session(), contract=record, handed_on=form.handed_on.data, by=edge.viewer())
    return "Выдача экземпляра отмечена."


def _amend(record: Contract, form: Any) -> str:
    amendment = contract_changes.amend(
        db.session(),
        contract=record,
        signed_on=form.signed_on.data,
        subject=form.subject.data or "",
        new_ends_on=form.new_ends_on.data,
        by=edge.viewer(),
    )
    told = f"Дополнительное соглашение № {amendment.number} записано."
    if amendment.new_ends_on is not None:
        told += f" Договор действует по {ru_date(amendment.new_ends_on)}."
    return told


def _suspend(record: Contract, form: Any) -> str:
    contract_changes.suspend(
        db.session(),
        contract=record,
        ground_code=form.ground_code.data,
        starts_on=form.starts_on.data,
        note=form.note.data or "",
        by=edge.viewer(),
    )
    return "Договор приостановлен."


def _resume(record: Contract, form: Any) -> str:
    contract_changes.resume(db.session(), contract=record, ends_on=form.ends_on.data, by=edge.viewer())
    return "Договор возобновлён."


def _end(record: Contract, form: Any) -> str:
    contract_changes.end(
        db.session(),
        contract=record,
        ended_on=form.ended_on.data,
        ground_code=form.ground_code.data,
        note=form.note.data or "",
        result=form.result.data or "",
        by=edge.viewer(),
    )
    return "Договор прекращён, выпускник снят с сопровождения по нему."


def _fill_end(form: Any, record: Contract) -> None:
    """The last day of the term and the ground that is true then."""
    today = edge.today()
    form.ended_on.data = min(today, record.ends_on)
    if today < record.ends_on:
        return
    ages = ages_of(db.session(), graduate=record.graduate, agency_id=record.agency_id, on=record.starts_on)
    form.ground_code.data = "turned_23" if record.ends_on >= ages.last_day else "term_expired"


def _annul(record: Contract, form: Any) -> str:
    contract_changes.annul(
        db.session(),
        contract=record,
        reason=form.reason.data or "",
        is_certain=form.is_certain.data,
        by=edge.viewer(),
    )
    return "Договор и запись о принятии аннулированы, в журналах они зачёркнуты."


def _is_paused(record: Contract) -> bool:
    return record.is_open() and contract_changes.current_pause(record) is not None


ACTIONS = (
    Action(
        "sign",
        "Отметить подписание",
        _sign,
        may,
        lambda record: record.number is None and record.annulled_on is None,
        SignForm,
        fill=_fill_sign,
        button="Договор подписан",
        kind="primary",
        hint="Договор получит номер журнала договоров, выпускник – номер в журнале принятых на сопровождение.",
    ),
    Action(
        "hand",
        "Отметить выдачу экземпляра",
        _hand_out,
        may,
        lambda record: record.signed_on is not None and record.annulled_on is None and record.handed_on is None,
        HandForm,
        fill=today_in("handed_on"),
        button="Экземпляр выдан",
    ),
    Action(
        "amend",
        "Дополнительное соглашение",
        _amend,
        may,
        lambda record: record.is_open(),
        AmendForm,
        fill=today_in("signed_on"),
        button="Записать соглашение",
        hint="Новый последний день не может быть дальше последнего дня права по возрасту.",
    ),
    Action(
        "suspend",
        "Приостановить",
        _suspend,
        may,
        lambda record: record.is_open() and not _is_paused(record),
        SuspendForm,
        fill=today_in("starts_on"),
    ),
    Action("resume", "Возобновить", _resume, may, _is_paused, ResumeForm, fill=today_in("ends_on"), kind="primary"),
    Action(
        "end",
        "Прекратить договор",
        _end,
        may,
        lambda record: record.is_open(),
        EndForm,
        fill=_fill_end,
        button="Прекратить",
        hint="По истечении срока и выполнении плана договор закрывают по заключению, подписанному сторонами.",
    ),
    discarding("Убрать проект договора"),
    annulling(_annul, form=AnnulContractForm),
)
