"""Errors are pages in Russian, fragments or JSON, and say nothing that the reader should not know."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from app import create_app
from models.people import Contact
from tests.databases import test_settings as settings_of
from views import edge
from views.extensions import db
from views.logs import Wary

CODES = {
    400: "Запрос не понят",
    403: "Нет права на это действие",
    404: "Страница не найдена",
    409: "Запись уже изменилась",
    429: "Слишком много попыток",
    500: "Ошибка в системе",
    503: "База данных не отвечает",
}


def _fail(what: str) -> Any:
    if what.isdecimal():
        abort(int(what))
    if what == "stale":
        raise StaleDataError("Ёлкина")
    if what == "broken-link":
        db.session.add(Contact(graduate_id=10**9, kind_code="phone", value="Ёлкина"))
        db.session.commit()
    if what == "no-table":
        db.session.execute(text("SELECT * FROM nowhere"))
    if what == "upload":
        return {"size": len(request.files["file"].read())}
    raise ValueError("Ёлкина Дарья, СНИЛС 11223344595")


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with a page for every fault, on a database without tables."""
    folder = tmp_path_factory.mktemp("failing")
    app = create_app({**settings_of(f"sqlite:///{folder / 'none.sqlite'}", folder), "MAX_UPLOAD_MB": 1})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fail/<what>", "fail", _fail, methods=["GET", "POST"])
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def reader(failing: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(edge, "PUBLIC", edge.PUBLIC | {"fail"})
    return failing.test_client()


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_error_is_a_page_of_ours(reader: FlaskClient, code: int) -> None:
    answer = reader.get(f"/fail/{code}")
    assert answer.status_code == code
    assert answer.text.count("<h1>") == 1
    assert f"<h1>{CODES[code]}</h1>" in answer.text
    assert f"Ошибка {code}" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.text.startswith("<!doctype html>")


def test_a_program_gets_json(reader: FlaskClient) -> None:
    answer = reader.get("/fail/404", headers={"Accept": "application/json"})
    assert answer.json["error"]["title"] == "Страница не найдена"  # type: ignore[index]
    assert answer.status_code == 404


def test_htmx_gets_a_fragment(reader: FlaskClient) -> None:
    answer = reader.get("/fail/403", headers={"HX-Request": "true"})
    assert answer.text.startswith('<div class="notice notice-error" role="alert">')
    boosted = reader.get("/fail/403", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert boosted.text.startswith("<!doctype html>")


def test_a_wrong_method_names_the_right_ones(reader: FlaskClient) -> None:
    answer = reader.delete("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Так эту страницу не открыть" in answer.text


def test_an_unforeseen_error_says_nothing_of_itself(reader: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = reader.get("/fail/unforeseen")
    assert answer.status_code == 500
    assert "Ёлкина" not in answer.text
    assert "ValueError" not in answer.text


def test_the_log_of_an_error_tells_where_and_not_what(reader: FlaskClient) -> None:
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(Wary("%(message)s"))
    logger = logging.getLogger("marshrut.requests")
    logger.addHandler(handler)
    try:
        reader.get("/fail/unforeseen?q=Ёлкина")
        reader.get("/fail/no-table")
    finally:
        logger.removeHandler(handler)
    lines = stream.getvalue().splitlines()
    assert "builtins.ValueError" in lines
    assert "error GET /fail/<what>" in lines
    said = [line for line in lines if not line.startswith(" ")]  # Indented lines quote the source, not values.
    assert not any("лкина" in line for line in said)


def test_a_lost_race_is_a_conflict(reader: FlaskClient) -> None:
    assert reader.get("/fail/stale").status_code == 409


def test_a_database_without_tables_names_the_command(reader: FlaskClient) -> None:
    answer = reader.get("/fail/no-table")
    assert answer.status_code == 503
    assert "flask --app app db upgrade" in answer.text


@pytest.mark.parametrize("path", ["/login", "/profile"])
def test_error_pages_need_neither_a_database_nor_a_session(reader: FlaskClient, path: str) -> None:
    with reader.session_transaction() as session:
        session["_user_id"] = "1:x"
    answer = reader.get(path)
    assert answer.status_code == 503
    assert "База данных не готова" in answer.text


def test_an_unreachable_database_is_told(reader: FlaskClient, failing: Flask, tmp_path: Path) -> None:
    unreachable = create_app(settings_of(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite'}", tmp_path))
    answer = unreachable.test_client().post("/login", data={"login": "a", "password": "b"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "База данных не отвечает" in answer.text


def test_a_file_that_is_too_large_is_told_with_the_limit(reader: FlaskClient) -> None:
    body = b"x" * (3 * 1024 * 1024)
    answer = reader.post("/fail/upload", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "Файл больше 1 МБ" in answer.text


def test_a_slash_that_is_missing_is_no_error(reader: FlaskClient) -> None:
    assert reader.get("/graduate").status_code == 308
