"""What a plan of support says in print (domain §2): with the graduate's refusals, changes and results."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import select

from models.assessments import MonitoringCard
from models.cases import Conclusion
from models.plans import Measure, MeasureStatus, Plan, PlanKind
from reports.templates import Field, rows
from services.papers.facts import (
    AGENCY,
    ANNULLED,
    PERSON,
    SITUATION,
    agency_facts,
    annulled_facts,
    initials,
    person_facts,
    situation_facts,
)
from services.papers.of_people import monitoring_line
from services.papers.paper import Desk, Facts, day, joined, label, yes

MEASURE = (
    Field("number", "№ п/п"),
    Field("title", "мероприятие"),
    Field("expected", "содержание, ожидаемый результат"),
    Field("service_kind", "вид социальной услуги"),
    Field("volume", "объём услуги"),
    Field("term", "срок исполнения"),
    Field("periodicity", "периодичность"),
    Field("executor", "ответственный исполнитель"),
    Field("partners", "привлекаемые организации"),
    Field("status", "состояние"),
    Field("mark", "отметка о выполнении: дата, результат"),
    Field("refusal", "отметка об отказе: дата, причина, подпись"),
)
PLAN = (
    *AGENCY,
    *PERSON,
    *SITUATION,
    *ANNULLED,
    Field("plan_title", "название плана по его виду"),
    Field("plan_number", "номер плана"),
    Field("approved_on", "дата утверждения"),
    Field("approved_by", "кто утвердил: должность, ФИО"),
    Field("starts_on", "первый день плана"),
    Field("ends_on", "последний день плана"),
    Field("contract", "договор: номер и дата"),
    Field("edition", "«впервые» или какая редакция и почему"),
    Field("foreign", "ИППСУ другой организации: номер, дата, кем выдана"),
    Field("review_on", "когда пересмотреть"),
    Field("plan_curator", "куратор плана"),
    Field("curator_initials", "куратор: И.О. Фамилия"),
    Field("goals", "цели, словами выпускника"),
    Field("resources", "сильные стороны и поддержка"),
    Field("agreed_on", "когда выпускник согласился с планом"),
    Field("is_social_services", "«да», если это ИППСУ"),
    rows(
        "spheres",
        "оценка ситуации по сферам",
        sphere="сфера",
        situation="ситуация",
        problem="проблема",
        resources="ресурсы",
        need="потребность в помощи",
    ),
    Field(
        "directions",
        "мероприятия по направлениям",
        (Field("title", "направление"), Field("measures", "мероприятия", MEASURE)),
    ),
    rows("refusals", "отказы выпускника от мероприятий", title="мероприятие", refused_on="дата", reason="причина"),
    rows("changes", "ход реализации, изменения", changed_on="дата", what="что изменено", ground="основание"),
    rows("monitoring", "карты мониторинга за время плана", filled_on="дата", total="баллы", conclusion="вывод"),
    rows("partners", "участники совместного плана", name="организация", agreed_on="когда согласилась"),
    Field("conclusion", "заключение о результатах: номер, дата, вывод"),
    Field("closing_note", "анализ выполнения"),
)
TITLES = {
    PlanKind.INDIVIDUAL: "Индивидуальный план постинтернатного сопровождения",
    PlanKind.SOCIAL_SERVICES: "Индивидуальная программа предоставления социальных услуг",
    PlanKind.JOINT: "Совместный план постинтернатного сопровождения",
}


def plan(desk: Desk, record: Plan) -> Facts:
    signed = record.contract
    return {
        **agency_facts(desk, record.agency),
        **person_facts(desk, record.graduate),
        **situation_facts(desk, record.graduate),
        **annulled_facts(record),
        "plan_title": TITLES[record.kind],
        "plan_number": record.number_text,
        "approved_on": day(record.approved_on),
        "approved_by": _approver(record),
        "starts_on": day(record.starts_on),
        "ends_on": day(record.ends_on),
        "contract": f"№ {signed.number_text} от {day(signed.signed_on)}" if signed and signed.number else "",
        "edition": _edition(record),
        "foreign": joined(record.foreign_number, record.foreign_issuer),
        "review_on": day(record.review_on),
        "plan_curator": record.curator,
        "curator_initials": initials(record.curator.partition(",")[0]),
        "goals": record.goals,
        "resources": record.resources,
        "agreed_on": day(record.agreed_on),
        "is_social_services": yes(record.kind is PlanKind.SOCIAL_SERVICES),
        "spheres": [
            {name: getattr(row, name) for name in ("sphere", "situation", "problem", "resources", "need")}
            for row in record.spheres
        ],
        "directions": list(_directions(record)),
        "refusals": [refusal_line(line) for line in record.measures if line.status is MeasureStatus.REFUSED],
        "changes": [
            {"changed_on": day(row.changed_on), "what": _what(row.what, row.measure), "ground": row.ground}
            for row in record.changes
        ],
        "monitoring": [monitoring_line(card) for card in _cards(desk, record)],
        "partners": [{"name": one.agency.name, "agreed_on": day(one.agreed_on)} for one in record.partners],
        "conclusion": _conclusion(desk, record),
        "closing_note": record.closing_note,
    }


def _approver(record: Plan) -> str:
    """Whoever approved it; of a draft, the head who will."""
    if record.approved_by is not None:
        return joined(record.approved_by.position, record.approved_by.name)
    return joined(record.agency.head_position, record.agency.head_name)


def _edition(record: Plan) -> str:
    if record.edition == 1:
        return "впервые"
    return joined(f"повторно, редакция {record.edition}", record.edition_reason, by=": ")


def _directions(record: Plan) -> Iterable[Facts]:
    """Measures in the order of the directions, numbered through the whole plan."""
    ordered = sorted(record.measures, key=lambda line: (line.direction.position, line.position, line.id or 0))
    numbers = iter(range(1, len(ordered) + 1))
    for direction, measures in groupby(ordered, key=lambda line: line.direction):
        yield {"title": direction.label, "measures": [_measure(line, next(numbers)) for line in measures]}


def _measure(line: Measure, place: int) -> Facts:
    return {
        "number": str(place),
        "title": line.title,
        "expected": line.expected,
        "service_kind": label(line.service_kind),
        "volume": line.volume,
        "term": _term(line),
        "periodicity": line.periodicity,
        "executor": line.executor,
        "partners": line.partners,
        "status": line.status.label,
        "mark": _mark(line),
        "refusal": _refusal_mark(line),
    }


def _term(line: Measure) -> str:
    if line.starts_on and line.due_on:
        return f"{day(line.starts_on)} – {day(line.due_on)}"
    return f"до {day(line.due_on)}" if line.due_on else f"с {day(line.starts_on)}" if line.starts_on else ""


def _mark(line: Measure) -> str:
    """What became of a measure; of one still open or refused nothing yet."""
    if line.status in (MeasureStatus.PLANNED, MeasureStatus.REFUSED):
        return ""
    return joined(line.status.label, day(line.done_on), line.result)


def _refusal_mark(line: Measure) -> str:
    if line.status is not MeasureStatus.REFUSED:
        return ""
    signed = "подписано выпускником" if line.is_refusal_signed else ""
    return joined(f"отказ {day(line.refused_on)}", label(line.refusal_reason), line.refusal_note, signed)


def refusal_line(line: Measure) -> Facts:
    reason = joined(label(line.refusal_reason), line.refusal_note)
    return {"title": line.title, "refused_on": day(line.refused_on), "reason": reason}


def _what(what: str, measure: Measure | None) -> str:
    return f"{measure.title}: {what}" if measure is not None else what


def _cards(desk: Desk, record: Plan) -> list[MonitoringCard]:
    query = select(MonitoringCard).where(
        MonitoringCard.graduate_id == record.graduate_id,
        MonitoringCard.filled_on.between(record.starts_on, record.ends_on),
        MonitoringCard.annulled_on.is_(None),
    )
    return list(desk.session.scalars(query.order_by(MonitoringCard.filled_on, MonitoringCard.id)))


def _conclusion(desk: Desk, record: Plan) -> str:
    query = select(Conclusion).where(
        Conclusion.plan_id == record.id, Conclusion.number.is_not(None), Conclusion.annulled_on.is_(None)
    )
    found = desk.session.scalars(query.order_by(Conclusion.id.desc())).first()
    if found is None:
        return ""
    return f"№ {found.number_text} от {day(found.approved_on)}: {found.outcome.label}"
