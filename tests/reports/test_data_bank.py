"""The data bank: the row of the register with the days of its newest statement."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch, ImportRow
from models.submissions import RowState, Submission, SubmissionRecipient, SubmissionRow, SubmissionStatus
from models.users import User
from reports.base import Parameters
from reports.data_bank import OF_AGE, DataBank
from reports.registry import Registry, RegistryParameters
from tests.factories import Cast
from tests.reports.people import known_facts, make_person
from tests.reports.statements import statements

ON = date(2026, 10, 10)
REPORT = DataBank()


def moment(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


def rows_of(session: Session, user: User, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
    viewer = Viewer.of(session, user, ON)
    asked = parameters or RegistryParameters(ON)
    rows = [row.cells for row in REPORT.rows(session, viewer, asked)]
    assert REPORT.count(session, viewer, asked) == len(rows)
    return rows


def loaded(session: Session, cast: Cast, person: Graduate, on: date, state: BatchState = BatchState.APPLIED) -> None:
    batch = ImportBatch(
        state=state, form="vologda-appendix-1", agency_id=cast.opeka.id, on=on, file_name="ф.xlsx",
        file_sha256="0" * 64, file=b"x", created_at=moment(10, 2),
        applied_at=moment(10, 3) if state is BatchState.APPLIED else None,
    )  # fmt: skip
    batch.rows = [ImportRow(row=5, outcome="update", graduate_id=person.id)]
    session.add(batch)
    session.flush()


def submitted(session: Session, cast: Cast, person: Graduate, status: SubmissionStatus, received: datetime) -> None:
    made = Submission(
        report="vologda-appendix-1", title="Приложение 1", agency_id=cast.opeka.id, period_key=received.isoformat(),
        period_from=ON, period_to=ON, status=SubmissionStatus.SENT, sha256="0" * 64, created_at=moment(9, 28),
        refreshed_at=moment(9, 28), approved_at=moment(9, 29), approved_by_name="Глава", sent_at=moment(9, 30),
    )  # fmt: skip
    made.rows = [SubmissionRow(graduate_id=person.id, name=person.full_name, state=RowState.INCLUDED)]
    decided = None if status is SubmissionStatus.SENT else moment(10, 7)
    made.recipients = [
        SubmissionRecipient(
            agency_id=cast.centre.id, status=status, sent_at=moment(9, 30), received_at=received, decided_at=decided
        )
    ]
    session.add(made)
    session.flush()


def test_the_columns_are_those_of_the_bank_and_three_days(session: Session, cast: Cast) -> None:
    bank = [column.heading for column in REPORT.columns]
    assert bank[:11] == [column.heading for column in Registry.columns[:11]]
    assert bank[11:] == ["Дата документа", "Дата получения", "Дата внесения"]


def test_a_row_is_that_of_the_register(session: Session, cast: Cast) -> None:
    make_person(session, agency_id=cast.service.id, facts=known_facts())
    viewer = Viewer.of(session, cast.anna, ON)
    of_register = [row.cells[:11] for row in Registry().rows(session, viewer, RegistryParameters(ON))]
    assert [cells[:11] for cells in rows_of(session, cast.anna)] == of_register


def test_a_card_filled_in_by_hand_has_the_day_on_which_it_was_begun(session: Session, cast: Cast) -> None:
    assert rows_of(session, cast.anna)[0][11:] == (None, None, date(2026, 9, 1))


def test_a_loaded_form_dates_the_row(session: Session, cast: Cast) -> None:
    loaded(session, cast, cast.own, date(2026, 10, 1))
    loaded(session, cast, cast.own, date(2026, 10, 5), BatchState.DRAFT)
    assert rows_of(session, cast.anna)[0][11:] == (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3))


def test_an_accepted_submission_dates_it_where_it_came_later(session: Session, cast: Cast) -> None:
    loaded(session, cast, cast.own, date(2026, 10, 1))
    submitted(session, cast, cast.own, SubmissionStatus.SENT, moment(10, 9))
    assert rows_of(session, cast.anna)[0][12] == date(2026, 10, 2)
    submitted(session, cast, cast.own, SubmissionStatus.ACCEPTED, moment(10, 1))
    assert rows_of(session, cast.anna)[0][12] == date(2026, 10, 2)
    submitted(session, cast, cast.own, SubmissionStatus.ACCEPTED, moment(10, 6))
    assert rows_of(session, cast.anna)[0][11:] == (date(2026, 9, 29), date(2026, 10, 6), date(2026, 10, 7))


def test_those_of_age_alone(session: Session, cast: Cast) -> None:
    for name, born in (
        ("Младшая Анна", date(2008, 10, 11)),
        ("Молодая Анна", date(2008, 10, 10)),
        ("Взрослая Анна", date(2003, 10, 10)),
        ("Старшая Анна", date(2003, 10, 9)),
    ):
        make_person(session, name, agency_id=cast.service.id, birth_date=born)
    young = RegistryParameters(ON, chosen={"who": OF_AGE})
    names = [cells[1] for cells in rows_of(session, cast.anna, young)]
    assert names == ["Взрослая Анна", cast.own.full_name, "Молодая Анна"]


def test_the_bank_is_one_statement(session: Session, cast: Cast) -> None:
    for number in range(5):
        make_person(session, f"Иванова Анна{number}", agency_id=cast.service.id, facts=known_facts())
    viewer = Viewer.of(session, cast.root, ON)
    session.expire_all()
    with statements() as texts:
        assert len(list(REPORT.rows(session, viewer, RegistryParameters(ON)))) == 8
    assert len(texts) == 1
