"""The directory: participants and their specialists, as a page, on paper and as a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, send_file
from markupsafe import Markup
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.territory import AgencyKind, Agreement
from reports.base import Column
from reports.workbook import write_workbook
from services.directory import is_stale
from services.reporting import export_limit
from views import edge, labels
from views.directory.asked import BY, SIZE, Asked, Line, everything, shown
from views.formats import chip, counted, plural, ru_date
from views.registers import ends_chip
from views.sending import forget_when_sent

pages = Blueprint("directory", __name__, url_prefix="/directory")
TITLE = "Справочник участников"
COLUMNS = [
    Column("Вид участника", "kind", 26),
    Column("Организация", "name", 40),
    Column("Районы", "districts", 24),
    Column("Адрес", "address", 34),
    Column("Телефон", "phone", 20),
    Column("Электронная почта", "email", 26),
    Column("Руководитель", "head", 28),
    Column("Ответственный за сопровождение", "responsible", 30),
    Column("Специалист", "person", 28),
    Column("Должность", "position", 22),
    Column("Телефон специалиста", "person_phone", 20),
    Column("Почта специалиста", "person_email", 26),
    Column("Контакты проверены", "checked", 14),
]


@pages.get("/")
def index() -> str:
    asked = Asked.read()
    found = shown(asked)
    last = max(1, -(-found.total // SIZE))
    return render_template(
        "directory/index.html",
        page_title=TITLE,
        asked=asked,
        groups=[(name, list(lines)) for name, lines in groupby(found.lines, key=lambda line: line.group)],
        organisations=found.organisations,
        kinds=AgencyKind.choices(),
        districts=labels.options("district"),
        ways=list(BY.items()),
        own_id=edge.viewer().agency_id,
        pages=(asked.page, last),
        fresh=checked_chip,
        agreement=_agreement,
        dialled=_dialled,
    )


def checked_chip(line: Line) -> Markup:
    """When the contacts were checked; flagged where that was too long ago."""
    checked_on = line.agency.contacts_checked_on
    if checked_on is None:
        return chip("контакты не проверялись", "amber", "alert-triangle")
    if is_stale(checked_on, edge.today()):
        return chip(f"проверены давно: {ru_date(checked_on)}", "amber", "clock-exclamation")
    return chip(f"проверены {ru_date(checked_on)}", "green", "circle-check")


def _agreement(one: Agreement) -> Markup:
    until = f", до {ru_date(one.ends_on)}" if one.ends_on else ", бессрочно"
    return Markup("{} {}").format(f"№\xa0{one.number}{until}", ends_chip(one.ends_on))


def _dialled(phone: str) -> str:
    """The number for a link, if the text is one number: «8 (817) 272-10-10» → 88172721010."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    is_plain = all(sign in "+0123456789 ()-–" for sign in phone)
    return ("+" if phone.strip().startswith("+") else "") + digits if is_plain and 5 <= len(digits) <= 12 else ""


# -- The file --------------------------------------------------------------------------------------------------------


@pages.get("/export/xlsx")
def export() -> Response:
    asked = Asked.read()
    rows = list(_rows(everything(asked)))
    limit = export_limit(edge.viewer())
    if limit is not None and len(rows) > limit:
        flash(
            f"В справочнике {counted(len(rows), 'строка', 'строки', 'строк')}, а вашей роли можно выгрузить не больше "
            f"{limit} {plural(limit, 'строки', 'строк', 'строк')}. Сузьте отбор и повторите.",
            "error",
        )
        return redirect(asked.url())
    payload = {"rows": len(rows), "type": "xlsx", "address": asked.url()[:1000]}
    edge.log_access(AccessKind.EXPORTED, subject="agency", payload=payload)
    folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
    try:
        path = folder / "directory.xlsx"
        on = edge.today()
        write_workbook(path, title=TITLE, columns=COLUMNS, rows=rows, subtitle=f"на {ru_date(on)}", on=on)
        response = send_file(path, as_attachment=True, download_name=f"{TITLE} {on:%Y-%m-%d}.xlsx", max_age=0)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return forget_when_sent(response, lambda: shutil.rmtree(folder, ignore_errors=True))


def _rows(lines: Sequence[Line]) -> Iterator[tuple[Any, ...]]:
    """A row for each specialist; an organisation without any has one."""
    for line in lines:
        a = line.agency
        head, responsible = named(a.head_name, a.head_position), named(a.responsible_name, a.responsible_position)
        told = (a.kind.label, a.name, "; ".join(line.districts), a.address, a.phone, a.email, head, responsible)
        checked = ru_date(a.contacts_checked_on)
        for user in line.people:
            yield (*told, user.name, user.position or user.role_label, user.phone, user.email, checked)
        if not line.people:
            yield (*told, "", "", "", "", checked)


def named(name: str, position: str) -> str:
    return ", ".join(part for part in (name, position) if part)


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.jinja_env.globals["named"] = named
