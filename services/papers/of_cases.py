"""What the papers between an organisation and a graduate say: from the application to the end of the contract."""

from __future__ import annotations

from sqlalchemy import select

from models.cases import (
    Application,
    Conclusion,
    Contract,
    ContractAmendment,
    Refusal,
    SupportEpisode,
)
from models.dictionaries import Direction, SupportCategory
from models.plans import Plan
from reports.templates import Field, rows
from services.papers.facts import AGENCY, ANNULLED, PERSON, agency_facts, annulled_facts, initials, person_facts
from services.papers.paper import Desk, Facts, day, joined, label, lines, long_day, number, yes

COMMON = (*AGENCY, *PERSON, *ANNULLED)
OF_CONTRACT = (
    Field("contract_number", "номер договора"),
    Field("contract_date", "дата заключения договора"),
    Field("contract_long_date", "дата заключения договора словами"),
    Field("starts_on", "первый день срока"),
    Field("ends_on", "последний день срока"),
    Field("signatory", "в лице кого заключён договор: должность, ФИО в родительном падеже"),
    Field("signatory_position", "должность подписавшего"),
    Field("signatory_initials", "подписавший: И.О. Фамилия"),
    Field("signatory_basis", "на основании чего действует подписавший"),
)
APPLICATION = (
    *COMMON,
    Field("application_number", "регистрационный номер заявления"),
    Field("registered_on", "дата регистрации"),
    Field("received_on", "дата поступления"),
    Field("received_by", "кто принял"),
    Field("channel", "способ подачи"),
    Field("request", "в чём нужна помощь, словами выпускника"),
    rows("directions", "направления помощи, о которых просит выпускник", title="направление"),
    rows("documents", "приложенные документы", title="документ"),
    Field("right_ground", "основание права"),
    Field("right_document", "документ об основании права"),
    Field("answer_by", "как уведомить выпускника"),
)
CONTRACT = (
    *COMMON,
    *OF_CONTRACT,
    Field("place", "место заключения"),
    Field("legal_status", "правовой статус"),
    Field("right_ground", "основание права на сопровождение"),
    Field("right_document", "документ об основании права"),
    Field("application", "заявление: номер и дата"),
    Field("category", "категория сопровождения на день заключения"),
    Field("curator", "куратор: ФИО, должность, телефон"),
    Field("curator_initials", "куратор: И.О. Фамилия"),
    Field("curator_order", "приказ о кураторе"),
    Field("guardianship", "орган опеки и попечительства"),
    Field("guardian", "законный представитель: ФИО, документ"),
    Field("plan", "индивидуальный план: номер и дата"),
    Field("copies", "число экземпляров"),
    Field("handed_on", "когда выпускник получил экземпляр"),
    rows("directions", "направления сопровождения", title="направление"),
)
AMENDMENT = (
    *COMMON,
    *OF_CONTRACT,
    Field("amendment_number", "номер соглашения"),
    Field("amendment_date", "дата соглашения"),
    Field("subject", "что меняется"),
    Field("new_ends_on", "новый последний день срока"),
)
NOTICE = (
    *COMMON,
    *OF_CONTRACT,
    Field("conclusion", "заключение о результатах: номер и дата"),
)
TERMINATION = (
    *COMMON,
    *OF_CONTRACT,
    Field("ended_on", "последний день договора"),
    Field("ground", "основание прекращения"),
    Field("ground_note", "пояснение к основанию"),
    Field("conclusion", "заключение о результатах: номер и дата"),
)
CONCLUSION = (
    *COMMON,
    *OF_CONTRACT,
    Field("conclusion_number", "номер заключения"),
    Field("conclusion_date", "дата заключения о результатах"),
    Field("plan", "план: номер и дата"),
    Field("period", "за какой период"),
    Field("total", "мероприятий всего"),
    Field("done", "выполнено"),
    Field("done_partly", "выполнено частично"),
    Field("not_done", "не выполнено"),
    Field("refused", "отказ выпускника"),
    Field("results", "результаты по направлениям"),
    Field("category_from", "категория на начало"),
    Field("category_to", "категория на конец"),
    Field("score_from", "баллы мониторинга на начало"),
    Field("score_to", "баллы мониторинга на конец"),
    Field("achieved", "достигнутое"),
    Field("unresolved", "нерешённые проблемы"),
    Field("outcome", "вывод"),
    Field("recommendations", "рекомендации выпускнику"),
    Field("own_opinion", "особое мнение выпускника"),
    Field("curator", "куратор"),
    Field("curator_initials", "куратор: И.О. Фамилия"),
    Field("graduate_signed_on", "когда подписал выпускник"),
    Field("handed_on", "когда вручено"),
)
REFUSAL = (
    *COMMON,
    Field("refusal_number", "номер в журнале отказов"),
    Field("refused_on", "дата отказа"),
    Field("refused_long_date", "дата отказа словами"),
    Field("application", "заявление: номер и дата"),
    Field("reason", "причина отказа"),
    Field("details", "обстоятельства"),
    Field("clause", "пункт положения организации"),
    Field("notified_on", "когда уведомлён выпускник"),
    Field("notified_how", "как уведомлён выпускник"),
    Field("specialist", "ответственный"),
)
ACCEPTANCE = (
    *COMMON,
    *OF_CONTRACT,
    Field("decision_number", "номер решения"),
    Field("accepted_on", "дата принятия на сопровождение"),
    Field("accepted_long_date", "дата принятия словами"),
    Field("origin", "откуда выбыл выпускник, кто сообщил"),
    Field("application", "заявление: номер и дата"),
    Field("right_ground", "основание права"),
    Field("right_document", "документ об основании права"),
    Field("category", "категория сопровождения"),
    Field("curator", "куратор: ФИО, должность, телефон"),
)


