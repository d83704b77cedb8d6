"""The daily letters, sent through the server of MAIL_URL; what it has not taken waits for the next run."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from flask import current_app

from services import digest
from services.digest import Letter
from views import edge
from views.cli_tools import reading, transaction
from views.only_one import only_one
from views.settings import MailServer, mail_server

# Of this letter or its address, not of the server.
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError, ValueError)
TIMEOUT = 20.0  # Seconds for each answer of the server.
SENDER = "Маршрут"
LEFT = "Неотправленное останется до следующего запуска."


class MailFault(Exception):
    """Why no more letters go out; one Russian sentence."""


@dataclass
class Mailed:
    """What a run of the mail did."""

    sent: int = 0
    refused: int = 0  # addresses that the server does not take
    fault: str = ""


def send_digests(*, on: date) -> Mailed:
    """A letter to everybody who has been told something since the last one; nothing without MAIL_URL."""
    done = Mailed()
    if not current_app.config["MAIL_URL"]:
        return done
    server = mail_server(current_app.config["MAIL_URL"])
    with only_one("digest") as is_mine:
        if not is_mine:
            done.fault = "Письма уже отправляет другой процесс."
            return done
        try:
            _send_all(server, on, done)
        except MailFault as fault:
            done.fault = f"{fault} {LEFT}"
    return done


def _send_all(server: MailServer, on: date, done: Mailed) -> None:
    now = edge.clock()
    with reading() as session:
        users = digest.awaiting(session, now=now)
    if not users:
        return
    with _connected(server) as smtp:
        for user_id in users:
            base_url = current_app.config["BASE_URL"]
            with reading() as session:
                letter = digest.compose(session, user_id=user_id, on=on, now=now, base_url=base_url)
            if letter is None:
                continue
            if not _send(smtp, server, letter, now):
                done.refused += 1
                continue
            with transaction() as session:  # Only now: what the server has not taken is not mailed.
                digest.mark_mailed(session, letter=letter, now=edge.clock())
            done.sent += 1


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Raises MailFault for whatever goes wrong with the server, also later on."""
    try:
        smtp = _open(server)
        try:
            yield smtp
        finally:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
    except smtplib.SMTPAuthenticationError:
        raise MailFault("Почтовый сервер не принял имя или пароль из MAIL_URL.") from None
    except smtplib.SMTPNotSupportedError:
        raise MailFault("Почтовый сервер не шифрует (STARTTLS), а без этого пароль не передаётся.") from None
    except smtplib.SMTPSenderRefused:
        raise MailFault(f"Почтовый сервер не принимает письма от {server.sender}.") from None
    except ssl.SSLError:
        raise MailFault("Не удалось защищённое соединение с почтовым сервером: проверьте его сертификат.") from None
    except (smtplib.SMTPException, OSError):
        raise MailFault("Почтовый сервер не отвечает или прервал связь.") from None


def _open(server: MailServer) -> smtplib.SMTP:
    """A password goes out over an encrypted connection only."""
    context = ssl.create_default_context()
    if server.is_tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.user and not server.is_tls:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _send(smtp: smtplib.SMTP, server: MailServer, letter: Letter, now: datetime) -> bool:
    """False: the server does not take this letter; it may take the others."""
    try:
        smtp.send_message(message_of(server, letter, now), server.sender, [letter.to])
    except REFUSED:
        with suppress(smtplib.SMTPException):
            smtp.rset()
        return False
    return True


def message_of(server: MailServer, letter: Letter, now: datetime) -> EmailMessage:
    """Plain text, and the same as HTML; raises ValueError where the address is none."""
    message = EmailMessage()
    message["From"] = formataddr((SENDER, server.sender))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
