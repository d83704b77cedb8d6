"""Who changed what, and who read what: two append-only logs, each a keyed chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Id, LabelledEnum, Line, Model, UtcDateTime


class ChangeKind(LabelledEnum):
    CREATED = "created", "создание"
    CHANGED = "changed", "изменение"
    DELETED = "deleted", "удаление"
    ACTION = "action", "действие"


class AccessKind(LabelledEnum):
    OPENED = "opened", "открыта карточка"
    LISTED = "listed", "просмотрен список"
    SEARCHED = "searched", "поиск"
    EXPORTED = "exported", "выгрузка"
    PRINTED = "printed", "печать"
    DOWNLOADED = "downloaded", "скачан файл"
    LOGIN = "login", "вход"
    LOGIN_FAILED = "login_failed", "неудачный вход"
    LOGOUT = "logout", "выход"
    REFUSED = "refused", "отказано в доступе"


class ChainRow:
    """A link: `mac` = HMAC(key, previous mac, seq, the row's columns with the digest of its payload).

    The payload may be erased by law (152-ФЗ); its digest stays, and the chain stays whole.
    """

    id: Mapped[Id]
    seq: Mapped[int] = mapped_column(comment="1, 2, 3 … without gaps")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None]
    agency_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60), default="", comment="Table of the record")
    subject_id: Mapped[int | None]
    payload: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    payload_digest: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


class AuditEvent(ChainRow, Model):
    """A change of a record; payload: {field: [old, new]}."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("seq"),
        Index("ix_audit_event_graduate_id_seq", "graduate_id", "seq"),  # history on the card
        Index("ix_audit_event_subject_subject_id_seq", "subject", "subject_id", "seq"),  # history of another record
        Index("ix_audit_event_user_id_seq", "user_id", "seq"),  # own actions
        Index("ix_audit_event_agency_id_seq", "agency_id", "seq"),  # actions of an agency
    )

    graduate_id: Mapped[int | None] = mapped_column(comment="The card whose record it is")
    record_version: Mapped[int | None] = mapped_column(comment="Version of the card or record after the change")
    user_name: Mapped[Line] = mapped_column(comment="As it was then")


class AccessEvent(ChainRow, Model):
    """Something read, searched, exported, printed, refused; payload: what, with ids for lists."""

    __tablename__ = "access_event"
    __table_args__ = (
        UniqueConstraint("seq"),
        Index("ix_access_event_subject_subject_id_seq", "subject", "subject_id", "seq"),  # who has read this card
        Index("ix_access_event_user_id_seq", "user_id", "seq"),
        Index("ix_access_event_agency_id_seq", "agency_id", "seq"),
    )

    address: Mapped[str] = mapped_column(String(64), default="", comment="Where from")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    user_name: Mapped[Line]


class ChainHead(Model):
    """The last link of a chain: whoever cuts the tail off must also forge this."""

    __tablename__ = "chain_head"
    __table_args__ = (CheckConstraint("length >= 0", name="length_is_not_negative"),)

    chain: Mapped[str] = mapped_column(String(20), primary_key=True)
    length: Mapped[int] = mapped_column(default=0)
    mac: Mapped[str] = mapped_column(String(64), default="")
