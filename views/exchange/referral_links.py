"""Links from a letter: its files, the sitting that it comes from or goes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.exchange import Referral, ReferralFile
from models.meetings import AgendaItem, Decision, Meeting
from services.files import recognition
from views.extensions import db
from views.formats import ru_date

MEETING = "meeting.details_view"


def file_links(file: ReferralFile) -> list[tuple[str, str]]:
    """(label, address)"""
    where: dict[str, Any] = {"referral_id": file.referral_id, "file_id": file.id}
    found = [("Скачать", url_for("letter_files.download", **where))]
    media_type = file.media_type.partition(";")[0]
    if media_type in recognition.SHOWN_AS or media_type == recognition.TEXT:
        found.insert(0, ("Посмотреть", url_for("letter_files.preview", **where)))
    return found


def council_links(referral: Referral) -> Iterable[tuple[str, list[Markup]]]:
    """The sitting whose decision the letter carries, and those that have heard its case."""
    carried = (
        select(Meeting)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .join(Decision, Decision.item_id == AgendaItem.id)
        .where(Decision.referral_id == referral.id)
    )
    heard = (
        select(Meeting)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.referral_id == referral.id)
    )
    for title, query in (("Решение заседания", carried), ("Вынесено на заседание", heard)):
        found = list(db.session.scalars(query.distinct().order_by(Meeting.id)))
        if found:
            yield title, [_meeting(one) for one in found]


def _meeting(meeting: Meeting) -> Markup:
    """Whether the reader may open the sitting, its own page decides."""
    told = f"{meeting.body.name if meeting.body else meeting.kind.label}, {ru_date(meeting.held_on)}"
    return Markup('<a href="{}">{}</a>').format(url_for(MEETING, id=meeting.id), told)
