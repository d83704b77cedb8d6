"""Files of letters: added by both sides, opened with the letter only, taken out by whoever added, never swept away."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from models.audit import AccessEvent, AccessKind
from models.exchange import Referral, ReferralFile, ReferralStatus
from models.users import User
from services.files import recognition, storage
from tests import files
from tests.factories import Cast
from tests.letters import act, letter, make_file, make_message, page
from tests.signing import sign_in
from views.cli_files import sweep_files
from views.database import ACCESS
from views.extensions import db

Page = scoped_session[Session]


@pytest.fixture
def made(session: Page, cast: Cast) -> Referral:
    """From Anna's service to Boris's guardianship body."""
    return letter(session(), cast.service, cast.opeka, cast.own)


def send(
    client: FlaskClient, user: User, made: Referral, data: bytes, name: str = "справка.pdf", **typed: str
) -> TestResponse:
    typed = {"title": "Справка", "form_token": "f1", **typed}
    return act(client, user, made, "attach", file=(io.BytesIO(data), name), **typed)


def send_whole(client: FlaskClient, user: User, made: Referral, size: int) -> TestResponse:
    """A form as one piece of bytes: the test client would leave a temporary file of its own open."""
    field = '--x\r\nContent-Disposition: form-data; name="attach-{}"{}\r\n\r\n'
    head = [field.format("title", ""), "Справка\r\n", field.format("file", '; filename="a.pdf"')]
    body = b"".join([*(part.encode() for part in head), b"x" * size, b"\r\n--x--\r\n"])
    url = f"/referral/act/attach/?id={made.id}"
    return sign_in(client, user).post(url, data=body, content_type="multipart/form-data; boundary=x")


def only(session: Page) -> ReferralFile:
    session.expire_all()
    return session.scalars(select(ReferralFile)).one()


def code(client: FlaskClient, user: User, url: str) -> int:
    with sign_in(client, user).get(url) as answer:
        return answer.status_code


def test_a_file_of_one_side_is_opened_by_both(client: FlaskClient, session: Page, cast: Cast, made: Referral) -> None:
    assert send(client, cast.anna, made, files.pdf(2)).status_code == 302
    file = only(session)
    assert (file.agency_id, file.media_type, file.added_by_id) == (cast.service.id, "application/pdf", cast.anna.id)
    url = f"/referral/{made.id}/files/{file.id}"
    assert url in page(client, cast.boris, made)
    with sign_in(client, cast.boris).get(url) as answer:
        assert answer.data == files.pdf(2)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    shown = client.get(f"{url}/preview/").text
    assert f"{url}/preview/2.png" in shown
    assert code(client, cast.boris, f"{url}/preview/2.png") == 200
    with Session(db.engines[ACCESS]) as log:
        query = select(AccessEvent).where(AccessEvent.subject == "referral_file", AccessEvent.user_id == cast.boris.id)
        kinds = [event.kind for event in log.scalars(query.order_by(AccessEvent.seq))]
    assert kinds == [AccessKind.DOWNLOADED, AccessKind.OPENED, AccessKind.OPENED]


@pytest.mark.parametrize("part", ["", "/preview/", "/preview/1.png"])
def test_a_stranger_to_the_letter_finds_no_file(
    client: FlaskClient, session: Page, cast: Cast, made: Referral, part: str
) -> None:
    send(client, cast.anna, made, files.pdf())
    file = only(session)
    other = letter(session(), cast.service, cast.other_opeka)
    assert code(client, cast.vera, f"/referral/{made.id}/files/{file.id}{part}") == 404
    assert code(client, cast.vera, f"/referral/{other.id}/files/{file.id}{part}") == 404  # A letter of her own.
    assert code(client, cast.anna, f"/referral/{other.id}/files/{file.id}{part}") == 404


def test_a_file_may_belong_to_a_message_of_the_same_letter(
    client: FlaskClient, session: Page, cast: Cast, made: Referral
) -> None:
    said = make_message(session(), made, cast.opeka)
    other = letter(session(), cast.service, cast.opeka)
    foreign = make_message(session(), other, cast.opeka)
    assert send(client, cast.boris, made, files.pdf(), message_id=str(foreign.id)).status_code == 422
    assert send(client, cast.boris, made, files.pdf(), message_id=str(said.id)).status_code == 302
    assert only(session).message_id == said.id


def test_a_second_click_adds_no_second_file(client: FlaskClient, session: Page, cast: Cast, made: Referral) -> None:
    for _ in range(2):
        assert send(client, cast.anna, made, files.pdf()).status_code == 302
    assert only(session).title == "Справка"


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"MZ\x90\x00\x03binary", "справка.pdf", recognition.WRONG_TYPE),
        (b"<html><script>alert(1)</script>", "справка.txt", recognition.WRONG_TYPE),
        (files.docx(macro=".macroEnabled"), "справка.docx", recognition.MACROS),
        (b"", "справка.pdf", recognition.EMPTY),
    ],
)
def test_a_file_of_a_forbidden_kind_is_refused_with_one_sentence(
    client: FlaskClient, session: Page, cast: Cast, made: Referral, data: bytes, name: str, told: str
) -> None:
    answer = send(client, cast.anna, made, data, name, title="Важная справка")
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="Важная справка"' in answer.text  # Nothing typed is lost.
    assert session.scalars(select(ReferralFile)).all() == []


def test_a_file_that_is_too_large_is_refused_with_one_sentence(
    app: Flask, client: FlaskClient, session: Page, cast: Cast, made: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_UPLOAD_MB", 1)
    answer = send_whole(client, cast.anna, made, 1024 * 1024 + 1)
    assert answer.status_code == 422
    assert "Файл больше 1 МБ. Уменьшите его или разделите на несколько." in answer.text
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2 * 1024 * 1024)
    huge = send_whole(client, cast.anna, made, 50 * 1024 * 1024)
    assert huge.status_code == 413
    assert "Файл больше 1 МБ. Уменьшите его или разделите на несколько." in huge.text
    session.expire_all()
    assert (made.status, made.files) == (ReferralStatus.SENT, [])


def test_a_file_is_taken_out_with_a_reason_by_the_side_that_added_it(
    client: FlaskClient, session: Page, cast: Cast, made: Referral
) -> None:
    send(client, cast.anna, made, files.pdf())
    file = only(session)
    url = f"/referral/{made.id}/files/{file.id}"
    assert sign_in(client, cast.boris).post(f"{url}/remove/", data={"reason": "лишний"}).status_code == 403
    assert sign_in(client, cast.vera).post(f"{url}/remove/", data={"reason": "лишний"}).status_code == 404
    assert "Укажите причину." in sign_in(client, cast.anna).post(f"{url}/remove/", follow_redirects=True).text
    assert only(session).removed_on is None
    assert sign_in(client, cast.galina).post(f"{url}/remove/", data={"reason": "не тот лист"}).status_code == 302
    assert "не тот лист" in page(client, cast.boris, made)
    assert code(client, cast.boris, url) == 404
    assert code(client, cast.anna, f"{url}/preview/") == 404


def test_nothing_is_added_to_a_revoked_letter_or_by_a_reader(
    client: FlaskClient, session: Page, cast: Cast, made: Referral
) -> None:
    assert send(client, cast.kira, made, files.pdf()).status_code == 403
    assert send(client, cast.vera, made, files.pdf()).status_code == 404
    gone = letter(session(), cast.service, cast.opeka, status=ReferralStatus.REVOKED)
    assert send(client, cast.anna, gone, files.pdf()).status_code == 422


def test_the_sweep_of_orphans_keeps_files_of_letters(app: Flask, session: Page, cast: Cast, made: Referral) -> None:
    folder = Path(app.config["DATA_DIR"])
    kept, taken_out, orphan = (storage.put(folder, data) for data in (b"kept", b"taken out", b"orphan"))
    make_file(session(), made, cast.service, kept)
    gone = make_file(session(), made, cast.service, taken_out)
    gone.removed_on, gone.removed_reason = made.sent_on, "лишний"
    session.commit()
    old = time.time() - 3 * 24 * 3600
    for digest in (kept, taken_out, orphan):
        os.utime(storage.path_of(folder, digest), (old, old))
    sweep_files()
    assert storage.path_of(folder, kept).is_file()
    assert storage.path_of(folder, taken_out).is_file()
    assert not storage.path_of(folder, orphan).exists()
