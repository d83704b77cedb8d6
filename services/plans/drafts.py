"""A plan before its approval: begun, edited, thrown away; what must be so of it, and of what the author is warned."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.case_access import may_register, recordable_by
from models.cases import Contract
from models.graduates import Graduate
from models.plans import Measure, Plan, PlanKind, PlanPartner, PlanSphere, PlanState
from models.reckoning import years_later
from services.errors import Refused, need
from services.plans.holding import hold, need_draft, ru, touch
from services.profiles import last_eligible_day, profile_of

REVIEW_YEARS = 3  # An «ИППСУ» is looked at anew at least once in three years (442-ФЗ, art. 16).
OWN_ONLY = "Планы ведёт сама организация."
NO_CONTRACT = "Услуги без договора: у выпускника нет договора о сопровождении с вашей организацией."


def begin(session: Session, *, plan: Plan, by: Viewer, now: datetime) -> Plan:
    """Keep a new draft, bound to the contract of the person where there is one. Raises Refused.

    A plan without an assessment of the situation starts from the open problems of the card.
    """
    need(may_register(by, plan.agency_id), OWN_ONLY)
    with session.no_autoflush:  # The plan may hang on the edition before it already.
        _complete(session, plan, by, now)
    session.add(plan)
    session.flush()
    return plan


def _complete(session: Session, plan: Plan, by: Viewer, now: datetime) -> None:
    known = select(Graduate, recordable_by(by)).where(Graduate.id == plan.graduate_id, visible_to(by))
    found = session.execute(known).one_or_none()
    if found is None:
        raise Refused("Такой карточки нет среди тех, кого вы видите.", field="graduate_id")
    graduate, is_ours = found
    need(is_ours, "Карточка только для чтения: человека ведёт другая организация.", field="graduate_id")
    plan.graduate = graduate
    plan.state, plan.created_at, plan.created_by_id = PlanState.DRAFT, now, by.user_id
    plan.kind = plan.kind or PlanKind.INDIVIDUAL
    plan.curator = plan.curator or graduate.curator_name
    settle(session, plan=plan, by=by)
    if not plan.spheres:
        plan.spheres = [*_spheres_of(graduate, plan.starts_on)]


def revise(session: Session, *, plan: Plan, by: Viewer) -> None:
    """After an edit of the draft by a form: what must be so is so again. Raises Refused."""
    need(may_register(by, plan.agency_id), OWN_ONLY)
    need_draft(plan)
    settle(session, plan=plan, by=by)
    touch(session, plan=plan)


def revise_measure(session: Session, *, measure: Measure, by: Viewer) -> None:
    """After an edit of a line of a draft. Raises Refused."""
    plan = measure.plan
    need(may_register(by, plan.agency_id), OWN_ONLY)
    hold(session, plan=plan, as_seen=False)
    need_draft(plan)
    _need_inside(plan, measure)
    touch(session, plan=plan)


def discard(session: Session, *, plan: Plan, by: Viewer) -> None:
    """Throw a draft away. It never had a number; the history of changes keeps what it said. Raises Refused."""
    need(may_register(by, plan.agency_id), OWN_ONLY)
    hold(session, plan=plan)
    need_draft(plan)
    session.delete(plan)
    session.flush()


# -- What must be so -------------------------------------------------------------------------------------------------


def settle(session: Session, *, plan: Plan, by: Viewer) -> None:
    """Check and complete a draft: the contract, an end inside its term, the review of an «ИППСУ», places of lines."""
    need(plan.ends_on >= plan.starts_on, "Последний день плана раньше первого.", field="ends_on")
    with session.no_autoflush:
        plan.contract = contract_for(session, plan=plan)
    if plan.contract is not None:
        _keep_inside(plan, plan.contract)
    need(plan.agreed_on is None or plan.agreed_on <= by.on, "Дата согласия ещё не наступила.", field="agreed_on")
    _need_programme(plan)
    _need_partners(plan, [one for one in plan.partners if one not in session.deleted], by)
    _need_edition(plan)
    for measure in plan.measures:
        if measure not in session.deleted:  # A form takes a line away before its list is read anew.
            _need_inside(plan, measure)
    _give_places(plan)


def contract_for(session: Session, *, plan: Plan) -> Contract | None:
    """The contract that the plan belongs to: the newest one not over when the plan begins; an «ИППСУ» needs none."""
    if plan.kind is PlanKind.SOCIAL_SERVICES:
        return None
    query = select(Contract).where(
        Contract.graduate_id == plan.graduate_id,
        Contract.agency_id == plan.agency_id,
        Contract.annulled_on.is_(None),
        or_(Contract.ended_on.is_(None), Contract.ended_on >= plan.starts_on),
        Contract.ends_on >= plan.starts_on,
    )
    found = list(session.scalars(query.order_by(Contract.starts_on.desc(), Contract.id.desc())))
    running = [contract for contract in found if contract.starts_on <= plan.starts_on]
    signed = [contract for contract in running if contract.number is not None]
    return next(iter([*signed, *running, *found]), None)


def last_day(contract: Contract) -> date:
    """The last day of a contract's term, or of the contract itself where it ended before."""
    return min(contract.ends_on, contract.ended_on or contract.ends_on)


