"""`audit verify`: whole or not, said in sentences and by the exit code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from models.audit import AccessKind
from models.context import Actor
from services import audit
from tests.factories import build_cast
from tests.fresh import fresh_app
from views import edge, proof
from views.database import access_connection, audit_key
from views.extensions import db


@pytest.fixture
def own_app(tmp_path: Path) -> Iterator[Flask]:
    """On SQLite only: tests/services/test_audit.py proves the same of PostgreSQL, without the command around it."""
    with fresh_app("sqlite", tmp_path, "verify") as app:
        build_cast(db.session())
        db.session.commit()
        with access_connection() as connection:
            audit.record_access(connection, key=audit_key(), actor=Actor(edge.clock()), kind=AccessKind.LISTED)
        yield app


def verify(app: Flask) -> tuple[int, str, str]:
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    return result.exit_code, result.stdout, result.stderr


def length() -> int:
    """How many changes the cast made."""
    return dict(head[:2] for head in proof._heads())[audit.CHANGES]


def tamper(chain: str, statement: str) -> None:
    with proof.engines()[chain].begin() as connection:
        connection.execute(text(statement))


def test_whole_logs_are_told_and_anchored(own_app: Flask) -> None:
    code, out, told = verify(own_app)
    assert (code, out) == (0, "")
    assert told.splitlines() == [
        f"Журнал изменений: записей {length()}, цепочка цела.",
        "Журнал обращений: записей 1, цепочка цела.",
    ]
    assert [line.split()[1:3] for line in proof.anchors_path().read_text().splitlines()] == [
        ["changes", str(length())],
        ["reading", "1"],
    ]


def test_each_broken_log_is_named(own_app: Flask) -> None:
    tamper(audit.CHANGES, "DELETE FROM audit_event WHERE seq = 2")
    tamper(audit.READING, "UPDATE access_event SET user_name = 'Вера'")
    code, _, told = verify(own_app)
    assert code == 1
    assert told.splitlines() == [
        "Журнал изменений: Пропущены записи с № 2 по № 2.",
        "Журнал обращений: Цепочка нарушена на записи № 1.",
    ]
    assert not proof.anchors_path().exists()  # What is broken is not confirmed.


def test_a_cut_tail_is_found_by_yesterdays_anchor(own_app: Flask) -> None:
    verify(own_app)
    before = length()
    tamper(audit.CHANGES, "DELETE FROM audit_event WHERE seq > 10")
    forged = (
        "UPDATE chain_head SET length = 10, mac = (SELECT mac FROM audit_event WHERE seq = 10) WHERE chain = 'changes'"
    )
    tamper(audit.CHANGES, forged)
    code, _, told = verify(own_app)
    assert code == 1
    assert f"записей 10, а отметка вне базы данных помнит {before}" in told


def test_a_damaged_file_of_anchors_is_told(own_app: Flask) -> None:
    verify(own_app)
    with proof.anchors_path().open("a") as file:
        file.write("rubbish\n")
    code, _, told = verify(own_app)
    assert code == 1
    assert "испорчено строк 1" in told


def test_the_first_change_of_a_day_anchors_the_logs(own_app: Flask) -> None:
    client = own_app.test_client()
    client.get("/login")
    assert not proof.anchors_path().exists()
    client.post("/login", data={"login": "anna", "password": "wrong"})
    before = proof.anchors_path().read_text()
    assert before.startswith("2026-10-01 changes ")
    client.post("/login", data={"login": "anna", "password": "wrong"})
    assert proof.anchors_path().read_text() == before
