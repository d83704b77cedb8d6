"""One request to 40 colleges about 300 students of each: the table of recipients, then all letters in a transaction.

The bare competitor inserts as many rows of letters and of their people, a statement for each table.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app import create_app
from models.circumstances import Study
from models.exchange import OutgoingLetter, Referral, ReferralPerson, ReferralStatus
from models.graduates import Graduate
from models.regulations import AgencyRegulation, Regulation
from models.territory import Agency, AgencyKind
from models.users import Role, User
from services.production_calendar import load_years
from services.regulations.loading import load_shipped
from tests.bench.databases import DAY, settings
from tests.factories import make_agency, make_user
from tests.fresh import fresh_app
from tests.signing import sign_in
from views import edge
from views.cli_tools import transaction
from views.extensions import db

COLLEGES = int(os.environ.get("BENCH_COLLEGES", "") or 40)
STUDENTS = 300  # of each college
MADE = datetime(2026, 9, 1, tzinfo=UTC)
ADDRESS = "/exchange/fan-out/vologda-2022/study-progress-request/"


@dataclass(frozen=True)
class Dispatched:
    """Seconds."""

    kind: str
    letters: int
    people: int
    page: float
    sent: float
    bare: float


def measure(kind: str, folder: Path) -> Dispatched:
    """On a database of its own, of which the server has made no statistics yet; `kind` is sqlite or postgresql."""
    with fresh_app(kind, folder, f"dispatch_{os.getpid()}") as small:
        url = str(small.config["SQLALCHEMY_DATABASE_URI"])
        with transaction() as session:
            load_years(session)
            load_shipped(session, now=edge.clock(), on=date(2024, 1, 1))
        with transaction() as session:
            user, colleges = _region(session)
        app = create_app({**settings(url, folder), "WTF_CSRF_ENABLED": False, "TODAY": DAY})
        app.instance_path = str(folder)
        client = sign_in(app.test_client(), user)
        db.session.remove()
        start = time.perf_counter()
        page = client.get(ADDRESS)
        shown = time.perf_counter()
        answer = client.post(ADDRESS, data={"recipients": colleges, "text": "Просим сообщить.", "form_token": "1" * 32})
        sent = time.perf_counter()
        assert (page.status_code, answer.status_code) == (200, 302), (page.status_code, answer.status_code)
        letters, people = _check(db.session())
        bare = _bare()
        _close(app)
    return Dispatched(kind, letters, people, shown - start, sent - shown, bare)


def _region(session: Session) -> tuple[User, list[int]]:
    """A care centre whose people study in the colleges; all follow the regulation that has the request."""
    followed = session.scalars(select(Regulation).where(Regulation.code == "vologda-2022")).one()
    centre = make_agency(session, "centre", AgencyKind.CARE_CENTRE)
    colleges = [make_agency(session, f"college-{number}", AgencyKind.COLLEGE) for number in range(COLLEGES)]
    for agency in (centre, *colleges):
        session.add(AgencyRegulation(agency_id=agency.id, regulation_id=followed.id, starts_on=date(2024, 1, 1)))
        for number in range(2):
            user = make_user(session, f"{agency.code}-{number}", f"Сотрудник {number}", Role.CLERK, agency)
    user = session.scalars(select(User).where(User.agency_id == centre.id).order_by(User.id)).first()
    assert user is not None
    session.flush()
    people = list(_people(centre, colleges))
    session.execute(insert(Graduate), [person for person, _ in people])
    session.execute(insert(Study), [study for _, study in people])
    return user, [college.id for college in colleges]


def _people(centre: Agency, colleges: list[Agency]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for number in range(len(colleges) * STUDENTS):
        name = {"last_name": f"Студентов{number}", "first_name": "Иван", "patronymic": "Иванович"}
        born = {"birth_date": date(2007, 1, 1 + number % 28), "created_at": MADE, "updated_at": MADE}
        born["name_key"] = f"студентов{number} иван иванович"
        whose = {"agency_id": centre.id, "graduating_agency_id": centre.id}
        person = {"id": number + 1} | name | born | whose
        began = {"starts_on": date(2025, 9, 1), "status_code": "studying"}
        yield person, {"graduate_id": number + 1, "agency_id": colleges[number % len(colleges)].id} | began


def _check(session: Session) -> tuple[int, int]:
    """Every letter has its number and its people."""
    session.rollback()
    sent = session.scalar(select(func.count()).where(Referral.status == ReferralStatus.SENT)) or 0
    told = session.scalar(select(func.count(ReferralPerson.id))) or 0
    given = sorted(session.scalars(select(OutgoingLetter.number)))
    session.rollback()
    if (sent, told, given) != (COLLEGES, COLLEGES * STUDENTS, list(range(1, COLLEGES + 1))):
        raise AssertionError(f"{sent} letters about {told} people, {len(given)} numbers")
    return sent, told


def _bare() -> float:
    """The rows of the letters and of their people once more."""
    with transaction() as session:
        tables = [model.__table__ for model in (Referral, ReferralPerson)]
        letters, people = ([dict(row._mapping) for row in session.execute(select(table))] for table in tables)
        start = time.perf_counter()
        for row in letters:
            row |= {"id": row["id"] + COLLEGES, "form_token": None}
        for row in people:
            row |= {"id": row["id"] + COLLEGES * STUDENTS, "referral_id": row["referral_id"] + COLLEGES}
        for table, rows in zip(tables, (letters, people), strict=True):
            session.execute(insert(table), rows)
        session.flush()
    return time.perf_counter() - start


def _close(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
