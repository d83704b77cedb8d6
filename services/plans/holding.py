"""One at a time: a plan is held while a verb changes it, and each change is written down for section V."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.plans import Measure, Plan, PlanChange, PlanState
from services.errors import Refused, need

CHANGED = "План тем временем изменил другой сотрудник: откройте его заново и повторите."
NOT_A_DRAFT = "Изменить можно только черновик плана. Для утверждённого сделайте новую редакцию."


def hold(session: Session, *, plan: Plan, as_seen: bool = True) -> None:
    """Keep others from the plan until the transaction ends, and read it anew. Call it before the first change.

    `as_seen`: refuse where somebody has changed the plan since the caller read it.
    """
    seen = plan.version
    query = select(Plan).where(Plan.id == plan.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or (as_seen and found.version != seen):
        raise Refused(CHANGED)


def touch(session: Session, *, plan: Plan) -> None:
    """The plan's version rises with a change of its lines: a form opened before that is out of date."""
    session.flush()
    risen = update(Plan).where(Plan.id == plan.id, Plan.version == plan.version).values(version=Plan.version + 1)
    changed = session.execute(risen.execution_options(synchronize_session=False))
    need(changed.rowcount == 1, CHANGED)  # type: ignore[attr-defined]
    session.refresh(plan, ["version"])


def need_draft(plan: Plan) -> None:
    need(plan.state is PlanState.DRAFT and plan.annulled_on is None, NOT_A_DRAFT)


def note(
    session: Session, *, plan: Plan, what: str, ground: str = "", on: date, by: Viewer, measure: Measure | None = None
) -> PlanChange:
    """A line of section V."""
    change = PlanChange(what=what, ground=ground.strip()[:500], changed_on=on, author_id=by.user_id)
    change.plan, change.measure = plan, measure
    session.add(change)
    return change


def ru(day: date) -> str:
    return f"{day:%d.%m.%Y}"