def application(desk: Desk, record: Application) -> Facts:
    return {
        **_common(desk, record),
        "application_number": record.number_text,
        "registered_on": day(record.registered_on),
        "received_on": day(record.received_on),
        "received_by": record.received_by,
        "channel": label(record.channel),
        "request": record.request,
        "directions": _directions(desk, record.directions.split()),
        "documents": [{"title": line} for line in lines(record.documents)],
        "right_ground": label(record.right_ground),
        "right_document": record.right_document,
        "answer_by": record.answer_by,
    }


def contract(desk: Desk, record: Contract) -> Facts:
    return {
        **_common(desk, record),
        **_contract(desk, record),
        "place": record.place,
        "legal_status": label(record.legal_status) or label(record.graduate.legal_status),
        "right_ground": label(record.right_ground),
        "right_document": record.right_document,
        "application": _application(record.application),
        "category": label(record.category),
        "curator": record.curator,
        "curator_initials": initials(record.curator.partition(",")[0]),
        "curator_order": record.curator_order,
        "guardianship": record.guardianship.name if record.guardianship else "",
        "guardian": record.guardian,
        "plan": _plan(desk, record.id),
        "copies": number(record.copies),
        "handed_on": day(record.handed_on),
        "directions": _directions(desk),
    }


def amendment(desk: Desk, record: ContractAmendment) -> Facts:
    return {
        **_common(desk, record.contract),
        **_contract(desk, record.contract),
        "amendment_number": number(record.number),
        "amendment_date": long_day(record.signed_on),
        "subject": record.subject,
        "new_ends_on": day(record.new_ends_on),
    }


def end_notice(desk: Desk, record: Contract) -> Facts:
    return {**_common(desk, record), **_contract(desk, record), "conclusion": _conclusion(record)}


def termination(desk: Desk, record: Contract) -> Facts:
    return {
        **_common(desk, record),
        **_contract(desk, record),
        "ended_on": day(record.ended_on),
        "ground": label(record.termination_ground),
        "ground_note": record.termination_note,
        "conclusion": _conclusion(record),
    }


