"""What papers say of needs and of work done: need sheet, notice of right, plan of help on release, analysis, order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import select

from models.aid import CuratorOrder
from models.cases import AboutGraduate
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from models.support import Problem
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
from services.papers.of_people import CURATOR_ORDER, about, contract_text, keeper
from services.papers.of_plans import PLAN, plan, refusal_line
from services.papers.paper import Desk, Facts, day, joined, label, long_day
from services.profiles import last_eligible_day, own_packs, profile_of
from services.regulations.loading import current_packs

RELEASE = "release-plan"  # The form of a pack whose items are the usual steps.
LEVELS = {1: "невысокий", 2: "серьёзный", 3: "критический"}
GONE = (MeasureStatus.MOVED, MeasureStatus.EXCLUDED)
OVER = (PlanState.APPROVED, PlanState.CLOSED)

NEEDS = (
    *AGENCY,
    *PERSON,
    *SITUATION,
    Field("contract", "договор: номер и дата"),
    rows(
        "needs",
        "нуждаемость",
        number="№ п/п",
        direction="направление помощи",
        text="в чём нуждается",
        level="уровень",
        basis="основание: когда и как выявлено",
    ),
    rows("measures", "меры по плану", direction="направление", title="мероприятие", term="срок", executor="кто"),
    Field("plan", "план: номер и дата утверждения"),
)
RIGHT = (
    *AGENCY,
    *PERSON,
    Field("left_on", "когда кончается пребывание"),
    Field("right_until", "по какой день есть право на сопровождение"),
    Field("contacts", "куда обратиться: адрес, телефон, почта"),
    Field("specialist", "кто уведомляет: ФИО, должность"),
)
RELEASE_PLAN = (
    *AGENCY,
    *PERSON,
    *SITUATION,
    rows("steps", "обычные шаги из регламента", number="№ п/п", title="мероприятие"),
    rows("needs", "открытые проблемы", text="в чём состоит", level="уровень"),
)
ANALYSIS = (
    *PLAN,
    rows(
        "totals",
        "мероприятия по направлениям",
        direction="направление",
        planned="запланировано",
        done="выполнено",
        partly="выполнено частично",
        not_done="не выполнено",
        refused="отказ выпускника",
        left="в работе",
    ),
    Field("planned", "всего запланировано"),
    Field("done", "всего выполнено, полностью и частично"),
    Field("share", "доля выполненного"),
    Field("dynamics", "как изменилась сумма баллов мониторинга"),
    rows("undone", "что не выполнено", title="мероприятие", status="состояние", reason="причина, результат"),
)
ORDER = (*CURATOR_ORDER, *ANNULLED, Field("ground", "основание"))


# -- Needs -----------------------------------------------------------------------------------------------------------


def needs(desk: Desk, graduate: Graduate) -> Facts:
    found = current_plan(desk, graduate)
    lines = [*_problems(graduate, desk), *_spheres(found)]
    return {
        **about(desk, graduate),
        **situation_facts(desk, graduate),
        "contract": contract_text(desk, graduate),
        "needs": [{"number": str(place), **line} for place, line in enumerate(lines, start=1)],
        "measures": [
            {
                "direction": one.direction.label,
                "title": one.title,
                "term": day(one.due_on),
                "executor": one.executor,
            }
            for one in _ordered(found.measures if found else ())
            if one.status not in (*GONE, MeasureStatus.REFUSED)
        ],
        "plan": f"№ {found.number_text} от {day(found.approved_on)}" if found else "",
    }


def current_plan(desk: Desk, graduate: Graduate) -> Plan | None:
    """The newest approved plan of the organisation whose paper it is."""
    query = select(Plan).where(
        Plan.graduate_id == graduate.id,
        Plan.agency_id == keeper(desk, graduate).id,
        Plan.state.in_(OVER),
        Plan.kind.in_([PlanKind.INDIVIDUAL, PlanKind.SOCIAL_SERVICES]),
        Plan.annulled_on.is_(None),
    )
    return desk.session.scalars(query.order_by(Plan.starts_on.desc(), Plan.id.desc())).first()


def _open(graduate: Graduate, desk: Desk) -> list[Problem]:
    held = [one for one in graduate.problems if one.is_open_on(desk.on)]
    return sorted(held, key=lambda one: (-(one.severity or 0), one.found_on, one.id))


def _problems(graduate: Graduate, desk: Desk) -> Iterator[Facts]:
    for one in _open(graduate, desk):
        yield {
            "direction": label(one.kind),
            "text": one.description,
            "level": LEVELS.get(one.severity or 0, "не оценён"),
            "basis": joined(f"выявлено {day(one.found_on)}", label(one.source)),
        }


def _spheres(found: Plan | None) -> Iterator[Facts]:
    """What the plan says that somebody needs."""
    for row in found.spheres if found else ():
        if row.need.strip():
            basis = joined(f"план № {found.number_text}" if found else "", row.situation)
            yield {"direction": row.sphere, "text": row.need, "level": row.problem, "basis": basis}


# -- The right to support, help on release ---------------------------------------------------------------------------


def right(desk: Desk, graduate: Graduate) -> Facts:
    agency = keeper(desk, graduate)
    profile = profile_of(desk.session, agency_id=agency.id, on=desk.on)
    stays = [one.ends_on for one in graduate.placements if one.ends_on is not None]
    return {
        **about(desk, graduate),
        "left_on": day(graduate.left_on or max(stays, default=None)),
        "right_until": long_day(last_eligible_day(graduate.birth_date, profile)),
        "contacts": joined(agency.address, f"тел. {agency.phone}" if agency.phone else "", agency.email),
        "specialist": joined(agency.responsible_position, agency.responsible_name),
    }


def release_plan(desk: Desk, graduate: Graduate) -> Facts:
    steps = usual_steps(desk, agency_id=keeper(desk, graduate).id)
    return {
        **about(desk, graduate),
        **situation_facts(desk, graduate),
        "steps": [{"number": str(place), "title": title} for place, title in enumerate(steps, start=1)],
        "needs": [
            {"text": joined(label(one.kind), one.description, by=": "), "level": LEVELS.get(one.severity or 0, "")}
            for one in _open(graduate, desk)
        ],
    }


def usual_steps(desk: Desk, *, agency_id: int) -> Sequence[str]:
    """What the organisation's regulations list, else any regulation of the region that does."""
    own = own_packs(desk.session, agency_id=agency_id, on=desk.on)
    for packs in (own, current_packs(desk.session)):
        entries = [entry for pack in packs for entry in pack.section("forms") if entry["code"] == RELEASE]
        if found := list(dict.fromkeys(title for entry in entries for title in entry.get("items", ()))):
            return found
    return ()


