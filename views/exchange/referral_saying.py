"""What is added to a letter from its page: messages to the other side, own notes, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from models.access import Viewer
from models.exchange import Referral, ReferralFile, ReferralMessage, ReferralNote, ReferralStatus
from services.errors import need
from services.exchange import files, notes, workflow
from views import edge
from views.exchange import referral_forms as forms
from views.exchange.referral_actions import LetterAction, by_either, is_made
from views.extensions import db
from views.files.sent import examined
from views.formats import ru_datetime

CHOOSE = "Выберите файл."


def is_side(viewer: Viewer, referral: Referral) -> bool:
    """One of the two, or whoever passed the letter on."""
    return viewer.agency_id in (referral.sender_id, referral.recipient_id, referral.forwarded_by_id)


def _may_say(viewer: Viewer, referral: Referral) -> bool:
    return viewer.is_administrator or viewer.agency_id in (referral.sender_id, referral.recipient_id)


def _can_say(referral: Referral) -> bool:
    """On paper there is nobody who would read it."""
    return referral.sent_at is not None and referral.status is not ReferralStatus.REVOKED and not referral.is_on_paper


def _say(referral: Referral, form: Any) -> str:
    token = form.form_token.data or ""
    if not is_made(ReferralMessage, referral, token):
        text = form.text.data or ""
        workflow.say(db.session(), referral=referral, text=text, form_token=token, by=edge.viewer(), now=edge.now())
    return "Сообщение отправлено."


def _note(referral: Referral, form: Any) -> str:
    token = form.form_token.data or ""
    if not is_made(ReferralNote, referral, token):
        text = form.text.data or ""
        notes.note(db.session(), referral=referral, text=text, form_token=token, by=edge.viewer(), now=edge.now())
    return "Заметка записана: её видит только ваша организация."


def _attach(referral: Referral, form: Any) -> str:
    token = form.form_token.data or ""
    if is_made(ReferralFile, referral, token):
        return "Файл приложен."
    need(form.title.data, "Назовите документ.", field="title")
    file = examined(form.file, CHOOSE)
    made = files.attach(
        db.session(),
        referral=referral,
        title=form.title.data or "",
        file=file,
        folder=Path(current_app.config["DATA_DIR"]),
        message_id=form.message_id.data,
        form_token=token,
        by=edge.viewer(),
        now=edge.now(),
    )
    return f"Файл приложен: {made.title}."


def _offer_messages(field: Any, referral: Referral) -> None:
    """The letter itself, or a message of the own side."""
    m = ReferralMessage
    own = select(m).where(m.referral_id == referral.id, m.agency_id == edge.viewer().agency_id).order_by(m.id.desc())
    found = [(one.id, f"{one.kind.label} {ru_datetime(one.at)}") for one in db.session.scalars(own.limit(20))]
    field.offer(found, empty="к письму")


class FileAction(LetterAction):
    def made_form(self, record: Referral, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        _offer_messages(form.message_id, record)
        form.file.description = (
            f"PDF, изображение, DOCX, XLSX, ODT, ODS, текст. До {current_app.config['MAX_UPLOAD_MB']} МБ."
        )
        return form


SAYING = [
    LetterAction(
        "message", "Написать другой стороне", _say, _may_say, _can_say, forms.MessageForm, button="Отправить сообщение",
    ),
    LetterAction("note", "Добавить заметку", _note, is_side, form=forms.NoteForm, button="Записать"),
    FileAction(
        "attach", "Приложить файл", _attach, by_either, lambda referral: referral.status not in files.SHUT,
        forms.FileForm, button="Приложить",
    ),
]  # fmt: skip
