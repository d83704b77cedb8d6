"""Files that travel with a letter: added by either side, opened with the letter only, taken out by whoever added."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralFile, ReferralStatus
from models.exchange_access import acts_for_recipient, acts_for_sender
from services.errors import Refused, need
from services.exchange.common import find
from services.files import recognition, storage
from services.files.attachments import Examined

MANY = 50  # Files of one letter.
SHUT = (ReferralStatus.REVOKED, ReferralStatus.FORWARDED, ReferralStatus.DECLINED)


def may_add(viewer: Viewer, referral: Referral) -> bool:
    """Both sides of a letter that has been sent; of a draft its sender."""
    return viewer.agency_id is not None and (acts_for_sender(viewer, referral) or acts_for_recipient(viewer, referral))


def attach(
    session: Session,
    *,
    referral: Referral,
    title: str,
    file: Examined,
    folder: Path,
    message_id: int | None = None,
    form_token: str = "",
    by: Viewer,
    now: datetime,
) -> ReferralFile:
    """Keep a file with a letter, or with a message of the thread. Raises Refused.

    The bytes go to disk before the row: a transaction that fails leaves only a file that nothing names.
    """
    need(may_add(by, referral), "Файлы прикладывают отправитель и получатель.")
    need(referral.status not in SHUT, f"Письмо {referral.status.label}: файлы к нему не прикладывают.")
    need(title.strip(), "Назовите документ.", field="title")
    need(len(title.strip()) <= 500, "Не длиннее 500 знаков.", field="title")
    need(len(_there(referral)) < MANY, f"К письму можно приложить не больше {MANY} файлов.", field="file")
    known = message_id is None or any(one.id == message_id for one in referral.messages)
    need(known, "Такого сообщения в этом письме нет.", field="message_id")
    made = ReferralFile(
        message_id=message_id,
        agency_id=by.agency_id,
        title=title.strip(),
        file_name=recognition.safe_name(file.upload.name, file.seen.extension),
        media_type=file.seen.media_type,
        size=len(file.upload.data),
        sha256=storage.put(folder, file.upload.data),
        added_at=now,
        added_by_id=by.user_id,
        form_token=form_token or None,
    )
    referral.files.append(made)
    session.flush()
    return made


def _there(referral: Referral) -> list[ReferralFile]:
    return [one for one in referral.files if one.removed_on is None]


def of_letter(session: Session, *, referral_id: int, file_id: int, by: Viewer) -> ReferralFile | None:
    """A file by its number and that of its letter, which the viewer has to see; None: there is none for this user."""
    referral = find(session, referral_id=referral_id, by=by)
    if referral is None:
        return None
    query = select(ReferralFile).where(ReferralFile.id == file_id, ReferralFile.referral_id == referral.id)
    return session.scalars(query).one_or_none()


def may_remove(viewer: Viewer, file: ReferralFile) -> bool:
    """The side that added it."""
    return file.agency_id == viewer.agency_id


def remove(session: Session, *, file: ReferralFile, reason: str, by: Viewer) -> None:
    """Take a file out: its line and its bytes stay, nobody opens it any more. Raises Refused."""
    need(may_remove(by, file), "Изъять файл может только сторона, которая его приложила.")
    if file.removed_on is not None:
        raise Refused("Файл уже изъят.")
    need(reason.strip(), "Укажите причину.", field="reason")
    need(len(reason.strip()) <= 500, "Не длиннее 500 знаков.", field="reason")
    file.removed_on, file.removed_reason = by.on, reason.strip()
    session.flush()


def digests(session: Session) -> set[str]:
    """Of all files of letters, also those taken out: the sweep of orphans keeps them."""
    return set(session.scalars(select(ReferralFile.sha256)))
