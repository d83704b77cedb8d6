"""Attempts made at the same moment are all counted, and only as many passwords are tried as may be."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.users import LoginFailure, User
from services import accounts
from tests.factories import build_cast
from tests.fresh import fresh_app
from views.extensions import db

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("accounts"), f"{worker_id}_accounts") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


def test_of_many_attempts_at_once_five_are_tried(own_app: Flask) -> None:
    opened: list[bool] = []
    start = threading.Barrier(12)

    def attempt() -> None:
        with own_app.app_context():
            start.wait()
            made = accounts.begin_attempt(db.session(), login="anna", address="10.0.0.1", now=NOW)
            db.session.commit()
            opened.append(made.is_open)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(opened) == [False] * 7 + [True] * 5
    assert db.session.scalar(select(User.failed_logins).where(User.login == "anna")) == 5
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 12
