"""Differences between guardianship's Приложение 1 and the social centre's Приложение 2 (vologda, cl. 2.3, 2.4).

The rows are the work list of `models.submissions.Discrepancy` for the half-year of a day, of submissions that the
reader may see both of.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from models.access import Viewer
from models.submission_access import discrepancies_visible_to
from models.submissions import Discrepancy, Submission
from reports.base import Column, Kind, ListReport, Parameters, Row
from reports.period import Period

CHUNK = 500


class Reconciliation(ListReport):
    code = "reconciliation"
    title = "Расхождения сведений органов опеки и комплексных центров социального обслуживания"
    short_title = "Расхождения опеки и КЦСОН"
    note = "За полугодие, в котором лежит день: по последним редакциям Приложений 1 и 2 одного района."
    is_of_one_agency = False
    is_signed = True
    counted = ("расхождение", "расхождения", "расхождений")
    record_endpoint = "discrepancies.show"
    columns = (
        Column("№ п/п", "number", 5, Kind.NUMBER),
        Column("ФИО", "name", 26),
        Column("Дата рождения", "birth_date", 12, Kind.DATE),
        Column("Что расходится", "kind", 20),
        Column("Графа", "column", 22),
        Column("Орган опеки", "first_agency", 24),
        Column("У опеки", "first", 28),
        Column("КЦСОН", "second_agency", 24),
        Column("У КЦСОН", "second", 28),
        Column("Решение", "resolution", 30),
    )

    def rows(
        self, session: Session, viewer: Viewer, parameters: Parameters, *, limit: int | None = None
    ) -> Iterator[Row]:
        d, first, second = Discrepancy, aliased(Submission), aliased(Submission)
        query = _standing(viewer, parameters, first, second).with_only_columns(
            *(d.id, d.name, d.birth_date, d.kind, d.column_title, first.agency_name.label("first_agency")),
            *(d.first_value, second.agency_name.label("second_agency"), d.second_value, d.resolution),
        )
        query = query.order_by(d.name, d.birth_date, d.id).limit(limit).execution_options(yield_per=CHUNK)
        for number, row in enumerate(session.execute(query), start=1):
            told = (row.name, row.birth_date, row.kind.label, row.column_title, row.first_agency, row.first_value)
            yield Row(row.id, (number, *told, row.second_agency, row.second_value, row.resolution))

    def count(self, session: Session, viewer: Viewer, parameters: Parameters) -> int:
        query = _standing(viewer, parameters, aliased(Submission), aliased(Submission))
        return session.scalar(query.with_only_columns(func.count(Discrepancy.id))) or 0


def _standing(viewer: Viewer, parameters: Parameters, first: Any, second: Any) -> Select[Any]:
    d, half = Discrepancy, Period.around(parameters.on, 6)
    query = select(d.id).join(first, first.id == d.first_id).join(second, second.id == d.second_id)
    query = query.where(discrepancies_visible_to(viewer))
    query = query.where(first.period_to >= half.starts_on, first.period_to <= half.ends_on)
    if parameters.agency_id is not None:
        query = query.where((first.agency_id == parameters.agency_id) | (second.agency_id == parameters.agency_id))
    return query
