"""Loading half-year forms: a file, what it would do row by row, then the load and its undoing."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from models.access import visible_to
from models.audit import AccessKind
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch, ImportRow
from models.territory import Agency
from services.importing.errors import UnusableWorkbook
from services.importing.rows import read_form
from services.imports.batches import apply_draft, discard_draft, keep_draft
from services.imports.plan import OUTCOMES
from services.imports.states import ImportRefused, agencies_for, batches_of
from services.imports.undoing import refuse_foreign, undo_import
from views import edge
from views.extensions import db
from views.fields import parse_date
from views.formats import chip, counted

pages = Blueprint("imports", __name__, url_prefix="/imports")
FORMS = {
    "vologda-appendix-1": "Приложение 1: органы опеки, 12 столбцов",
    "vologda-appendix-2": "Приложение 2: КЦСОН, 9 столбцов",
}
# (label of the chip, its colour, its icon, what the counts are called)
OUTCOME_CHIPS = {
    "create": ("новая", "green", "plus", "Новые карточки"),
    "update": ("изменения", "blue", "pencil", "Изменения"),
    "unchanged": ("без изменений", "grey", "check", "Без изменений"),
    "duplicate": ("повтор", "amber", "files", "Повторы в файле"),
    "error": ("ошибка", "red", "alert-circle", "Ошибки"),
}
STATE_CHIPS = {
    BatchState.DRAFT: ("не загружен", "amber", "clock"),
    BatchState.APPLIED: ("загружен", "green", "check"),
    BatchState.UNDONE: ("отменён", "grey", "x"),
}
PAGE = 100
BATCHES_SHOWN = 50


@dataclass
class Upload:
    """What was sent: kept as it was typed, so that nothing is lost when something is wrong."""

    form: str = "vologda-appendix-1"
    agency: str = ""
    on: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def day(self) -> date | None:
        try:
            return parse_date(self.on)
        except ValueError:
            self.errors["on"] = "Дата не читается. Напишите её как 01.10.2026."
            return None


# -- The list and the upload -----------------------------------------------------------------------------------------


@pages.get("/")
def index() -> str:
    on = f"{edge.today():%d.%m.%Y}"
    form = "vologda-appendix-1" if edge.viewer().is_guardianship else "vologda-appendix-2"
    return _index_page(Upload(form=form, on=on))


def _index_page(upload: Upload) -> str:
    agencies = agencies_for(db.session(), viewer=edge.viewer())
    if not agencies:
        abort(403)
    query = (
        select(ImportBatch)
        .where(batches_of(edge.viewer()))
        .options(joinedload(ImportBatch.agency), joinedload(ImportBatch.user))
    )
    found = db.session.scalars(query.order_by(ImportBatch.id.desc()).limit(BATCHES_SHOWN)).all()
    return render_template(
        "imports/index.html",
        page_title="Загрузка",
        upload=upload,
        agencies=agencies,
        forms=FORMS,
        megabytes=current_app.config["MAX_UPLOAD_MB"],
        batches=[(batch, chip(*STATE_CHIPS[batch.state]), _counts(batch)) for batch in found],
    )


@pages.post("/")
def send() -> Response | tuple[str, int]:
    """Read the file and keep it with what it would do; nothing else changes yet."""
    upload = Upload(request.form.get("form", ""), request.form.get("agency", ""), _typed("on"))
    agency, on, data = _agency(upload), upload.day(), _data(upload)
    if upload.form not in FORMS:
        upload.errors["form"] = "Выберите форму."
    if agency is None or on is None or data is None or upload.errors:
        return _index_page(upload), 422
    name = request.files["file"].filename or "файл"
    try:
        parsed = read_form(data, file_name=name, form=upload.form, on=on, max_bytes=_max_bytes())
    except UnusableWorkbook as reason:
        upload.errors["file"] = str(reason)
        return _index_page(upload), 422
    batch = keep_draft(db.session(), viewer=edge.viewer(), agency=agency, parsed=parsed, data=data, now=edge.now())
    db.session.commit()
    return redirect(url_for(".show", batch_id=batch.id))


def _typed(name: str) -> str:
    """What was typed, without signs that no page can show."""
    return "".join(filter(str.isprintable, request.form.get(name, ""))).strip()


def _agency(upload: Upload) -> Agency | None:
    """One of those for which the user may load; the only one need not be named."""
    agencies = agencies_for(db.session(), viewer=edge.viewer())
    if not agencies:
        abort(403)
    if not upload.agency and len(agencies) == 1:
        return agencies[0]
    found = next((agency for agency in agencies if agency.code == upload.agency), None)
    if found is None:
        upload.errors["agency"] = "Выберите организацию, которая прислала файл."
    return found


def _data(upload: Upload) -> bytes | None:
    file = request.files.get("file")
    if file is None or not file.filename:
        upload.errors["file"] = "Выберите файл."
        return None
    try:
        return file.stream.read(_max_bytes() + 1)
    finally:
        file.close()


def _max_bytes() -> int:
    megabytes: int = current_app.config["MAX_UPLOAD_MB"]
    return megabytes * 1024 * 1024


# -- One batch -------------------------------------------------------------------------------------------------------


@pages.get("/<int:batch_id>")
def show(batch_id: int) -> str:
    batch = _batch(batch_id)
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = max(1, request.args.get("page", 1, type=int))
    query = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if outcome:
        query = query.where(ImportRow.outcome == outcome)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(page, max(1, -(-total // PAGE)))
    rows = db.session.scalars(query.order_by(ImportRow.row).limit(PAGE).offset((page - 1) * PAGE)).all()
    seen = _seen([row.graduate_id for row in rows if row.graduate_id])
    edge.log_access(AccessKind.OPENED, "import_batch", batch.id, {"rows": [row.row for row in rows]})
    return render_template(
        "imports/batch.html",
        page_title=batch.file_name,
        breadcrumbs=[("Загрузка", url_for(".index")), (batch.file_name, None)],
        batch=batch,
        state=chip(*STATE_CHIPS[batch.state]),
        form_title=FORMS.get(batch.form, batch.form),
        notes=batch.summary.get("notes", []),
        counts=_counts(batch),
        outcome=outcome,
        rows=[_shown(row, seen) for row in rows],
        pager=_pager(batch.id, outcome, page, total),
        is_loadable=batch.state is BatchState.DRAFT and bool(batch.summary["create"] or batch.summary["update"]),
        to_write=_to_write(batch),
    )


def _batch(batch_id: int) -> ImportBatch:
    """A stranger gets 404: that there is such a batch is not disclosed."""
    if batch_id > 2**62:
        abort(404)
    query = select(ImportBatch).where(ImportBatch.id == batch_id, batches_of(edge.viewer()))
    found = db.session.scalars(
        query.options(joinedload(ImportBatch.agency), joinedload(ImportBatch.user))
    ).one_or_none()
    if found is None:
        edge.log_access(AccessKind.REFUSED, subject="import_batch", subject_id=batch_id)
        abort(404)
    return found


def _counts(batch: ImportBatch) -> list[tuple[str, str, int, Any]]:
    """(outcome, its name, how many, chip) of those that occur."""
    shown = []
    for outcome in OUTCOMES:
        label, colour, icon, title = OUTCOME_CHIPS[outcome]
        if batch.summary.get(outcome):
            shown.append(
                (outcome, title, batch.summary[outcome], chip(f"{label}: {batch.summary[outcome]}", colour, icon))
            )
    return shown


def _to_write(batch: ImportBatch) -> str:
    cards = batch.summary.get("create", 0) + batch.summary.get("update", 0)
    return counted(cards, "карточку", "карточки", "карточек")


def _seen(ids: list[int]) -> set[int]:
    """The cards that this user may see: somebody with a wider sight may have checked or loaded the file."""
    return set(db.session.scalars(select(Graduate.id).where(Graduate.id.in_(ids), visible_to(edge.viewer()))))


def _shown(row: ImportRow, seen: set[int]) -> dict[str, Any]:
    is_hidden = row.graduate_id is not None and row.graduate_id not in seen
    person = row.detail.get("graduate") or {}
    label, colour, icon, _ = OUTCOME_CHIPS[row.outcome]
    born = person.get("birth_date") or ""
    full_name = " ".join(person[part] for part in ("last_name", "first_name", "patronymic") if person.get(part))
    return {
        "row": row.row,
        "chip": chip(label, colour, icon),
        "name": full_name or row.detail.get("name", ""),
        "born": f"{date.fromisoformat(born):%d.%m.%Y}" if born else "",
        "of_row": row.detail.get("of_row"),
        "changes": () if is_hidden else row.detail.get("changes", ()),
        "messages": row.detail.get("messages", ()),
        "url": url_for("graduate.details_view", id=row.graduate_id) if row.graduate_id in seen else None,
    }


def _pager(batch_id: int, outcome: str, page: int, total: int) -> dict[str, Any]:
    def url(number: int) -> str:
        return url_for(".show", batch_id=batch_id, outcome=outcome or None, page=number if number > 1 else None)

    first, last = (page - 1) * PAGE + 1, min(page * PAGE, total)
    return {
        "text": f"Строки {first}–{last} из {total}" if total else "",
        "prev_url": url(page - 1) if page > 1 else None,
        "next_url": url(page + 1) if last < total else None,
    }


# -- What is done with it --------------------------------------------------------------------------------------------


@pages.post("/<int:batch_id>/apply")
def apply(batch_id: int) -> Response:
    batch = _batch(batch_id)
    _require_import(batch)
    try:
        plan = apply_draft(db.session(), batch=batch, viewer=edge.viewer(), now=edge.now(), max_bytes=_max_bytes())
        db.session.commit()
    except (ImportRefused, UnusableWorkbook) as reason:
        return _refused(batch_id, reason)
    done = plan.summary["create"] + plan.summary["update"]
    flash(f"Загружено: {counted(done, 'карточка', 'карточки', 'карточек')}.", "success")
    return redirect(url_for(".show", batch_id=batch_id))


@pages.post("/<int:batch_id>/undo")
def undo(batch_id: int) -> Response:
    batch = _batch(batch_id)
    _require_import(batch)
    try:
        refuse_foreign(db.session(), batch=batch, viewer=edge.viewer())
        count = undo_import(db.session(), batch=batch, now=edge.now())
        db.session.commit()
    except ImportRefused as reason:
        return _refused(batch_id, reason)
    flash(f"Загрузка отменена: {counted(count, 'карточка', 'карточки', 'карточек')}.", "success")
    return redirect(url_for(".show", batch_id=batch_id))


@pages.post("/<int:batch_id>/discard")
def discard(batch_id: int) -> Response:
    try:
        discard_draft(db.session(), batch=_batch(batch_id))
        db.session.commit()
    except ImportRefused as reason:
        return _refused(batch_id, reason)
    flash("Файл убран, ничего не загружено.", "success")
    return redirect(url_for(".index"))


@pages.get("/<int:batch_id>/file")
def original(batch_id: int) -> Response:
    """The file as it came."""
    batch = _batch(batch_id)
    edge.log_access(AccessKind.DOWNLOADED, "import_batch", batch.id, {"file": batch.file_name})
    return send_file(
        io.BytesIO(batch.file), mimetype="application/octet-stream", as_attachment=True, download_name=batch.file_name
    )


def _require_import(batch: ImportBatch) -> None:
    if batch.agency_id not in {agency.id for agency in agencies_for(db.session(), viewer=edge.viewer())}:
        abort(403)


def _refused(batch_id: int, reason: Exception) -> Response:
    db.session.rollback()
    flash(str(reason), "error")
    return redirect(url_for(".show", batch_id=batch_id))


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