def _keep_inside(plan: Plan, contract: Contract) -> None:
    """The plan does not begin before its contract; a later end becomes the contract's."""
    early = f"План начинается раньше договора: он действует с {ru(contract.starts_on)}."
    need(plan.starts_on >= contract.starts_on, early, field="starts_on")
    plan.ends_on = min(plan.ends_on, last_day(contract))


def _need_programme(plan: Plan) -> None:
    """The number, issuer and review of an «ИППСУ»."""
    number, issuer = plan.foreign_number or "", plan.foreign_issuer or ""
    if plan.kind is not PlanKind.SOCIAL_SERVICES:
        is_empty = not number and not issuer and plan.review_on is None
        sentence = "Номер, кем выдана и пересмотр указывают только у ИППСУ."
        need(is_empty, sentence, field="foreign_number" if number else "foreign_issuer" if issuer else "review_on")
        return
    need(number or not issuer, "Укажите номер и дату программы.", field="foreign_number")
    need(issuer or not number, "Укажите, кем выдана программа.", field="foreign_issuer")
    latest = years_later(plan.starts_on, REVIEW_YEARS)
    plan.review_on = plan.review_on or min(plan.ends_on, latest)
    need(plan.review_on >= plan.starts_on, "Пересмотр не может быть раньше начала программы.", field="review_on")
    rare = f"ИППСУ пересматривают не реже раза в три года: не позже {ru(latest)} (ст. 16 442-ФЗ)."
    need(plan.review_on <= latest, rare, field="review_on")


def _need_partners(plan: Plan, partners: Sequence[PlanPartner], by: Viewer) -> None:
    ids = [partner.agency_id for partner in partners]
    need(not ids or plan.kind is PlanKind.JOINT, "Партнёров указывают только в совместном плане.", field="kind")
    need(plan.agency_id not in ids, "Ваша организация и так сторона плана: укажите другую.", field="kind")
    need(len(ids) == len(set(ids)), "Одна организация указана партнёром дважды.", field="kind")
    is_past = all(partner.agreed_on is None or partner.agreed_on <= by.on for partner in partners)
    need(is_past, "Дата согласия партнёра ещё не наступила.", field="kind")


def _need_edition(plan: Plan) -> None:
    previous = plan.before
    if previous is not None:
        before = f"Новая редакция начинается позже прежней: она действует с {ru(previous.starts_on)}."
        need(plan.starts_on > previous.starts_on, before, field="starts_on")


def outside(plan_from: date, plan_to: date, starts_on: date | None, due_on: date | None) -> tuple[str, str] | None:
    """Where the dates of a measure leave its plan: (field, sentence)."""
    if starts_on is not None and starts_on < plan_from:
        return "starts_on", f"Мероприятие раньше плана: план начинается {ru(plan_from)}."
    if due_on is not None and due_on < plan_from:
        return "due_on", f"Мероприятие раньше плана: план начинается {ru(plan_from)}."
    if due_on is not None and due_on > plan_to:
        return "due_on", f"Срок позже окончания плана ({ru(plan_to)})."
    if starts_on is not None and starts_on > plan_to:
        return "starts_on", f"Начало позже окончания плана ({ru(plan_to)})."
    if starts_on is not None and due_on is not None and due_on < starts_on:
        return "due_on", "Срок раньше начала."
    return None


def _need_inside(plan: Plan, measure: Measure) -> None:
    need((measure.title or "").strip(), "У каждого мероприятия должно быть название.", field="title")
    fault = outside(plan.starts_on, plan.ends_on, measure.starts_on, measure.due_on)
    if fault is not None:
        raise Refused(f"«{measure.title}». {fault[1]}", field=fault[0] if measure.id else "ends_on")


def _give_places(plan: Plan) -> None:
    """New lines stand after those that were there."""
    for rows in (plan.spheres, plan.measures):
        last = max((row.position or 0 for row in rows), default=0)
        for row in rows:
            if not row.position:
                last += 1
                row.position = last


def _spheres_of(graduate: Graduate, on: date) -> list[PlanSphere]:
    """Section II of a new plan: what stands open in the card."""
    found = [problem for problem in graduate.problems if problem.resolved_on is None and problem.found_on <= on]
    return [
        PlanSphere(
            sphere=(problem.kind.label if problem.kind else "Другое"), problem=problem.description, position=place
        )
        for place, problem in enumerate(found, start=1)
    ]


# -- Of what to warn -------------------------------------------------------------------------------------------------


def warnings(session: Session, *, plan: Plan, on: date, wanted_end: date | None = None) -> list[str]:
    """What the author should know: sentences. `wanted_end`: the last day as it was typed."""
    found = []
    if wanted_end is not None and plan.contract is not None and wanted_end > plan.ends_on:
        found.append(f"План заканчивается {ru(plan.ends_on)}, вместе с договором: он не может быть длиннее.")
    if plan.kind is PlanKind.INDIVIDUAL and plan.contract is None:
        found.append(NO_CONTRACT)
    profile = profile_of(session, agency_id=plan.agency_id, on=on)
    last = last_eligible_day(plan.graduate.birth_date, profile)
    if plan.kind is not PlanKind.SOCIAL_SERVICES and plan.ends_on > last:
        found.append(f"План длится дольше права на сопровождение: его последний день {ru(last)}.")
    return found