def conclusion(desk: Desk, record: Conclusion) -> Facts:
    plan = desk.session.get(Plan, record.plan_id) if record.plan_id else None
    return {
        **_common(desk, record),
        **_contract(desk, record.contract),
        "conclusion_number": record.number_text,
        "conclusion_date": day(record.approved_on),
        "plan": _told("план", plan.number_text, day(plan.approved_on)) if plan else "",
        "period": f"с {day(record.period_from)} по {day(record.period_to)}",
        **{name: number(getattr(record, name)) for name in ("total", "done", "done_partly", "not_done", "refused")},
        "results": record.results,
        "category_from": _category(desk, record.category_from_code),
        "category_to": _category(desk, record.category_to_code),
        "score_from": number(record.score_from),
        "score_to": number(record.score_to),
        "achieved": record.achieved,
        "unresolved": record.unresolved,
        "outcome": record.outcome.label,
        "recommendations": record.recommendations,
        "own_opinion": record.own_opinion,
        "curator": record.curator,
        "curator_initials": initials(record.curator.partition(",")[0]),
        "graduate_signed_on": day(record.graduate_signed_on),
        "handed_on": day(record.handed_on),
    }


def refusal(desk: Desk, record: Refusal) -> Facts:
    reason = record.reason or record.graduate_reason
    return {
        **_common(desk, record),
        "refusal_number": record.number_text,
        "refused_on": day(record.refused_on),
        "refused_long_date": long_day(record.refused_on),
        "application": _application(record.application),
        "reason": label(reason),
        "details": record.details,
        "clause": record.clause,
        "notified_on": day(record.notified_on),
        "notified_how": record.notified_how,
        "specialist": record.responsible,
    }


def acceptance(desk: Desk, record: SupportEpisode) -> Facts:
    contract = record.contract
    return {
        **_common(desk, record),
        **_contract(desk, contract),
        "decision_number": record.number_text,
        "accepted_on": day(record.accepted_on),
        "accepted_long_date": long_day(record.accepted_on),
        "origin": record.origin,
        "application": _application(contract.application),
        "right_ground": label(contract.right_ground),
        "right_document": contract.right_document,
        "category": label(contract.category),
        "curator": contract.curator,
    }


# -- Parts -----------------------------------------------------------------------------------------------------------


def _common(desk: Desk, record: Application | Contract | Conclusion | Refusal | SupportEpisode) -> Facts:
    return {
        **agency_facts(desk, record.agency),
        **person_facts(desk, record.graduate),
        **annulled_facts(record),
    }


def _contract(desk: Desk, record: Contract | None) -> Facts:
    if record is None:
        return {name.name: "" for name in OF_CONTRACT}
    head = joined(record.agency.head_position, record.agency.head_name, by=" ")
    person, position, name = desk.forms.signatory(record.signatory or head)
    return {
        "contract_number": record.number_text,
        "contract_date": day(record.signed_on),
        "contract_long_date": long_day(record.signed_on),
        "starts_on": day(record.starts_on),
        "ends_on": day(record.ends_on),
        "signatory": person,
        "signatory_position": position,
        "signatory_initials": initials(name),
        "signatory_basis": record.signatory_basis or yes(head, "Устава"),
    }


def _told(title: str, numbered: str, dated: str) -> str:
    """«план № 3/2026 от 12.02.2026»; a draft has neither."""
    return (
        joined(title, f"№ {numbered}" if numbered else "", f"от {dated}" if dated else "", by=" ") if numbered else ""
    )


def _application(record: Application | None) -> str:
    return _told("", record.number_text, day(record.registered_on)) if record else ""


def _conclusion(record: Contract) -> str:
    valid = [one for one in record.conclusions if one.number and one.annulled_on is None]
    return _told("", valid[-1].number_text, day(valid[-1].approved_on)) if valid else ""


def _plan(desk: Desk, contract_id: int) -> str:
    query = select(Plan).where(Plan.contract_id == contract_id, Plan.number.is_not(None), Plan.annulled_on.is_(None))
    found = desk.session.scalars(query.order_by(Plan.edition.desc(), Plan.id.desc())).first()
    return _told("", found.number_text, day(found.approved_on)) if found else ""


def _category(desk: Desk, code: str | None) -> str:
    return label(desk.session.get(SupportCategory, code)) if code else ""


def _directions(desk: Desk, codes: list[str] | None = None) -> list[Facts]:
    """All that are offered, or those asked for, in their order."""
    query = select(Direction).order_by(Direction.position)
    query = query.where(Direction.is_retired.is_(False)) if codes is None else query.where(Direction.code.in_(codes))
    return [{"title": direction.label} for direction in desk.session.scalars(query)]
