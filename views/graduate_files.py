"""The tab «Документы»: personal files with their inventories, and papers that can be made about the person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.case_access import may_record
from models.files import PersonalFile
from models.graduates import Graduate
from services.files import personal
from views import edge, labels
from views.extensions import db


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html."""
    from views.files.personal_files import HEADINGS, lines_of, table_rows, total_text  # It shows people by this card.

    viewer = edge.viewer()
    may_add = may_record(viewer, viewer.agency_id)
    add = ("Приложить файл", url_for("attachment.create_view", graduate=graduate.id)) if may_add else None
    query = select(PersonalFile).where(PersonalFile.graduate_id == graduate.id)
    files = sorted(db.session.scalars(query), key=lambda file: (file.agency_id != viewer.agency_id, file.id))
    own = personal.find(db.session(), graduate_id=graduate.id, agency_id=viewer.agency_id)
    if own is None:
        yield {
            "title": "Личное дело",
            "id": "personal-file",
            "items": [],
            "action": add,
            "empty": "Ваша организация личного дела ещё не завела: оно заводится с первым заявлением или файлом.",
        }
    for file in files:
        lines = lines_of(file)
        page = url_for("personal_file.details_view", id=file.id)
        name = Markup('<a href="{}">№ {}</a>').format(page, file.number)
        agency = labels.label("agency", file.agency_id)
        yield {
            "title": "Личное дело" if file is own else f"Личное дело: {agency}",
            "id": f"personal-file-{file.id}",
            "note": Markup("{}, {}{}").format(name, agency, f": {total_text(lines)}" if lines else ""),
            "items": [],
            "table": {"columns": HEADINGS, "rows": table_rows(lines)} if lines else None,
            "action": add if file is own and file.closed_on is None else None,
            "empty": "Документов в деле ещё нет.",
        }
    yield from _papers(graduate)


def _papers(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Papers that are made from the records of the person."""
    from views.papers.links import papers_of

    if found := papers_of(graduate):
        links = [[Markup('<a href="{}">{}</a>').format(url, label)] for label, url in found]
        table = {"columns": ["Документ"], "rows": links}
        yield {"title": "Составить документ", "id": "papers", "items": [], "table": table}
