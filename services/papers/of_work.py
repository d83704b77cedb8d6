"""What the papers of daily work say: minutes of a talk, the act of a survey, the act of urgent services."""

from __future__ import annotations

from models.work import BODY_OF_MINUTES, ConsultationMinutes, HousingSurvey, UrgentAct
from reports.templates import Field, rows
from services.papers.facts import AGENCY, ANNULLED, PERSON, agency_facts, annulled_facts, initials, person_facts
from services.papers.paper import MASK, Desk, Facts, clock, day, label, lines, long_day, number, yes
from services.work import consultations

COMMON = (*AGENCY, *PERSON, *ANNULLED)
MINUTES = (
    *COMMON,
    Field("minutes_number", "номер протокола"),
    Field("drawn_on", "дата протокола"),
    Field("kind", "вид беседы, консультации"),
    Field("topic", "тема"),
    Field("time_from", "время начала"),
    Field("time_to", "время окончания"),
    Field("place", "место, форма"),
    Field("specialist", "специалист: ФИО, должность"),
    Field("specialist_initials", "специалист: И.О. Фамилия"),
    Field("present", "кто присутствовал"),
    Field("initiative", "повод, по чьей инициативе"),
    Field("problem", "проблема"),
    Field("course", "ход беседы, сведения со слов"),
    Field("explained", "что разъяснено"),
    Field("recommendations", "рекомендации"),
    rows("agreements", "договорённости: что, кто, срок", text="договорённость"),
    Field("referred_to", "к кому направлен"),
    Field("next_on", "следующая встреча"),
    Field("is_remote", "«да», если беседа была дистанционной"),
)
SURVEY_TEXTS = (
    *("ground", "address", "cohabitants", "dwelling", "title_right", "amenities", "sanitary", "belongings"),
    *("utility_debt", "income", "relations", "children", "risks", "own_housing", "own_words", "recommendations"),
)
SURVEY = (
    *COMMON,
    Field("act_number", "номер акта"),
    Field("surveyed_on", "дата обследования"),
    Field("surveyed_long_date", "дата обследования словами"),
    Field("ground", "основание, цель"),
    rows("commission", "комиссия", text="ФИО, должность", initials="И.О. Фамилия"),
    Field("address", "адрес обследования"),
    Field("cohabitants", "совместно проживающие"),
    Field("dwelling", "вид жилья, этаж"),
    Field("area_total", "общая площадь"),
    Field("area_living", "жилая площадь"),
    Field("rooms", "число комнат"),
    Field("title_right", "право пользования"),
    Field("amenities", "благоустройство"),
    Field("sanitary", "санитарное состояние"),
    Field("belongings", "мебель, техника, постель, продукты"),
    Field("utility_debt", "задолженность по жилищно-коммунальным услугам"),
    Field("income", "доходы, занятость"),
    Field("relations", "взаимоотношения, посторонние лица"),
    Field("children", "условия для детей"),
    Field("risks", "риски"),
    Field("own_housing", "сохранность закреплённого или собственного жилья"),
    Field("own_words", "со слов выпускника"),
    Field("outcome", "вывод"),
    Field("recommendations", "рекомендации"),
    Field("recommended_until", "срок рекомендаций"),
    Field("specialist", "кто составил: ФИО, должность"),
    Field("specialist_initials", "кто составил: И.О. Фамилия"),
)
URGENT = (
    *COMMON,
    Field("act_number", "номер акта"),
    Field("provided_on", "дата предоставления услуг"),
    Field("provided_long_date", "дата предоставления словами"),
    Field("reason", "что случилось"),
    Field("source", "заявление или сообщение, по которому оказаны услуги"),
    Field("specialist", "кто оказал: ФИО, должность"),
    Field("specialist_initials", "кто оказал: И.О. Фамилия"),
    rows(
        "services",
        "срочные услуги",
        number="№ п/п",
        title="услуга",
        provided_on="дата",
        quantity="количество",
        result="результат",
    ),
)


def minutes(desk: Desk, record: ConsultationMinutes) -> Facts:
    talk = record.consultation
    told: Facts = {
        "minutes_number": record.number_text,
        "drawn_on": day(record.drawn_on),
        "kind": talk.kind.label,
        "topic": talk.topic,
        "time_from": clock(record.time_from),
        "time_to": clock(record.time_to),
        "place": record.place,
        "specialist": talk.specialist,
        "specialist_initials": initials(talk.specialist.partition(",")[0]),
        "next_on": day(record.next_on),
        "is_remote": yes(record.is_remote),
    }
    body: Facts = {name: getattr(record, name) for name in BODY_OF_MINUTES}
    if not consultations.may_read_body(desk.session, viewer=desk.viewer, minutes=record):
        body = {name: MASK if text else "" for name, text in body.items()}
    body["agreements"] = [{"text": line} for line in lines(body["agreements"])]
    person = person_facts(desk, record.graduate)
    return {**agency_facts(desk, record.agency), **person, **annulled_facts(record), **told, **body}


def survey(desk: Desk, record: HousingSurvey) -> Facts:
    return {
        **agency_facts(desk, record.agency),
        **person_facts(desk, record.graduate),
        **annulled_facts(record),
        **{name: getattr(record, name) for name in SURVEY_TEXTS},
        "act_number": record.number_text,
        "surveyed_on": day(record.surveyed_on),
        "surveyed_long_date": long_day(record.surveyed_on),
        "commission": [
            {"text": line, "initials": initials(line.partition(",")[0])} for line in lines(record.commission)
        ],
        "area_total": number(record.area_total),
        "area_living": number(record.area_living),
        "rooms": number(record.rooms),
        "outcome": record.outcome.label,
        "recommended_until": day(record.recommended_until),
        "specialist": record.specialist,
        "specialist_initials": initials(record.specialist.partition(",")[0]),
    }


def urgent(desk: Desk, record: UrgentAct) -> Facts:
    given = [service for service in record.services if service.annulled_on is None]
    return {
        **agency_facts(desk, record.agency),
        **person_facts(desk, record.graduate),
        **annulled_facts(record),
        "act_number": record.number_text,
        "provided_on": day(record.provided_on),
        "provided_long_date": long_day(record.provided_on),
        "reason": record.reason,
        "source": record.source,
        "specialist": record.specialist,
        "specialist_initials": initials(record.specialist.partition(",")[0]),
        "services": [
            {
                "number": str(place),
                "title": service.title or label(service.kind),
                "provided_on": day(service.provided_on),
                "quantity": number(service.quantity),
                "result": service.result,
            }
            for place, service in enumerate(given, start=1)
        ],
    }
