"""The consent to the processing of personal data: a sheet of its own for each purpose (152-ФЗ, ст. 9; domain §8.1)."""

from __future__ import annotations

from models.dictionaries import ConsentPurpose
from models.graduates import Graduate
from reports.templates import Field
from services.errors import need
from services.papers.facts import AGENCY, PERSON
from services.papers.of_people import about
from services.papers.paper import Desk, Facts, label

ORDINARY_DATA = (
    "фамилия, имя, отчество, дата рождения, пол, гражданство; документ, удостоверяющий личность; СНИЛС; адреса "
    "регистрации и проживания; телефоны и иные способы связи; сведения о правовом статусе, об образовании, занятости, "
    "доходах, семейном положении, жилье, о трудностях и об оказанной помощи"
)
ORDINARY_ACTIONS = (
    "сбор, запись, систематизация, накопление, хранение, уточнение, извлечение, использование, обезличивание, "
    "блокирование, удаление, уничтожение – с использованием средств автоматизации и без них"
)
NOBODY = "никому, кроме случаев, когда этого требует закон"
# code of the purpose → purpose in words, data, actions, to whom they pass
CONSENTS: dict[str, tuple[str, str, str, str]] = {
    "support": (
        "оказание помощи при постинтернатном сопровождении: составление и выполнение индивидуального плана, учёт "
        "услуг, ведение личного дела и журналов",
        ORDINARY_DATA,
        ORDINARY_ACTIONS,
        NOBODY,
    ),
    "transfer": (
        "получение помощи от других организаций: направление запросов, ходатайств и сведений, которые для этого нужны",
        ORDINARY_DATA,
        f"передача (предоставление) организациям, названным ниже; {ORDINARY_ACTIONS}",
        "органам опеки и попечительства, организациям социального обслуживания, образовательным организациям, центрам "
        "занятости, органам, которые обеспечивают жильём, медицинским организациям, региональному оператору сведений о "
        "выпускниках",
    ),
    "photo": (
        "рассказ о работе организации: размещение фотографий и видеозаписей на её сайте, в её сообществах и печатных "
        "материалах",
        "изображение (фотографии, видеозаписи), имя",
        "сбор, хранение, использование, распространение, удаление, уничтожение",
        "неопределённому кругу лиц – на сайте, в сообществах и печатных материалах организации",
    ),
    "health": (
        "подбор помощи с учётом здоровья: медицинской, социальной, при устройстве на учёбу и работу",
        "специальная категория: сведения о состоянии здоровья, об инвалидности, заключения медицинских комиссий и "
        "психолого-медико-педагогической комиссии",
        ORDINARY_ACTIONS,
        NOBODY,
    ),
}
CONSENT = (
    *AGENCY,
    *PERSON,
    Field("purpose", "цель обработки"),
    Field("permitted_data", "перечень данных"),
    Field("actions", "перечень действий"),
    Field("recipients", "кому передаются"),
    Field("valid_until", "срок согласия"),
)


def consent(desk: Desk, graduate: Graduate) -> Facts:
    code = desk.options.get("purpose") or "support"
    entry = desk.session.get(ConsentPurpose, code)
    need(entry is not None, "Такой цели обработки данных нет.")
    purpose, data, actions, recipients = CONSENTS.get(code, (label(entry), "", ORDINARY_ACTIONS, ""))
    return {
        **about(desk, graduate),
        "purpose": purpose,
        "permitted_data": data,
        "actions": actions,
        "recipients": recipients,
        "valid_until": "до окончания сопровождения и срока хранения личного дела, установленного законом",
    }
