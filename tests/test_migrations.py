"""Migrations go up and down, also with people in the database, and end where the models stand."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from app import create_app
from models.base import Model
from models.context import Actor, act_as
from models.graduates import Graduate
from services import demo
from tests.databases import drop_postgres, make_postgres
from tests.databases import test_settings as settings_of
from views.extensions import db

FOLDER = Path(__file__).resolve().parent.parent / "migrations" / "versions"
VERSIONS = sorted(FOLDER.glob("*.py"))
PEOPLE = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """An application on a database in which there is nothing at all, not even tables."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}" if is_sqlite else make_postgres(f"{worker_id}_migrations")
    app = create_app(settings_of(url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    drop_postgres(url)


def load_people() -> int:
    now = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    act_as(db.session(), Actor(now))
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    demo.load(session=db.session(), now=now, on=date(2026, 10, 1), graduates=PEOPLE, hasher=cheap)
    db.session.commit()
    count = db.session.scalar(select(func.count(Graduate.id)))
    db.session.remove()
    return count or 0


def tables() -> set[str]:
    found = {name for engine in db.engines.values() for name in inspect(engine).get_table_names()}
    return {name for name in found if name != "alembic_version"}


def rows() -> dict[str, int]:
    counted = {name: db.session.scalar(select(func.count()).select_from(text(name))) or 0 for name in db_tables()}
    db.session.remove()
    return counted


def db_tables() -> list[str]:
    return [table.name for table in Model.metadata.sorted_tables if table.name != "access_event"]


def test_the_newest_migration_stands_where_the_models_stand(empty: Flask) -> None:
    upgrade()
    check()


def test_a_difference_from_the_models_would_be_found(empty: Flask) -> None:
    upgrade()
    db.session.execute(text("ALTER TABLE district ADD COLUMN forgotten INTEGER"))
    db.session.commit()
    with pytest.raises(SystemExit):
        check()


def test_it_goes_down_and_up_again_with_people_in_it(empty: Flask) -> None:
    upgrade()
    assert load_people() == PEOPLE
    standing = tables()
    upgrade()  # Nothing to do is no fault, and touches nobody.
    assert db.session.scalar(select(func.count(Graduate.id))) == PEOPLE
    db.session.remove()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == standing
    assert load_people() == PEOPLE


# Rows that an older database has no word for go with the step that brought the word.
UNKNOWN_BEFORE = {
    "journal_counter": "journal IN ('orders', 'publications')",
    "notification": "kind IN ('submission', 'file')",
}


def test_a_step_back_and_forth_loses_nobody(empty: Flask) -> None:
    upgrade()
    load_people()
    before = rows()
    for name, condition in UNKNOWN_BEFORE.items():
        before[name] -= db.session.scalar(text(f"SELECT count(*) FROM {name} WHERE {condition}")) or 0
    db.session.remove()
    downgrade(revision=VERSIONS[-2].name[:4])
    older = tables()  # What the newest step made is gone and comes back empty.
    upgrade()
    assert {name: count for name, count in rows().items() if name in older} == {
        name: count for name, count in before.items() if name in older
    }
    assert before["graduate"] == PEOPLE
    assert before["placement"] >= PEOPLE


def test_each_step_goes_down_and_up_by_itself(empty: Flask) -> None:
    for path in VERSIONS:
        upgrade(revision=path.name[:4])
        if path is not VERSIONS[0]:
            downgrade(revision="-1")
            upgrade(revision=path.name[:4])
    check()


# -- How they are written --------------------------------------------------------------------------------------------


def _named(path: Path) -> dict[str, Any]:
    """The constants of a migration: revision, down_revision …"""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    return {node.targets[0].id: node.value.value for node in assigned}  # type: ignore[attr-defined]


def test_they_are_numbered_one_after_another() -> None:
    for number, path in enumerate(VERSIONS, start=1):
        named = _named(path)
        assert re.fullmatch(rf"{number:04}_[a-z0-9_]+\.py", path.name)
        assert named["revision"] == f"{number:04}"
        assert named["down_revision"] == (f"{number - 1:04}" if number > 1 else None)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_each_says_what_it_does_and_names_nothing_that_may_change(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert len((ast.get_docstring(tree) or "").split()) >= 3
    assert {"upgrade", "downgrade"} <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported.isdisjoint({"app", "models", "reports", "services", "views"})
