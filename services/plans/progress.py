"""How far a plan has come, in one statement."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from models.plans import OPEN_MEASURES, Measure, MeasureStatus


@dataclass(frozen=True)
class Progress:
    """Measures of a plan by what became of them. A refusal of the graduate is no failure (domain §2.4)."""

    total: int = 0
    done: int = 0
    done_partly: int = 0
    not_done: int = 0
    refused: int = 0
    excluded: int = 0
    open: int = 0  # still to be done

    @property
    def expected(self) -> int:
        """What counts when a share is reckoned: without refusals and what was excluded."""
        return self.total - self.refused - self.excluded

    @property
    def share(self) -> float | None:
        """The part that is done; None where nothing counts."""
        return self.done / self.expected if self.expected else None


def counts(session: Session, plan_id: int) -> Progress:
    """Figures of one plan."""
    return of_plans(session, [plan_id]).get(plan_id, Progress())


def of_plans(session: Session, plan_ids: Collection[int]) -> dict[int, Progress]:
    """Figures of several plans; a plan without measures is absent."""
    s = MeasureStatus
    query = select(
        Measure.plan_id,
        func.count(Measure.id),
        *(_number(status) for status in (s.DONE, s.DONE_PARTLY, s.NOT_DONE, s.REFUSED, s.EXCLUDED)),
        _number(*OPEN_MEASURES),
    )
    rows = session.execute(query.where(Measure.plan_id.in_(plan_ids)).group_by(Measure.plan_id))
    return {plan_id: Progress(*(int(figure) for figure in figures)) for plan_id, *figures in rows}


def _number(*statuses: MeasureStatus) -> ColumnElement[int]:
    return func.sum(case((Measure.status.in_(statuses), 1), else_=0))
