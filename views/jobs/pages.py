"""«Мои файлы», asking for a file, its progress; cancelling is a button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from models.jobs import Job, JobState
from services.errors import Refused
from services.jobs import states
from views import edge
from views.extensions import db
from views.formats import chip, counted, grouped
from views.jobs.blueprint import NUMBER, is_own, jobs, seen_job
from views.jobs.plans import Plan, plan_of
from views.jobs.replay import as_owner
from views.queue import wake

PAGE = 50
LONG_WAIT = timedelta(minutes=2)  # Then the page says that perhaps nobody is there to work.
FIELDS = {"kind": 40, "path": 200, "query": 4000, "type": 10, "paper": 40}
KINDS = {
    "report": "отчёт",
    "register": "список",
    "journal": "журнал",
    "papers": "пакет документов",
    "depersonalised": "обезличенные сведения",
}
LOOKS = {
    JobState.QUEUED: ("grey", "clock"),
    JobState.RUNNING: ("blue", "refresh"),
    JobState.DONE: ("green", "circle-check"),
    JobState.FAILED: ("red", "alert-circle"),
    JobState.CANCELLED: ("grey", "ban"),
}
STARTED = "Файл собирается. Страницу можно закрыть: готовый файл будет в «Моих файлах», и мы пришлём уведомление."


# -- The list --------------------------------------------------------------------------------------------------------


@jobs.get("/")
def index() -> str:
    user, before = edge.user(), _number(request.args.get("before", ""))
    query = select(Job).where(Job.owner_id == user.id).order_by(Job.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Job.id < before)
    found = db.session.scalars(query).all()
    shown = found[:PAGE]
    return render_template(
        "jobs/index.html",
        page_title="Мои файлы",
        breadcrumbs=[("Мои файлы", None)],
        jobs=[told(job, is_listed=True) for job in shown],
        older_url=url_for("jobs.index", before=shown[-1].id) if len(found) > PAGE else None,
        others=_others() if edge.viewer().is_administrator else [],
    )


def _others() -> Sequence[dict[str, Any]]:
    """What the administrator sees of others' jobs: whose, of which kind, in which state; not what is in them."""
    query = select(Job).where(Job.owner_id != edge.user().id).order_by(Job.id.desc()).limit(PAGE)
    found = db.session.scalars(query.options(joinedload(Job.owner), joinedload(Job.agency)))
    return [told(job, is_listed=True) for job in found]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


# -- Asking for a file -----------------------------------------------------------------------------------------------


@jobs.get("/new")
def new() -> str | tuple[str, int]:
    """A file too long to be made while somebody waits: what it will hold, and the button."""
    fields = _fields(request.args)
    try:
        plan = _planned(fields)
    except Refused as refusal:
        return _refused(str(refusal))
    total = counted(plan.total, "запись", "записи", "записей") if plan.total is not None else ""
    return render_template(
        "jobs/new.html", page_title=plan.title, breadcrumbs=_trail(plan.title), fields=fields.items(), total=total
    )


@jobs.post("/")
def create() -> Response | tuple[str, int]:
    fields = _fields(request.form)
    db.session.rollback()  # Counting a long list keeps no writer of SQLite waiting.
    try:
        plan = _planned(fields)
        parameters = {name: value for name, value in fields.items() if value and name != "kind"}
        job = states.request(
            db.session(),
            kind=fields["kind"],
            title=plan.title,
            parameters=parameters,
            owner=edge.user(),
            now=edge.now(),
            on=edge.today(),
        )
    except Refused as refusal:
        db.session.rollback()
        return _refused(str(refusal))
    db.session.commit()
    payload = {"job": job.id, "rows": plan.total, **parameters}
    edge.log_access(plan.access, subject=f"job:{job.kind}", payload=payload)
    wake(job.id)
    flash(STARTED, "success")
    return redirect(url_for("jobs.show", job_id=job.id), 303)


def _fields(given: Any) -> dict[str, str]:
    return {name: given.get(name, "").replace("\x00", "")[:most] for name, most in FIELDS.items()}


