"""The file of a job: handed out to its owner alone, as long as the rights under which it was made hold."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pyzipper
import wtforms
from flask import current_app, render_template, request, send_file, url_for
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired, Length

from models.audit import AccessKind
from models.jobs import Job, JobState
from services.errors import Refused
from services.jobs import folders
from services.jobs.people import all_visible
from services.jobs.rights import digest_of
from services.jobs.states import GONE
from views import edge, errors
from views.extensions import db
from views.fields import REQUIRED
from views.jobs.blueprint import NUMBER, jobs, own_job
from views.jobs.pages import told
from views.jobs.plans import viewer_of
from views.jobs.replay import NO_RIGHT, as_owner
from views.sending import forget_when_sent

LEAST_SIGNS = 8
OTHER_RIGHTS = (
    "С тех пор как файл собран, ваши права изменились. Закажите его ещё раз: в нём будет то, что видно сейчас."
)
OTHER_PEOPLE = (
    "В файле есть люди, карточки которых вам больше не видны. Закажите его ещё раз: в нём будет то, что видно сейчас."
)
NOT_HERE = "Файла нет на этом сервере. Сообщите администратору или закажите файл ещё раз."
STORED = frozenset({".xlsx", ".zip", ".docx"})  # Packed already.


class NotHandedOut(Exception):
    """Why a file is not handed out: the answer's code and one Russian sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class PasswordForm(wtforms.Form):
    password = wtforms.PasswordField(
        "Пароль",
        validators=[
            DataRequired(REQUIRED),
            Length(min=LEAST_SIGNS, max=200, message=f"Пароль не короче {LEAST_SIGNS} и не длиннее 200 знаков."),
        ],
    )


@jobs.get(f"/{NUMBER}/file")
def download(job_id: int) -> Response:
    job = own_job(job_id)
    try:
        path = _handed_out(job)
    except NotHandedOut as refusal:
        return errors.page(refusal.code, "Файл не выдан", str(refusal))
    _log(job, is_protected=False)
    return send_file(path, as_attachment=True, download_name=job.file_name, max_age=0)


@jobs.post(f"/{NUMBER}/protected")
def protected(job_id: int) -> Response | tuple[str, int]:
    """The same in a ZIP that only the password opens; the password is kept nowhere."""
    job = own_job(job_id)
    form = PasswordForm(request.form)
    if not form.validate():
        return _page(job, form)
    try:
        path = _handed_out(job)
        packed = _packed(path, job.file_name, form.password.data or "")
    except NotHandedOut as refusal:
        return errors.page(refusal.code, "Файл не выдан", str(refusal))
    _log(job, is_protected=True)
    name = f"{Path(job.file_name).stem}, под паролем.zip"
    response = send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
    return forget_when_sent(response, lambda: packed.unlink(missing_ok=True))


def _page(job: Job, form: PasswordForm) -> tuple[str, int]:
    shown = told(job)
    trail = [("Мои файлы", url_for("jobs.index")), (shown["title"], None)]
    page = render_template(
        "jobs/job.html", page_title=shown["title"], breadcrumbs=trail, job=shown, faults=list(form.password.errors)
    )
    return page, 422


def _handed_out(job: Job) -> Path:
    """Where the file lies. Raises NotHandedOut."""
    if job.state is not JobState.DONE:
        raise NotHandedOut(409, "Файл ещё не готов.")
    if not job.file_path or (job.keep_until is not None and job.keep_until < edge.today()):
        raise NotHandedOut(410, GONE)
    if digest_of(db.session(), user=edge.user(), on=edge.today()) != job.rights:
        _refuse(job)
        raise NotHandedOut(403, OTHER_RIGHTS)
    path = folders.within(Path(current_app.config["DATA_DIR"]), job.file_path)
    if path is None or path.stat().st_size != job.file_size:
        raise NotHandedOut(410, NOT_HERE)
    _refuse_strangers(job, path)
    return path


def _refuse_strangers(job: Job, path: Path) -> None:
    """Nobody is in the file whom its owner may not see today."""
    if edge.viewer().reads_everybody or not (people := folders.people_of(path)):
        return
    asked = job.parameters
    try:
        with as_owner(job.owner_id, str(asked.get("path", "/")), str(asked.get("query", ""))):
            is_fine = all_visible(db.session(), viewer=viewer_of(job.kind), ids=people)
    except Refused:
        _refuse(job)
        raise NotHandedOut(403, NO_RIGHT) from None
    if not is_fine:
        _refuse(job)
        raise NotHandedOut(403, OTHER_PEOPLE)


def _refuse(job: Job) -> None:
    edge.log_access(AccessKind.REFUSED, subject="job", subject_id=job.id)


def _log(job: Job, *, is_protected: bool) -> None:
    payload = {"file": job.file_name, "kind": job.kind, "rows": job.rows, "sha256": job.sha256}
    edge.log_access(AccessKind.DOWNLOADED, "job", job.id, payload | ({"protected": True} if is_protected else {}))


def _packed(path: Path, name: str, password: str) -> Path:
    """A ZIP encrypted by AES-256, whole before its first byte is sent. Raises NotHandedOut."""
    handle, temporary = tempfile.mkstemp(prefix="protected-", suffix=".zip", dir=path.parent)
    packing = pyzipper.ZIP_STORED if path.suffix in STORED else pyzipper.ZIP_DEFLATED
    try:
        with (
            open(handle, "wb") as file,
            pyzipper.AESZipFile(file, "w", compression=packing, encryption=pyzipper.WZ_AES) as target,
        ):
            target.setpassword(password.encode())
            target.write(path, name)
    except BaseException as fault:
        with suppress(OSError):
            Path(temporary).unlink()
        if isinstance(fault, OSError):
            raise NotHandedOut(507, folders.sentence(fault)) from None
        raise
    return Path(temporary)
