"""Under which address the jobs stand, and whose job a page may show."""

from __future__ import annotations

from flask import Blueprint, abort

from models.audit import AccessKind
from models.jobs import Job
from views import edge
from views.extensions import db

jobs = Blueprint("jobs", __name__, url_prefix="/jobs")
NUMBER = "<int(max=9223372036854775807):job_id>"


def seen_job(job_id: int) -> Job:
    """The user's own job; administrators see the states of all. Others are told that there is none."""
    job = db.session.get(Job, job_id)
    if job is None or not (is_own(job) or edge.viewer().is_administrator):
        edge.log_access(AccessKind.REFUSED, subject="job", subject_id=job_id)
        abort(404)
    return job


def own_job(job_id: int) -> Job:
    """What is in a file is its owner's affair, also before an administrator."""
    job = seen_job(job_id)
    if not is_own(job):
        edge.log_access(AccessKind.REFUSED, subject="job", subject_id=job_id)
        abort(403)
    return job


def is_own(job: Job) -> bool:
    return job.owner_id == edge.user().id
