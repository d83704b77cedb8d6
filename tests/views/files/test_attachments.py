"""Attachments in the panel: added once, shown as pictures, downloaded as files, closed to strangers, always logged."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind, AuditEvent
from models.files import Attachment, AttachmentKind, PersonalFile
from models.support import Assignment, AssignmentKind, Consent, Responsibility
from services.files import storage
from tests import files
from tests.conftest import TODAY
from tests.factories import Cast
from tests.files import make_attachment
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form
from views.database import ACCESS
from views.extensions import db

Page = scoped_session[Session]


def send(client: FlaskClient, cast: Cast, data: bytes, name: str = "справка.pdf", **changed: str) -> Any:
    typed = open_form(client, f"/attachment/new/?graduate={cast.own.id}") | {"title": "Справка", "kind": "other"}
    sent: dict[str, Any] = {**typed, **changed, "file": (io.BytesIO(data), name)}
    return client.post("/attachment/new/", data=sent, content_type="multipart/form-data")


def post_whole(client: FlaskClient, typed: dict[str, str], data: bytes) -> Any:
    """A form as one piece of bytes: the test client would leave a temporary file of its own open."""
    field = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    parts = [f"{field.format(name, '')}{value}\r\n".encode() for name, value in typed.items() if name != "file"]
    body = b"".join([*parts, field.format("file", '; filename="a.pdf"').encode(), data, b"\r\n--x--\r\n"])
    return client.post("/attachment/new/", data=body, content_type="multipart/form-data; boundary=x")


def code(client: FlaskClient, url: str) -> int:
    with client.get(url) as answer:
        return answer.status_code


def logged(kind: AccessKind) -> list[AccessEvent]:
    with Session(db.engines[ACCESS]) as session:
        query = select(AccessEvent).where(AccessEvent.kind == kind, AccessEvent.subject == "attachment")
        return list(session.scalars(query.order_by(AccessEvent.seq)))


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.config["DATA_DIR"])


def test_a_file_is_added_from_the_card_and_stands_in_the_inventory(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    sign_in(client, cast.anna)
    card = client.get(f"/graduate/details/?id={cast.own.id}&tab=files").text
    assert f"/attachment/new/?graduate={cast.own.id}" in card
    saved = send(client, cast, files.pdf(2), "Справка из ЗАГС.pdf", document_on="01.09.2026", pages="")
    assert saved.status_code == 302
    made = session.scalars(select(Attachment)).one()
    assert (made.title, made.pages, made.document_on) == ("Справка", 2, date(2026, 9, 1))
    assert (made.agency_id, made.added_by_id, made.kind) == (cast.service.id, cast.anna.id, AttachmentKind.OTHER)
    page = client.get(saved.location).text
    assert "Файл приложен: Справка." in page
    assert "Справка из ЗАГС.pdf" in page
    assert made.sha256 in page
    card = client.get(f"/graduate/details/?id={cast.own.id}&tab=files").text
    assert "1 документ, 2 листа" in card
    assert f"/attachment/{made.id}/preview/" in card


def test_a_second_click_finds_what_the_first_one_made(client: FlaskClient, session: Page, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/attachment/new/?graduate={cast.own.id}") | {"title": "Справка"}
    answers = [
        client.post(
            "/attachment/new/",
            data={**typed, "file": (io.BytesIO(files.pdf()), "a.pdf")},
            content_type="multipart/form-data",
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert len(session.scalars(select(Attachment)).all()) == 1


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "пусто.pdf", "Файл пуст: выберите другой."),
        (b"<!doctype html><script>alert(1)</script>", "справка.pdf", "Такой файл не принимается"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "рисунок.png", "Такой файл не принимается"),
        (b"MZ\x90\x00" + b"\0" * 100, "справка.pdf", "Такой файл не принимается"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "справка.pdf", "Файл повреждён"),
        (files.bomb(), "договор.docx", "распаковывается в слишком большой файл"),
        (files.wide_picture(), "фото.png", "слишком велик"),
    ],
)
def test_a_hostile_file_is_refused_at_its_field_and_the_rest_stays_typed(
    client: FlaskClient, session: Page, cast: Cast, data: bytes, name: str, told: str
) -> None:
    sign_in(client, cast.anna)
    page = send(client, cast, data, name, document_on="01.09.2026")
    assert told in page.text
    assert 'id="file-error"' in page.text
    kept = fields_of(page.text)
    assert (kept["title"], kept["document_on"], kept["graduate_id"]) == ("Справка", "01.09.2026", str(cast.own.id))
    assert session.scalars(select(Attachment)).all() == []
    assert session.scalars(select(PersonalFile)).all() == []


def test_no_file_and_no_title_are_told_at_their_fields(client: FlaskClient, session: Page, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/attachment/new/?graduate={cast.own.id}") | {"title": " "}
    page = client.post("/attachment/new/", data=typed).text
    assert "Выберите файл." in page
    assert "Заполните это поле." in page
    page = send(client, cast, files.pdf(), document_on="02.10.2026").text
    assert "Дата документа ещё не наступила." in page


def test_a_file_over_the_limit_and_one_of_fifty_megabytes_get_a_sentence(
    client: FlaskClient, session: Page, cast: Cast, app: Flask
) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/attachment/new/?graduate={cast.own.id}") | {"title": "Справка"}
    big = post_whole(client, typed, b"%PDF-" + b"0" * (25 * 1024 * 1024))
    assert "Файл больше 25 МБ. Уменьшите его или разделите на несколько." in big.text
    huge = post_whole(client, typed, b"0" * (50 * 1024 * 1024))
    assert huge.status_code == 413
    assert "Файл больше 25 МБ. Уменьшите его или разделите на несколько." in huge.text
    assert session.scalars(select(Attachment)).all() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("отчёт\u202efdp.exe", "отчётfdp.pdf"),
        ("a;b=c.html", "a;b=c.pdf"),
    ],
)
def test_a_name_does_nothing_on_the_way_in_or_out(
    client: FlaskClient, session: Page, cast: Cast, sent: str, kept: str
) -> None:
    sign_in(client, cast.anna)
    saved = send(client, cast, files.pdf(), sent)
    assert saved.status_code == 302
    made = session.scalars(select(Attachment)).one()
    assert made.file_name == kept
    with client.get(f"/attachment/{made.id}/file") as answer:
        assert "\u202e" not in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_download_is_a_file_and_never_a_page_and_is_logged_each_time(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    text = "Справка дана в том, что".encode()
    for data, name, media_type in (
        (files.pdf(), "Справка.pdf", "application/pdf"),
        (text, "Справка.html", "text/plain"),
    ):
        made = make_attachment(session(), folder, cast.anna, cast.own, data=data, name=name)
        sign_in(client, cast.anna)
        before = len(logged(AccessKind.DOWNLOADED))
        for _ in range(2):
            with client.get(f"/attachment/{made.id}/file") as answer:
                assert (answer.status_code, answer.data, answer.mimetype) == (200, data, media_type)
        found = logged(AccessKind.DOWNLOADED)[before:]
        assert [(event.subject_id, event.user_id) for event in found] == [(made.id, cast.anna.id)] * 2
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_preview_shows_pictures_drawn_by_us_and_is_logged_once(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    made = make_attachment(session(), folder, cast.anna, cast.own, data=files.pdf(2))
    sign_in(client, cast.anna)
    before = len(logged(AccessKind.OPENED))
    page = client.get(f"/attachment/{made.id}/preview/").text
    urls = re.findall(r'src="(/attachment/\d+/preview/\d+\.png\?opened=[^"]+)"', page)
    assert len(urls) == 2
    for url in urls:
        answer = client.get(url)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.data.startswith(b"\x89PNG")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert len(logged(AccessKind.OPENED)) - before == 1
    client.get(urls[0].partition("?")[0])  # Without the page: logged by itself.
    assert len(logged(AccessKind.OPENED)) - before == 2
    sign_in(client, cast.galina)
    client.get(urls[0])  # Somebody else's sign is none.
    assert len(logged(AccessKind.OPENED)) - before == 3


def test_a_text_is_shown_as_text_and_an_office_document_only_downloaded(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    text = make_attachment(
        session(), folder, cast.anna, cast.own, data="Он & она < всех".encode("cp1251"), name="a.txt"
    )
    word = make_attachment(session(), folder, cast.anna, cast.own, data=files.docx(), name="a.docx")
    sign_in(client, cast.anna)
    assert "Он &amp; она &lt; всех" in client.get(f"/attachment/{text.id}/preview/").text
    assert "скачайте документ" in client.get(f"/attachment/{word.id}/preview/").text
    assert client.get(f"/attachment/{word.id}/preview/1.png").status_code == 404
    assert client.get(f"/attachment/{text.id}/preview/0.png").status_code == 404


def test_a_paper_taken_out_stays_in_the_inventory_struck_through_and_opens_no_more(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    made = make_attachment(session(), folder, cast.anna, cast.own)
    sign_in(client, cast.anna)
    url = f"/attachment/act/remove/?id={made.id}"
    assert "Заполните это поле." in client.post(url, data={"remove-reason": " "}).text
    page = client.post(url, data={"remove-reason": "чужая справка"}, follow_redirects=True).text
    assert "Изъят 01.10.2026: чужая справка." in page
    for door in ("file", "preview/", "preview/1.png"):
        assert client.get(f"/attachment/{made.id}/{door}").status_code == 404
    card = client.get(f"/graduate/details/?id={cast.own.id}&tab=files").text
    assert "<del>" in card
    assert storage.path_of(folder, made.sha256).exists()
    assert client.post(url, data={"remove-reason": "ещё раз"}).status_code == 422


def test_a_description_changed_meanwhile_is_not_overwritten(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    made = make_attachment(session(), folder, cast.anna, cast.own)
    sign_in(client, cast.anna)
    page = client.get(f"/attachment/details/?id={made.id}").text
    seen = re.search(r'name="describe-seen"[^>]*value="([^"]+)"', page)
    assert seen is not None
    typed = {"describe-seen": seen[1], "describe-kind": "letter", "describe-title": "Ответ", "describe-pages": "3"}
    url = f"/attachment/act/describe/?id={made.id}"
    assert client.post(url, data=typed).status_code == 302
    session.expire_all()
    assert (made.title, made.kind, made.pages) == ("Ответ", AttachmentKind.LETTER, 3)
    again = client.post(url, data=typed | {"describe-title": "Другое"})
    assert again.status_code == 422
    assert "описание изменили" in again.text


def test_a_paper_of_a_record_proposes_its_name_and_only_of_a_record_of_the_person(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    own = Consent(graduate=cast.own, purpose_code="support", given_on=date(2026, 9, 3))
    foreign = Consent(graduate=cast.foreign, purpose_code="support", given_on=date(2026, 9, 4))
    session.add_all([own, foreign])
    session.commit()
    sign_in(client, cast.anna)
    url = f"/attachment/new/?graduate={cast.own.id}&subject=consent&subject_id="
    typed = open_form(client, f"{url}{own.id}")
    assert (typed["title"], typed["kind"], typed["document_on"]) == ("Согласие", "consent", "03.09.2026")
    assert (typed["subject"], typed["subject_id"]) == ("consent", str(own.id))
    data: dict[str, Any] = {**typed, "file": (io.BytesIO(files.pdf()), "a.pdf")}
    client.post("/attachment/new/", data=data, content_type="multipart/form-data")
    made = session.scalars(select(Attachment)).one()
    assert (made.subject, made.subject_id) == ("consent", own.id)
    typed = open_form(client, f"{url}{foreign.id}")
    assert (typed["subject"], typed["subject_id"], typed["title"]) == ("", "", "")


def test_a_closed_paper_shows_only_that_it_is_there(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    title = "Заключение психиатра"
    made = make_attachment(
        session(), folder, cast.galina, cast.own, kind=AttachmentKind.HEALTH, title=title, name="психиатр.pdf"
    )
    sign_in(client, cast.anna)
    file = session.scalars(select(PersonalFile)).one()
    for url in (
        "/attachment/",
        "/attachment/?q=психиатр",
        "/attachment/export/csv/",
        f"/attachment/details/?id={made.id}",
        f"/graduate/details/?id={cast.own.id}&tab=files",
        f"/graduate/details/?id={cast.own.id}&tab=history",
        f"/personal_file/details/?id={file.id}",
        f"/personal_file/inventory/?id={file.id}",
    ):
        with client.get(url) as answer:
            assert answer.status_code == 200
            told = answer.text.replace("q=психиатр", "").replace('value="психиатр"', "")
            assert "сихиатр" not in told, url
    for door in ("file", "preview/", "preview/1.png"):
        assert client.get(f"/attachment/{made.id}/{door}").status_code == 403
    sign_in(client, cast.galina)
    assert title in client.get(f"/attachment/details/?id={made.id}").text
    assert code(client, f"/attachment/{made.id}/file") == 200


def test_a_curator_opens_what_is_closed_until_the_assignment_ends(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    made = make_attachment(session(), folder, cast.galina, cast.own, kind=AttachmentKind.HEALTH)
    curates = Assignment(graduate=cast.own, user=cast.vera, kind=AssignmentKind.CURATOR, name="В", starts_on=TODAY)
    session.add(curates)
    session.commit()
    sign_in(client, cast.vera)
    assert code(client, f"/attachment/{made.id}/file") == 200
    curates.starts_on, curates.ends_on = TODAY - timedelta(days=9), TODAY - timedelta(days=1)
    session.commit()
    assert code(client, f"/attachment/{made.id}/file") == 404


def test_a_former_agency_reads_for_the_years_of_keeping_and_no_longer(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    made = make_attachment(session(), folder, cast.galina, cast.own)
    formerly = Responsibility(
        graduate=cast.own, agency=cast.other_opeka, starts_on=date(2020, 1, 1), ends_on=date(2022, 1, 1)
    )
    session.add(formerly)
    session.commit()
    sign_in(client, cast.vera)
    assert code(client, f"/attachment/{made.id}/file") == 200
    formerly.ends_on = date(2021, 9, 30)
    session.commit()
    assert code(client, f"/attachment/{made.id}/file") == 404


def test_bytes_that_are_lost_are_told_and_nothing_breaks(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    made = make_attachment(session(), folder, cast.anna, cast.own, data=files.picture(size=(11, 13)))
    storage.path_of(folder, made.sha256).unlink()
    sign_in(client, cast.anna)
    for door in ("file", "preview/"):
        page = client.get(f"/attachment/{made.id}/{door}", follow_redirects=True)
        assert "Файла нет в хранилище." in page.text
    assert client.get(f"/attachment/{made.id}/preview/1.png").status_code == 404


def test_a_name_with_line_ends_makes_no_header(client: FlaskClient, session: Page, cast: Cast, folder: Path) -> None:
    made = make_attachment(session(), folder, cast.anna, cast.own, name='a"\r\nX-Evil: 1.html')
    sign_in(client, cast.anna)
    with client.get(f"/attachment/{made.id}/file") as answer:
        assert answer.status_code == 200
        assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("number", ["0", "99999999", "9" * 30, "-1", "1.5", "abc", "%00"])
def test_no_number_in_an_address_breaks_a_page(client: FlaskClient, cast: Cast, number: str) -> None:
    sign_in(client, cast.root)
    for door in ("file", "preview/", "preview/1.png"):
        assert client.get(f"/attachment/{number}/{door}").status_code == 404


def test_what_is_done_with_a_paper_stands_in_its_history(
    client: FlaskClient, session: Page, cast: Cast, folder: Path
) -> None:
    sign_in(client, cast.anna)
    send(client, cast, files.pdf())
    made = session.scalars(select(Attachment)).one()
    client.post(f"/attachment/act/remove/?id={made.id}", data={"remove-reason": "ошибка"})
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.subject == "attachment").order_by(AuditEvent.seq)
    ).all()
    assert [(event.kind, event.user_id, event.graduate_id) for event in events] == [
        ("created", cast.anna.id, cast.own.id),
        ("changed", cast.anna.id, cast.own.id),
    ]


# -- Everybody × every kind × every person ---------------------------------------------------------------------------

SEES = {
    "own": {"anna", "galina", "kira", "root"},
    "local": {"boris", "kira", "root"},
    "foreign": {"vera", "kira", "root"},
}
CLOSED = {AttachmentKind.HEALTH, AttachmentKind.MINUTES}
READS = {("own", "galina")}  # The head of the responsible organisation; nobody is named or curates here.


@pytest.mark.parametrize("whose", sorted(SEES))
@pytest.mark.parametrize("kind", [AttachmentKind.OTHER, AttachmentKind.CONSENT, *sorted(CLOSED)])
def test_everybody_opens_what_the_rules_let_and_nothing_else(
    app: Flask, session: Page, cast: Cast, folder: Path, whose: str, kind: AttachmentKind
) -> None:
    made = make_attachment(
        session(), folder, cast.root, getattr(cast, whose), kind=kind, agency_id=cast.service.id, data=files.picture()
    )
    made.added_by_id = None
    session.commit()
    for who in ("anna", "boris", "vera", "galina", "kira", "root"):
        client = sign_in(app.test_client(), getattr(cast, who))
        wanted = 404 if who not in SEES[whose] else 403 if kind in CLOSED and (whose, who) not in READS else 200
        for door in ("file", "preview/", "preview/1.png"):
            answer = client.get(f"/attachment/{made.id}/{door}")
            answer.close()
            assert answer.status_code == wanted, (who, door)
