"""What a clerk should know of a case although it forbids nothing: pure functions that give Russian sentences."""

from collections.abc import Iterable
from datetime import date

from models.cases import Application, Contract
from models.graduates import Graduate
from services.cases.ages import Ages
from services.cases.common import ru

OUT_OF_CATEGORY = frozenset({"over_23", "other_graduate"})


def of_age(ages: Ages, on: date) -> list[str]:
    """The right is missing by age: the proposal is a refusal, not an error."""
    if ages.is_early(on):
        return [
            f"Выпускнику нет {ages.from_text} (исполнится {ru(ages.first_day)}): права на сопровождение ещё нет. "
            "Можно оформить отказ."
        ]
    if ages.is_late(on):
        return [f"{ages.to_text} исполнилось {ru(ages.birthday)}: права на сопровождение нет. Можно оформить отказ."]
    return []


def of_term(ends_on: date, ages: Ages) -> list[str]:
    """The term reaches the last eligible day: no further."""
    if ends_on < ages.last_day:
        return []
    return [f"Срок ограничен {ru(ages.last_day)}: {_why(ages)}."]


def _why(ages: Ages) -> str:
    when = "в этот день" if ages.birthday == ages.last_day else "на следующий день"
    return f"{when} выпускнику исполняется {ages.to_text}"


def of_consent(graduate: Graduate, on: date) -> list[str]:
    for consent in graduate.consents:
        is_over = consent.withdrawn_on is not None and consent.withdrawn_on <= on
        is_late = consent.valid_until is not None and consent.valid_until < on
        if consent.purpose_code == "support" and consent.given_on <= on and not is_over and not is_late:
            return []
    return ["Нет действующего согласия на обработку данных для сопровождения: оформите его отдельным листом."]


def of_identity(graduate: Graduate, on: date) -> list[str]:
    if any(one.expires_on is None or one.expires_on >= on for one in graduate.documents):
        return []
    return ["В карточке нет действующего документа, удостоверяющего личность: внесите его."]


def of_identity_shown(application: Application) -> list[str]:
    if application.is_identity_shown:
        return []
    return ["Документ, удостоверяющий личность, не предъявлен: без него договор не подписать. Попросите донести."]


def of_other_contracts(others: Iterable[Contract]) -> list[str]:
    """Open contracts with other organisations."""
    return [
        f"Есть действующий договор с другой организацией: {one.agency.short_name}, № {one.number_text} "
        f"до {ru(one.ends_on)}."
        for one in others
    ]


def of_end(contract: Contract, today: date | None) -> list[str]:
    """The term is over and nobody has closed the contract."""
    if not contract.is_open() or today is None or contract.ends_on >= today:
        return []
    return [f"Срок истёк {ru(contract.ends_on)}: составьте заключение и закройте договор."]


def of_signatory(contract: Contract) -> list[str]:
    return [] if contract.signatory else ["Не указано, кто подписывает договор от организации."]


def of_category(graduate: Graduate) -> list[str]:
    """A refusal says that the person is of no supported category, the card says otherwise."""
    if graduate.legal_status is None or graduate.legal_status_code in OUT_OF_CATEGORY:
        return []
    return [f"В карточке правовой статус «{graduate.legal_status.label}»: проверьте причину отказа."]
