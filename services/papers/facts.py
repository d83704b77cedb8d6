"""What papers say of an organisation and of a person, in fields that many of them share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.circumstances import Address, AddressKind, as_of
from models.graduates import Graduate
from models.people import IdentityDocument
from models.support import Assignment, AssignmentKind
from models.territory import Agency
from reports import wording
from reports.templates import Field
from services import field_groups
from services.papers.paper import MASK, Desk, Facts, day, joined, label, years
from services.papers.spelling import PersonName, split_name

IDENTITY = ("passport", "foreign", "temporary_id", "birth_certificate")  # what proves who somebody is, the best first

AGENCY = (
    Field("agency_name", "полное наименование организации"),
    Field("agency_short_name", "краткое наименование организации"),
    Field("agency_inn", "ИНН организации"),
    Field("agency_ogrn", "ОГРН организации"),
    Field("agency_address", "адрес организации"),
    Field("agency_phone", "телефон организации"),
    Field("agency_email", "электронная почта организации"),
    Field("head_position", "должность руководителя"),
    Field("head_position_genitive", "должность руководителя в родительном падеже"),
    Field("head_position_dative", "должность руководителя в дательном падеже"),
    Field("head_name", "ФИО руководителя"),
    Field("head_name_genitive", "ФИО руководителя в родительном падеже"),
    Field("head_name_dative", "ФИО руководителя в дательном падеже"),
    Field("head_initials", "руководитель: И.О. Фамилия"),
    Field("responsible", "ответственный за сопровождение: должность, ФИО"),
    Field("responsible_initials", "ответственный за сопровождение: И.О. Фамилия"),
    Field("responsible_order", "приказ об ответственном: номер и дата"),
    Field("printed_on", "день печати"),
)
PERSON = (
    Field("full_name", "ФИО выпускника"),
    Field("full_name_genitive", "ФИО выпускника в родительном падеже (кого)"),
    Field("full_name_dative", "ФИО выпускника в дательном падеже (кому)"),
    Field("full_name_accusative", "ФИО выпускника в винительном падеже"),
    Field("full_name_instrumental", "ФИО выпускника в творительном падеже (с кем)"),
    Field("initials", "выпускник: И.О. Фамилия"),
    Field("birth_date", "дата рождения"),
    Field("age", "возраст"),
    Field("identity_document", "документ, удостоверяющий личность: вид, серия, номер, кем и когда выдан"),
    Field("snils", "СНИЛС"),
    Field("registration_address", "адрес регистрации"),
    Field("residence_address", "адрес проживания"),
    Field("person_phone", "телефон выпускника"),
    Field("person_email", "электронная почта выпускника"),
    Field("other_contact", "иной способ связи"),
    Field("is_minor", "«да», если выпускнику нет 18 лет"),
)
SITUATION = (
    Field("legal_status", "правовой статус"),
    Field("placements", "форма устройства до выпуска и сроки пребывания"),
    Field("left_on", "дата выпуска"),
    Field("exit_document", "документ о выпуске"),
    Field("education", "образование, место учёбы, курс"),
    Field("profession", "профессия"),
    Field("employment", "занятость"),
    Field("family", "семейное положение, дети"),
    Field("housing", "обеспеченность жильём"),
    Field("incomes", "доходы"),
    Field("health", "состояние здоровья (закрытые сведения)"),
    Field("category", "категория сопровождения"),
    Field("curator", "куратор: ФИО, должность, телефон"),
)
ANNULLED = (Field("annulled", "отметка об аннулировании"),)


def agency_facts(desk: Desk, agency: Agency) -> Facts:
    head, position = desk.forms.name(agency.head_name), desk.forms.position(agency.head_position)
    return {
        "agency_name": agency.name,
        "agency_short_name": agency.short_name,
        "agency_inn": agency.inn,
        "agency_ogrn": agency.ogrn,
        "agency_address": agency.address,
        "agency_phone": agency.phone,
        "agency_email": agency.email,
        "head_position": position.nominative,
        "head_position_genitive": position.genitive,
        "head_position_dative": position.dative,
        "head_name": head.nominative,
        "head_name_genitive": head.genitive,
        "head_name_dative": head.dative,
        "head_initials": initials(agency.head_name),
        "responsible": joined(agency.responsible_position, agency.responsible_name),
        "responsible_initials": initials(agency.responsible_name),
        "responsible_order": agency.responsible_order,
        "printed_on": day(desk.on),
    }


def person_facts(desk: Desk, graduate: Graduate) -> Facts:
    forms, on = desk.forms.person(graduate), desk.on
    name = PersonName(graduate.last_name, graduate.first_name, graduate.patronymic)
    return {
        "full_name": graduate.full_name,
        "full_name_genitive": forms.genitive,
        "full_name_dative": forms.dative,
        "full_name_accusative": forms.accusative,
        "full_name_instrumental": forms.instrumental,
        "initials": name.initials,
        "birth_date": day(graduate.birth_date),
        "age": years(graduate.age_on(on)),
        "identity_document": identity_document(graduate),
        "snils": snils(graduate.snils),
        "registration_address": address(graduate, AddressKind.REGISTRATION, desk),
        "residence_address": address(graduate, AddressKind.RESIDENCE, desk),
        "person_phone": contacts(graduate, "phone") or graduate.current_phone,
        "person_email": contacts(graduate, "email"),
        "other_contact": contacts(graduate, "messenger", "social_network", "other"),
        "is_minor": "да" if graduate.age_on(on) < 18 else "",
    }


def situation_facts(desk: Desk, graduate: Graduate) -> Facts:
    on = desk.on
    return {
        "legal_status": label(graduate.legal_status),
        "placements": "; ".join(placement_text(stay) for stay in graduate.placements if stay.starts_on <= on),
        "left_on": day(graduate.left_on),
        "exit_document": graduate.exit_document,
        "education": wording.education(graduate, on),
        "profession": wording.profession(graduate, on),
        "employment": wording.employment(graduate, on),
        "family": wording.family(graduate, on),
        "housing": wording.housing(graduate, on),
        "incomes": incomes(graduate, desk),
        "health": health(desk, graduate),
        "category": label(graduate.category),
        "curator": curator_text(curator_of(graduate, desk)),
    }


def annulled_facts(record: Any) -> Facts:
    if record.annulled_on is None:
        return {"annulled": ""}
    return {"annulled": f"АННУЛИРОВАНО {day(record.annulled_on)}: {record.annulled_reason}"}


# -- Parts -----------------------------------------------------------------------------------------------------------


def initials(name: str) -> str:
    """«А.Р. Ахметова» of a name written in one line."""
    return split_name(name).initials if name.strip() else ""


def placement_text(stay: Any) -> str:
    place = stay.place or (stay.agency.short_name if stay.agency else "")
    return joined(label(stay.form), place, f"{day(stay.starts_on)} – {day(stay.ends_on) or 'по настоящее время'}")


def identity_document(graduate: Graduate) -> str:
    found = [document for code in IDENTITY for document in graduate.documents if document.kind_code == code]
    return document_text(found[0]) if found else ""


def document_text(document: IdentityDocument) -> str:
    """«паспорт гражданина РФ 19 20 № 123456, выдан 01.02.2020 УМВД …, код подразделения 350-001»."""
    number = joined(document.series, f"№ {document.number}", by=" ")
    issued = joined("выдан" if document.issued_on or document.issued_by else "", day(document.issued_on),
                    document.issued_by, by=" ")  # fmt: skip
    division = f"код подразделения {document.division_code}" if document.division_code else ""
    return joined(f"{label(document.kind)} {number}", issued, division)


def snils(value: str) -> str:
    return f"{value[:3]}-{value[3:6]}-{value[6:9]} {value[9:]}" if len(value) == 11 else value


def address(graduate: Graduate, kind: AddressKind, desk: Desk) -> str:
    found: Address | None = as_of([fact for fact in graduate.addresses if fact.kind == kind], desk.on)
    return found.text if found else ""


def contacts(graduate: Graduate, *kinds: str) -> str:
    return ", ".join(contact.value for contact in graduate.contacts if contact.kind_code in kinds)


def incomes(graduate: Graduate, desk: Desk) -> str:
    held = [one for one in graduate.incomes if one.starts_on <= desk.on and (one.ends_on or desk.on) >= desk.on]
    return "; ".join(joined(one.source, roubles(one.amount)) for one in held)


def roubles(amount: Decimal | None) -> str:
    """«12 345 руб.», «12 345,50 руб.»."""
    if amount is None:
        return ""
    told = f"{amount:,.2f}".removesuffix(".00").replace(",", "\xa0").replace(".", ",")
    return f"{told} руб."


def health(desk: Desk, graduate: Graduate) -> str:
    """What is known of health, or the mask; nothing where nothing is recorded."""
    valid = [one for one in graduate.health_records if one.valid_until is None or one.valid_until >= desk.on]
    if not valid:
        return ""
    may_read = field_groups.may_read(desk.session, viewer=desk.viewer, graduate=graduate, group="health")
    return "; ".join(one.text for one in valid) if may_read else MASK


def curator_of(graduate: Graduate, desk: Desk) -> Assignment | None:
    on = desk.on
    held = [one for one in graduate.assignments if one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)]
    curators = [one for one in held if one.kind is AssignmentKind.CURATOR]
    return max(curators or held, key=lambda one: (one.starts_on, one.id), default=None)


def curator_text(curator: Assignment | None) -> str:
    return joined(curator.name, curator.position, curator.phone) if curator else ""
