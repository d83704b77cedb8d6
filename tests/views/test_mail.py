"""Daily letters through a real mail server: one for each user, marked only when taken, never a name in them."""

import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from flask import Flask
from sqlalchemy import delete, func, select, update

from models.context import Actor, act_as
from models.deadlines import Deadline
from models.notifications import NoticeKind, Notification, NotificationSetting
from models.users import User
from services import digest, notices
from tests.conftest import NOW, TODAY
from tests.duties import make_duty
from tests.factories import Cast, build_cast
from tests.fresh import fresh_app
from tests.views.smtp import free_port, mail_box
from views import only_one as locks
from views.extensions import db
from views.mail import Mailed, send_digests
from views.only_one import only_one

YESTERDAY = TODAY - timedelta(days=1)
# It takes passwords without encryption, to see whether it gets one; smtps it does not count as encryption.
OF_THE_SERVER = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
CLERK, HEAD = "anna@service.ru", "galina@service.ru"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Flask, Cast]]:
    with fresh_app(request.param, tmp_path_factory.mktemp("mail"), f"{worker_id}_mail") as app:
        cast = build_cast(db.session())
        cast.anna.email, cast.galina.email = CLERK, HEAD
        db.session.commit()
        yield app, cast


@pytest.fixture
def app(own: tuple[Flask, Cast], monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Two overdue obligations of the service, one about a person, told to its clerk and its head."""
    app, cast = own
    monkeypatch.setitem(app.config, "BASE_URL", "https://marshrut.example.ru")
    act_as(db.session(), Actor(NOW))
    service, opened = db.session.merge(cast.service), TODAY - timedelta(days=9)
    make_duty(db.session(), service, opened, YESTERDAY, title="Отчёт & «список»", graduate_id=cast.own.id)
    make_duty(db.session(), service, TODAY, TODAY + timedelta(days=60), title="Встреча")
    notices.notify(db.session(), on=TODAY, since=YESTERDAY, now=NOW)
    db.session.commit()
    yield app
    db.session.rollback()
    for model in (Notification, NotificationSetting, Deadline):
        db.session.execute(delete(model))
    db.session.execute(update(User).values(is_locked=False))
    db.session.commit()


def send(app: Flask, url: str) -> Mailed:
    app.config["MAIL_URL"] = url
    db.session.rollback()
    try:
        return send_digests(on=TODAY)
    finally:
        app.config["MAIL_URL"] = ""


def plain(port: int) -> str:
    return f"smtp://127.0.0.1:{port}?from=marshrut@example.ru"


def left() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Notification.mailed_at.is_(None))) or 0


def test_each_user_gets_one_letter_once(app: Flask) -> None:
    with mail_box() as (box, port):
        assert send(app, plain(port)) == Mailed(sent=2)
        assert send(app, plain(port)) == Mailed()
    assert [letter["To"] for letter in box.letters] == [CLERK, HEAD]
    assert left() == 1  # The administrator, who is told of the calendar, has no address.


def test_a_letter_says_what_and_until_when_and_nobodys_name(app: Flask, own: tuple[Flask, Cast]) -> None:
    with mail_box() as (box, port):
        send(app, plain(port))
    letter = box.letters[0]
    assert letter["Subject"] == "Маршрут, 01.10.2026: 2 уведомления, срочных и просроченных 1"
    assert letter["From"] == "Маршрут <marshrut@example.ru>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"]
    assert letter["Message-ID"].endswith("@example.ru>")
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "Срок нарушен\n— Отчёт & «список»: карточка № 1, срок истёк 30.09.2026" in text.replace("\r\n", "\n")
    assert "Начался срок\r\n— Встреча" in text or "Начался срок\n— Встреча" in text
    assert "https://marshrut.example.ru/notifications/" in text
    assert "<li>Отчёт &amp; «список»: карточка № 1, срок истёк 30.09.2026</li>" in html
    assert 'href="https://marshrut.example.ru/notifications/"' in html
    for name in ("Ёлкина", "Дарья", "Игоревна", "Анна"):
        assert name not in text + html + letter["Subject"]


def test_the_head_reads_what_the_whole_organisation_has_missed(app: Flask, own: tuple[Flask, Cast]) -> None:
    service = db.session.merge(own[1].service)
    make_duty(db.session(), service, TODAY - timedelta(days=90), TODAY - timedelta(days=60), title="Давно забытое")
    db.session.commit()
    with mail_box() as (box, port):
        send(app, plain(port))
    clerk, head = (letter.get_body(("plain",)).get_content() for letter in box.letters)  # type: ignore[union-attr]
    assert "Просрочено в организации всего: 2 срока" in head
    assert "— Давно забытое: 1 срок, самый ранний 02.08.2026" in head
    assert "всего" not in clerk


def test_without_an_address_of_the_installation_there_are_no_links(app: Flask) -> None:
    app.config["BASE_URL"] = ""
    with mail_box() as (box, port):
        send(app, plain(port))
    assert "http" not in box.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_without_mail_url_nothing_is_sent(app: Flask) -> None:
    assert send(app, "") == Mailed()
    assert left() == 4


# -- Whom it leaves out ----------------------------------------------------------------------------------------------


def test_unwanted_kinds_locked_users_and_old_news_stay_away(app: Flask, own: tuple[Flask, Cast]) -> None:
    anna, galina = (db.session.merge(user) for user in (own[1].anna, own[1].galina))
    db.session.add(NotificationSetting(user=anna, kind=NoticeKind.OPENED, is_mailed=False))
    db.session.execute(update(Notification).where(Notification.kind == "overdue").values(at=NOW - timedelta(days=15)))
    galina.is_locked = True
    db.session.commit()
    with mail_box() as (box, port):
        assert send(app, plain(port)) == Mailed()
    assert box.letters == []


def test_a_refused_address_stops_nobody_else(app: Flask) -> None:
    with mail_box(lambda address: "550 No such user" if address == CLERK else "") as (box, port):
        assert send(app, plain(port)) == Mailed(sent=1, refused=1)
        assert [letter["To"] for letter in box.letters] == [HEAD]
    assert left() == 3
    with mail_box() as (box, port):
        assert send(app, plain(port)) == Mailed(sent=1)


@pytest.mark.parametrize("address", ["не адрес", "a@b.ru\nBcc: c@d.ru", "пользователь@пример.рф"])
def test_what_is_no_address_is_refused(app: Flask, own: tuple[Flask, Cast], address: str) -> None:
    db.session.execute(update(User).where(User.login == "anna").values(email=address))
    db.session.commit()
    try:
        with mail_box(enable_SMTPUTF8=False) as (box, port):
            done = send(app, plain(port))
    finally:
        db.session.execute(update(User).where(User.login == "anna").values(email=CLERK))
        db.session.commit()
    assert (done.sent, done.refused, done.fault) == (1, 1, "")
    assert [letter["To"] for letter in box.letters] == [HEAD]


# -- Broken servers --------------------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_leaves_everything(app: Flask) -> None:
    done = send(app, plain(free_port()))
    assert done.fault == (
        "Почтовый сервер не отвечает или прервал связь. Неотправленное останется до следующего запуска."
    )
    assert left() == 4


def test_what_was_taken_before_the_server_broke_is_not_sent_again(app: Flask) -> None:
    with mail_box(lambda address: "421 Shutting down" if address == HEAD else "") as (box, port):
        done = send(app, plain(port))
    assert done.sent == 1
    with mail_box() as (box, port):
        assert send(app, plain(port)).sent == 1
    assert [letter["To"] for letter in box.letters] == [HEAD]


@OF_THE_SERVER
def test_a_password_never_goes_out_unencrypted(app: Flask) -> None:
    asked: list[Any] = []

    def authenticate(*args: Any) -> AuthResult:
        asked.append(args)
        return AuthResult(success=True)

    with mail_box(authenticator=authenticate, auth_require_tls=False) as (box, port):
        done = send(app, f"smtp://robot:secret@127.0.0.1:{port}?from=a@b.ru")
    assert done.fault.startswith("Почтовый сервер не шифрует (STARTTLS)")
    assert (asked, box.letters) == ([], [])


def test_a_server_without_tls_is_no_smtps(app: Flask) -> None:
    with mail_box() as (box, port):
        done = send(app, f"smtps://robot:secret@127.0.0.1:{port}?from=a@b.ru")
    assert done.fault.startswith("Не удалось защищённое соединение")
    assert box.letters == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, and its key."""
    if not which("openssl"):
        pytest.skip("openssl не найден: шифрованная отправка не проверена")
    folder = tmp_path_factory.mktemp("tls")
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *name]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@OF_THE_SERVER
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("is_trusted", [True, False])
@pytest.mark.parametrize("password", ["p/w", "wrong"])
def test_encrypted_with_a_password(
    app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, is_trusted: bool, password: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"robot", b"p/w"), handled=False)

    options: dict[str, Any] = {"authenticator": authenticate, "auth_required": True}
    if scheme == "smtp":
        options |= {"tls_context": context, "require_starttls": True}
    else:
        options |= {"ssl_context": context, "auth_require_tls": False}
    with mail_box(**options) as (box, port):
        done = send(app, f"{scheme}://robot:{password.replace('/', '%2F')}@127.0.0.1:{port}?from=a@b.ru")
    if not is_trusted:
        assert done.fault.startswith("Не удалось защищённое соединение с почтовым сервером")
    elif password == "wrong":
        assert done.fault.startswith("Почтовый сервер не принял имя или пароль из MAIL_URL.")
    else:
        assert done == Mailed(sent=2)
    assert len(box.letters) == done.sent


# -- At once ---------------------------------------------------------------------------------------------------------


def test_two_processes_do_not_write_at_the_same_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.mail.only_one", lambda name: locks.only_one(name, patience=0.3))
    with mail_box() as (box, port):
        with only_one("digest") as is_mine:
            assert is_mine
            assert send(app, plain(port)).fault == "Письма уже отправляет другой процесс."
        assert box.letters == []
        assert send(app, plain(port)).sent == 2


def test_a_letter_has_an_end(app: Flask, own: tuple[Flask, Cast]) -> None:
    anna = own[1].anna.id
    columns = {"user_id": anna, "kind": NoticeKind.OPENED, "text": "Сдать отчёт", "at": NOW}
    db.session.add_all(Notification(**columns, key=f"k{number}") for number in range(150))
    db.session.commit()
    letter = digest.compose(db.session(), user_id=anna, on=TODAY, now=NOW)
    assert letter is not None
    assert letter.text.count("— Сдать отчёт") == 98  # Beside the two of the fixture.
    assert "Ещё 52 уведомления в «Маршруте»." in letter.text
    assert len(letter.ids) == 152
