"""What stands around every request: who may come in, headers, the clock, the log of requests."""

import gzip
import io
import logging
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.routing import Rule

from models.audit import AccessEvent, AccessKind
from models.context import actor_of
from tests.factories import Cast
from tests.signing import sign_in
from views import edge
from views.database import access_connection
from views.extensions import db

INJECTED = re.compile(r"[0-9a-f]{32}")


def some_path(app: Flask, rule: Rule) -> str:
    """An address that the rule matches."""
    options = {name: getattr(rule._converters[name], "items", None) for name in rule.arguments}
    values = {name: next(iter(known)) if known else 1 for name, known in options.items()}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def test_nothing_but_the_short_list_is_open_to_a_stranger(app: Flask, client: FlaskClient) -> None:
    """Every address of the application, whoever added it; a feed's is a secret, so that any other is not there."""
    opened = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        method = "GET" if "GET" in (rule.methods or set()) else "POST"
        answer = client.open(some_path(app, rule), method=method)
        if not (answer.status_code == 302 and answer.location.startswith("/login")):
            opened.add(rule.endpoint)
            assert rule.endpoint != "calendar_feed" or answer.status_code == 404
    assert opened == {"login", "healthz", "readyz", "calendar_feed"}


def test_an_address_that_is_not_there_is_told_also_to_a_stranger(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404


def test_a_redirect_says_nothing_in_english(client: FlaskClient) -> None:
    assert client.get("/profile").data == b""


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/healthz", "/profile"])
def test_every_answer_carries_the_protecting_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert INJECTED.fullmatch(headers["X-Request-Id"])


def test_a_nonce_serves_for_one_page(client: FlaskClient) -> None:
    policies = {client.get("/login").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_the_nonce_of_the_header_is_that_of_the_page(app: Flask, cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.anna)
    answer = client.get("/profile")
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce is not None
    inline = re.findall(r"<(?:script|style)(?![^>]*\bsrc=)[^>]*>", answer.text)
    assert all(f'nonce="{nonce[1]}"' in tag for tag in inline)


def test_a_request_number_from_outside_is_not_believed(client: FlaskClient) -> None:
    answer = client.get("/login", headers={"X-Request-Id": "forged"})
    assert "forged" not in str(answer.headers)


def test_static_files_are_kept_for_long_under_their_version(client: FlaskClient) -> None:
    versioned = client.get("/static/css/marshrut.css?v=1", buffered=True)
    bare = client.get("/static/css/marshrut.css", buffered=True)
    assert "immutable" in versioned.headers["Cache-Control"]
    assert "no-store" not in bare.headers["Cache-Control"]


def test_pages_are_sent_compressed_to_whoever_can_read_them(app: Flask, session: scoped_session[Session]) -> None:
    client = FlaskClient(app, app.response_class)
    plain = client.get("/login")
    packed = client.get("/login", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert "<h1>Вход</h1>" in gzip.decompress(packed.data).decode()
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


def test_a_request_acts_on_behalf_of_its_user(app: Flask, cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.boris)
    answer = client.get("/profile")
    actor = actor_of(db.session())
    assert (actor.user_id, actor.name, actor.agency_id) == (cast.boris.id, "Борис Опекин", cast.opeka.id)
    assert (actor.address, actor.request_id) == ("127.0.0.1", answer.headers["X-Request-Id"])
    assert actor.now.date() == date(2026, 10, 1)


def test_two_users_of_one_test_are_not_mixed_up(app: Flask, cast: Cast) -> None:
    anna, boris = sign_in(app.test_client(), cast.anna), sign_in(app.test_client(), cast.boris)
    assert "Анна Клерк" in anna.get("/profile").text
    assert "Борис Опекин" in boris.get("/profile").text
    assert "Анна Клерк" in anna.get("/profile").text


def test_a_reading_is_noted_with_everything_that_is_known(app: Flask, cast: Cast) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "10.0.0.7"}):
        edge._begin()
        edge.log_access(AccessKind.OPENED, "graduate", 5, {"tab": "card"})
        number = edge.request_id()
    with access_connection() as connection:
        row = connection.execute(select(AccessEvent.__table__)).one()
    assert (row.kind, row.subject, row.subject_id, row.payload) == ("opened", "graduate", 5, {"tab": "card"})
    assert (row.address, row.request_id, row.user_id, row.user_name) == ("10.0.0.7", number, None, "не вошедший")


def test_the_viewer_is_read_once(app: Flask, cast: Cast, session: scoped_session[Session]) -> None:
    with app.test_request_context("/profile"):
        edge._begin()
        from flask import session as cookie

        cookie["_user_id"] = cast.boris.get_id()
        first = edge.viewer()
        assert edge.viewer() is first
        assert first.district_ids == (cast.sokol.id,)
        assert first.on == date(2026, 10, 1)


@pytest.mark.parametrize(("setting", "expected"), [(None, False), (True, True)])
def test_a_demonstration_says_so(
    app: Flask, cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, setting: bool | None, expected: bool
) -> None:
    monkeypatch.setattr(app, "instance_path", app.config["DATA_DIR"])
    monkeypatch.setitem(app.config, "DEMO", setting)
    sign_in(client, cast.anna)
    assert ("Демонстрационный регион" in client.get("/profile").text) is expected


def test_the_log_names_the_rule_and_no_person(cast: Cast, client: FlaskClient) -> None:
    requests, handler = logging.getLogger("marshrut.requests"), logging.StreamHandler(stream := io.StringIO())
    requests.addHandler(handler)
    requests.setLevel(logging.INFO)
    try:
        sign_in(client, cast.anna)
        answer = client.get("/profile?q=Ёлкина")
        client.get("/graduate-of-mine/12345?q=Ёлкина")
    finally:
        requests.removeHandler(handler)
        requests.setLevel(logging.NOTSET)
    line, lost = stream.getvalue().splitlines()
    number = answer.headers["X-Request-Id"]
    assert re.fullmatch(rf"GET /profile 200 \d+ ms request={number} user={cast.anna.id}", line)
    assert lost.startswith("GET - 404 ")
    assert "лкина" not in stream.getvalue()
    assert "12345" not in stream.getvalue()
