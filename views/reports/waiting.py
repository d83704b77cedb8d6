"""Reports that nobody waits for on a page: figures of everybody over a base of very many people."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from sqlalchemy import select

from models.graduates import Graduate
from reports.figures import FiguresReport
from views.extensions import db
from views.reports.asked import Asked
from views.reports.shown import TYPES

MANY = 50_000  # People beyond whom a report of everybody may take minutes.
ANYWAY = "anyway"  # The argument by which the page is asked for nevertheless.


def takes_long(found: Asked) -> bool:
    """Whether figures of all organisations are asked for while there are more than MANY people."""
    return isinstance(found.report, FiguresReport) and found.agency is None and has_many_people()


def is_wanted_anyway() -> bool:
    return request.args.get(ANYWAY) == "1"


def has_many_people() -> bool:
    """Looks no further than MANY entries of an index, however many people there are."""
    return db.session.scalar(select(Graduate.id).order_by(Graduate.id).offset(MANY).limit(1)) is not None


def context(found: Asked) -> dict[str, Any]:
    """What the page offers instead: a file made in the background, and the page all the same."""
    assert found.parameters is not None
    code = found.report.code
    page = url_for("reports.show", code=code, **found.address)
    path, _, query = page.partition("?")
    return {
        "subtitle": found.report.subtitle(found.parameters),
        "files": [],  # Asked for below.
        "fields": {"kind": "report", "path": path, "query": query},
        "types": [(kind, label) for kind, label in TYPES.items() if kind != "docx" or found.report.is_signed],
        "anyway_url": url_for("reports.show", code=code, **{**found.address, ANYWAY: 1}),
    }
