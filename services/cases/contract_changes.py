"""A contract in force: amended, suspended, resumed, ended, annulled (aistenok 12; domain §1.5)."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import (
    BY_CONCLUSION,
    PAUSING,
    Conclusion,
    Contract,
    ContractAmendment,
    ContractSuspension,
    SupportEpisode,
)
from models.plans import Plan
from models.text import plural
from models.work import Appeal, Consultation, ServiceRecord, Visit
from services import numbering
from services.cases import episodes, warnings
from services.cases.ages import ages_of
from services.cases.common import hold, need_live, need_order, need_passed, need_registrar, ru, touch
from services.errors import Refused, need

UNSIGNED = "Договор нельзя закрыть по заключению без подписи выпускника."
NO_CONCLUSION = "Сначала составьте заключение о результатах: по нему закрывают договор."


def _need_open(session: Session, contract: Contract, by: Viewer) -> date:
    """The contract, held, is in force; the day on which it was signed."""
    need_registrar(by, contract.agency_id)
    hold(session, contract)
    need_live(contract)
    if contract.signed_on is None:
        raise Refused("Договор ещё не подписан.")
    need(contract.ended_on is None, f"Договор уже прекращён {ru(contract.ended_on or by.on)}.")
    return contract.signed_on


def amend(
    session: Session,
    *,
    contract: Contract,
    signed_on: date,
    subject: str,
    new_ends_on: date | None = None,
    by: Viewer,
) -> ContractAmendment:
    """An additional agreement, numbered inside its contract; a new end is capped like the first. Raises Refused."""
    contract_signed_on = _need_open(session, contract, by)
    need(subject.strip(), "Напишите, о чём соглашение.", field="subject")
    need_passed(signed_on, by, "signed_on")
    need_order(signed_on, contract_signed_on, "подписания договора", "signed_on")
    told = f"Срок договора истёк {ru(contract.ends_on)}: изменить его нельзя, заключите новый договор."
    need(signed_on <= contract.ends_on, told, field="signed_on")
    amendment = ContractAmendment(signed_on=signed_on, subject=subject.strip())
    if new_ends_on is not None:
        need_order(new_ends_on, max(signed_on, contract.starts_on), "начала срока или соглашения", "new_ends_on")
        amendment.old_ends_on, amendment.new_ends_on = contract.ends_on, _capped(session, contract, new_ends_on)
        contract.ends_on = amendment.new_ends_on
    amendment.number = max((one.number for one in contract.amendments), default=0) + 1
    contract.amendments.append(amendment)
    touch(contract)
    session.flush()
    return amendment


def _capped(session: Session, contract: Contract, ends_on: date) -> date:
    ages = ages_of(session, graduate=contract.graduate, agency_id=contract.agency_id, on=contract.starts_on)
    return min(ends_on, ages.last_day)


def amendment_warnings(session: Session, *, amendment: ContractAmendment) -> list[str]:
    contract = amendment.contract
    ages = ages_of(session, graduate=contract.graduate, agency_id=contract.agency_id, on=contract.starts_on)
    return warnings.of_term(amendment.new_ends_on, ages) if amendment.new_ends_on is not None else []


def suspend(
    session: Session, *, contract: Contract, ground_code: str | None, starts_on: date, note: str = "", by: Viewer
) -> None:
    """The contract rests: prison, military service. Raises Refused."""
    _need_open(session, contract, by)
    if ground_code not in PAUSING:
        raise Refused(
            "Договор приостанавливают на время заключения под стражу или службы. "
            "Другие основания прекращают его: выберите «Прекратить».",
            field="ground_code",
        )
    need_passed(starts_on, by, "starts_on")
    need_order(starts_on, contract.starts_on, "начала срока договора", "starts_on")
    for pause in contract.suspensions:
        need(pause.ends_on is not None, f"Договор уже приостановлен с {ru(pause.starts_on)}.")
        need(pause.ends_on is None or starts_on > pause.ends_on, "В эти дни договор уже был приостановлен.")
    contract.suspensions.append(ContractSuspension(ground_code=ground_code, starts_on=starts_on, note=note.strip()))
    touch(contract)
    session.flush()


def resume(session: Session, *, contract: Contract, ends_on: date, by: Viewer) -> None:
    """`ends_on` is the last day of the pause. Raises Refused."""
    _need_open(session, contract, by)
    pause = current_pause(contract)
    if pause is None:
        raise Refused("Договор не приостановлен.")
    need_passed(ends_on, by, "ends_on")
    need_order(ends_on, pause.starts_on, "начала приостановления", "ends_on")
    pause.ends_on = ends_on
    touch(contract)
    session.flush()


def current_pause(contract: Contract) -> ContractSuspension | None:
    return next((pause for pause in contract.suspensions if pause.ends_on is None), None)


def end(
    session: Session,
    *,
    contract: Contract,
    ended_on: date,
    ground_code: str | None,
    note: str = "",
    result: str = "",
    by: Viewer,
) -> None:
    """The contract ends and the person is taken off support with the same ground. Raises Refused."""
    signed_on = _need_open(session, contract, by)
    need_passed(ended_on, by, "ended_on")
    need_order(ended_on, signed_on, "подписания договора", "ended_on")
    if not ground_code:
        raise Refused("Выберите основание прекращения.", field="ground_code")
    _need_true(session, contract, ground_code, ended_on)
    conclusion = signed_conclusion(contract)
    if ground_code in BY_CONCLUSION and conclusion is None:
        is_half_signed = any(one.approved_on and one.annulled_on is None for one in contract.conclusions)
        raise Refused(UNSIGNED if is_half_signed else NO_CONCLUSION, field="ground_code")
    contract.ended_on, contract.termination_ground_code = ended_on, ground_code
    contract.termination_note = note.strip()
    if (pause := current_pause(contract)) is not None:
        pause.ends_on = max(ended_on, pause.starts_on)
    told = result.strip() or (conclusion.achieved or conclusion.outcome.label if conclusion else "")
    episodes.close_for(session, contract=contract, on=ended_on, ground_code=ground_code, result=told)
    session.flush()


def _need_true(session: Session, contract: Contract, ground_code: str, ended_on: date) -> None:
    """The ground is not contradicted by the dates."""
    if ground_code in PAUSING:
        raise Refused(
            "Это основание приостанавливает договор, а не прекращает его: выберите «Приостановить».",
            field="ground_code",
        )
    ends_on = contract.ends_on
    if ground_code == "term_expired":
        told = f"Срок договора истекает {ru(ends_on)}: раньше по истечении срока его не закрыть."
        need(ended_on >= ends_on, told, field="ended_on")
    if ground_code == "turned_23":
        ages = ages_of(session, graduate=contract.graduate, agency_id=contract.agency_id, on=contract.starts_on)
        told = f"{ages.to_text} исполнится {ru(ages.birthday)}: по этому основанию договор ещё не закрыть."
        need(ended_on >= ages.last_day, told, field="ground_code")


def signed_conclusion(contract: Contract) -> Conclusion | None:
    """The newest conclusion signed by both parties."""
    return next((one for one in reversed(contract.conclusions) if one.is_signed), None)


def annul(session: Session, *, contract: Contract, reason: str, is_certain: bool, by: Viewer) -> None:
    """A contract recorded by mistake, together with its episode. Raises Refused, naming what hangs on it."""
    hold(session, contract)
    hanging = hanging_on(session, contract=contract)
    if hanging and not is_certain:
        raise Refused(
            f"По договору есть: {hanging}. Они останутся в своих журналах. Проверьте их и отметьте здесь, "
            "что аннулировать договор всё равно нужно.",
            field="is_certain",
        )
    numbering.annul(session, record=contract, reason=reason, by=by)
    episode = episodes.of_contract(session, contract=contract)
    if episode is not None:
        told = f"Аннулирован договор № {contract.number_text}: {reason.strip()}"[:500]
        numbering.annul(session, record=episode, reason=told, by=by)


def hanging_on(session: Session, *, contract: Contract) -> str:
    """«план № 7/2026, 3 записи о работе»; empty where nothing hangs on the contract."""
    plans = session.scalars(select(Plan).where(Plan.contract_id == contract.id, Plan.annulled_on.is_(None)))
    parts = [f"план № {plan.number_text}" if plan.number else "черновик плана" for plan in plans]
    parts += [
        f"заключение № {one.number_text}" if one.number else "черновик заключения"
        for one in contract.conclusions
        if one.annulled_on is None
    ]
    if worked := _worked(session, contract):
        parts.append(f"{worked} {plural(worked, 'запись', 'записи', 'записей')} о работе")
    return ", ".join(parts)


def _worked(session: Session, contract: Contract) -> int:
    """Services, talks, visits and appeals of the organisation during the episode."""
    episode = episodes.of_contract(session, contract=contract)
    if episode is None:
        return 0
    days = (
        (ServiceRecord, ServiceRecord.provided_on),
        (Consultation, Consultation.held_on),
        (Visit, Visit.visited_on),
        (Appeal, Appeal.received_on),
    )
    return sum(_count(session, model, day, episode) for model, day in days)


def _count(session: Session, model: Any, day: Any, episode: SupportEpisode) -> int:
    kept = select(func.count(model.id)).where(
        model.graduate_id == episode.graduate_id,
        model.agency_id == episode.agency_id,
        model.annulled_on.is_(None),
        day >= episode.accepted_on,
    )
    if episode.removed_on is not None:
        kept = kept.where(day <= episode.removed_on)
    return session.scalar(kept) or 0
