"""A worker in a process of its own, made slow enough to be killed in the middle of a package.

`python -m tests.jobs_worker URL FOLDER PAUSE LOOK ARGUMENTS…`: PAUSE seconds before each paper, LOOK seconds between
two looks at the rows (a long one leaves waking to the queue); ARGUMENTS are those of `jobs`.
"""

import sys
import time
from pathlib import Path
from typing import Any

from flask.cli import ScriptInfo

from app import create_app
from services.jobs import packages
from tests.databases import test_settings as settings_of
from views import cli_jobs


def main(url: str, folder: str, pause: str, look: str, *arguments: str) -> None:
    app = create_app(settings_of(url, Path(folder)))
    render = packages.render

    def slow(*args: Any) -> bytes:
        time.sleep(float(pause))
        return render(*args)

    packages.render = slow
    cli_jobs.EVERY = float(look)
    app.cli.main(args=["jobs", *arguments], obj=ScriptInfo(create_app=lambda *_: app), prog_name="flask")


if __name__ == "__main__":
    main(*sys.argv[1:])