def _planned(fields: dict[str, str]) -> Plan:
    path = fields["path"] or "/"
    if fields["kind"] not in KINDS or edge.safe_next(path) is None or "?" in path or "#" in path:
        raise Refused("Не понятно, какой файл собрать. Вернитесь к списку и нажмите кнопку ещё раз.")
    with as_owner(edge.user().id, path, fields["query"]):
        return plan_of(fields["kind"], fields)


def _refused(sentence: str) -> tuple[str, int]:
    page = render_template(
        "jobs/refused.html", page_title="Файл не собирается", breadcrumbs=_trail("Файл не собирается"), text=sentence
    )
    return page, 422


def _trail(title: str) -> list[tuple[str, str | None]]:
    return [("Мои файлы", url_for("jobs.index")), (title, None)]


# -- One of them -----------------------------------------------------------------------------------------------------


@jobs.get(f"/{NUMBER}")
def show(job_id: int) -> str:
    job = seen_job(job_id)
    title = told(job)["title"]
    return render_template("jobs/job.html", page_title=title, breadcrumbs=_trail(title), job=told(job))


@jobs.get(f"/{NUMBER}/state")
def state(job_id: int) -> str:
    """The part of the page that changes, for the page itself to ask for."""
    return render_template("jobs/state.html", job=told(seen_job(job_id)), is_fragment=True)


@jobs.post(f"/{NUMBER}/cancel")
def cancel(job_id: int) -> Response:
    job = seen_job(job_id)  # An administrator may stop what burdens everybody.
    is_done = states.cancel(db.session(), job_id=job.id, now=edge.now())
    db.session.commit()
    if is_done:
        flash("Сборка файла отменена." if job.is_over else "Сборка файла останавливается.", "success")
    else:
        flash("Отменять нечего: работа уже закончена.", "warning")
    return redirect(url_for("jobs.show", job_id=job.id), 303)


# -- What the templates show -----------------------------------------------------------------------------------------


def told(job: Job, *, is_listed: bool = False) -> dict[str, Any]:
    """A job in words; what an administrator sees of another's is its kind and state. A list asks for no turns."""
    own = is_own(job)
    kind = KINDS.get(job.kind, job.kind)
    colour, icon_name = LOOKS[job.state]
    return {
        "id": job.id,
        "url": url_for("jobs.show", job_id=job.id),
        "is_own": own,
        "title": job.title if own else f"Файл № {job.id}: {kind}",
        "kind": kind,
        "kind_code": job.kind,
        "state": job.state.value,
        "chip": chip(job.state.label, colour, icon_name),
        "is_over": job.is_over,
        "is_stopping": job.is_cancel_asked and not job.is_over,
        "done": grouped(job.done),
        "total": grouped(job.total) if job.total else "",
        "percent": _percent(job),
        "message": job.message if own else "",
        "waits": "" if is_listed else _waits(job),
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "has_file": bool(job.file_path),
        "file_name": job.file_name if own else "",
        "size": _size(job.file_size) if job.file_path else "",
        "rows": grouped(job.rows) if job.rows is not None else "",
        "keep_until": job.keep_until if job.file_path else None,
        "owner": job.owner.name if not own else "",
        "agency": job.agency.short_name if not own else "",
    }


def _percent(job: Job) -> int | None:
    """None: not known yet. A hundred is for what is over."""
    if job.state is JobState.DONE:
        return 100
    return min(job.done * 100 // job.total, 99) if job.total else None


def _waits(job: Job) -> str:
    """What a job in the queue waits for."""
    if job.state is not JobState.QUEUED:
        return ""
    ahead = states.ahead(db.session(), job=job)
    if ahead:
        return f"Перед ним в очереди: {counted(ahead, 'файл', 'файла', 'файлов')}."
    if edge.now() - job.created_at > LONG_WAIT:
        return "Сборка долго не начинается. Если так и останется, сообщите администратору: он проверит службу сборки."
    return "Сборка вот-вот начнётся."


def _size(size: int | None) -> str:
    """«1,4 МБ»."""
    number, units = float(size or 0), ["Б", "КБ", "МБ", "ГБ"]
    while number >= 1024 and len(units) > 1:
        number, units = number / 1024, units[1:]
    return f"{number:.0f} {units[0]}" if units[0] in ("Б", "КБ") else f"{number:.1f} {units[0]}".replace(".", ",")
