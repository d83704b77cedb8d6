"""Where a record is read: the page of its register where there is one, else the place on the card."""

from __future__ import annotations

from flask import current_app, url_for
from markupsafe import Markup

from views.captions import table_title

# Rows without a page of their own → the register of what they belong to.
WHOSE = {"consultation_minutes": "consultation_minutes"}


def page_prefix(subject: str) -> str | None:
    """«/contract/details/?id=»: the number follows. None: no register keeps such records."""
    endpoint = f"{WHOSE.get(subject, subject)}.details_view"
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, id="")


def record_link(subject: str, subject_id: int | None) -> str | Markup:
    """«Договор», as a link where the record has a page."""
    title = table_title(subject)
    prefix = page_prefix(subject)
    if prefix is None or subject_id is None:
        return title
    return Markup('<a href="{}{}">{} № {}</a>').format(prefix, subject_id, title, subject_id)
