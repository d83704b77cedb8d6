"""Long work: «Мои файлы», the progress of a job, its file."""

from flask import Flask

from views import queue
from views.jobs import downloads, pages
from views.jobs.blueprint import jobs

__all__ = ["downloads", "pages"]


def init_app(app: Flask) -> None:
    queue.init_app(app)
    app.register_blueprint(jobs)
