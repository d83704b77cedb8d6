"""What a watcher is told."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from tests.databases import test_settings as settings_of


def test_the_process_answers_without_a_database(tmp_path: Path) -> None:
    app = create_app(settings_of(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite'}", tmp_path))
    assert app.test_client().get("/healthz").text == "ok\n"
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "База данных не отвечает.\n")


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_database_of_an_earlier_release_is_not_ready(
    app: Flask, client: FlaskClient, session: scoped_session[Session]
) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "flask --app app db upgrade" in answer.text


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    app = create_app(settings_of(f"sqlite:///{tmp_path / 'new.sqlite'}", tmp_path))
    assert app.test_client().get("/readyz").status_code == 503