# -- What a plan has brought -----------------------------------------------------------------------------------------


def analysis(desk: Desk, record: Plan) -> Facts:
    told = plan(desk, record)
    held = [one for one in _ordered(record.measures) if one.status not in GONE]
    done = sum(one.status in (MeasureStatus.DONE, MeasureStatus.DONE_PARTLY) for one in held)
    return {
        **told,
        "totals": list(_totals(held)),
        "planned": str(len(held)),
        "done": str(done),
        "share": f"{round(100 * done / len(held))} %" if held else "",
        "dynamics": _dynamics(told["monitoring"]),
        "undone": [
            {"title": one.title, "status": one.status.label, "reason": joined(*_why(one), by="; ")}
            for one in held
            if one.status in (MeasureStatus.NOT_DONE, MeasureStatus.DONE_PARTLY, MeasureStatus.REFUSED)
        ],
    }


def _ordered(measures: Iterable[Measure]) -> list[Measure]:
    return sorted(measures, key=lambda line: (line.direction.position, line.position, line.id or 0))


def _totals(held: Sequence[Measure]) -> Iterator[Facts]:
    for direction, lines in groupby(held, key=lambda line: line.direction):
        states = [line.status for line in lines]
        told = {
            "planned": len(states),
            "done": states.count(MeasureStatus.DONE),
            "partly": states.count(MeasureStatus.DONE_PARTLY),
            "not_done": states.count(MeasureStatus.NOT_DONE),
            "refused": states.count(MeasureStatus.REFUSED),
            "left": states.count(MeasureStatus.PLANNED) + states.count(MeasureStatus.IN_WORK),
        }
        yield {"direction": direction.label, **{name: str(count) for name, count in told.items()}}


def _why(one: Measure) -> tuple[str, ...]:
    if one.status is MeasureStatus.REFUSED:
        return (str(refusal_line(one)["reason"]),)
    return (one.result,)


def _dynamics(cards: Sequence[Facts]) -> str:
    """«с 12 до 17 баллов за 4 карты»; of one card nothing can be compared."""
    sums = [str(card["total"]).partition(" ")[0] for card in cards if card["total"]]
    if len(sums) < 2:
        return "карт мониторинга меньше двух: сравнивать не с чем"
    return f"с {sums[0]} до {sums[-1]} (карт мониторинга: {len(sums)})"


# -- An order --------------------------------------------------------------------------------------------------------


def order(desk: Desk, record: CuratorOrder) -> Facts:
    """The same paper as of the card, of the order that stands in the journal."""
    name, position = desk.forms.name(record.name), desk.forms.position(record.position)
    kind = desk.forms.position(record.kind.label)
    return {
        **agency_facts(desk, record.agency),
        **person_facts(desk, record.graduate),
        **annulled_facts(record),
        "order_number": record.number_text,
        "order_date": long_day(record.ordered_on),
        "curator_name": name.nominative,
        "curator_name_accusative": name.accusative,
        "curator_name_dative": name.dative,
        "curator_position_accusative": position.accusative,
        "curator_initials": initials(record.name),
        "curator_kind": kind.nominative,
        "curator_kind_instrumental": kind.instrumental,
        "assigned_from": day(record.starts_on),
        "assigned_until": day(record.ends_on),
        "contract": contract_text(desk, record.graduate),
        "ground": record.ground,
    }


def is_numbered(record: AboutGraduate) -> bool:
    return getattr(record, "number", None) is not None
