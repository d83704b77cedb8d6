"""Long files, each job in a process of its own, so that its memory can be seen.

`python -m tests.bench.files JOB URL FOLDER ROWS` does one job and prints {"seconds", "before", "peak"} (memory in MiB).
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Flask
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.context import Actor, act_as
from models.graduates import Graduate
from models.territory import Agency
from models.users import User
from reports.catalogue import REPORTS
from reports.workbook import write_workbook
from services.importing.rows import read_form
from services.imports.batches import keep_draft
from services.reporting import agency_viewer
from tests.bench import databases, floor, panel
from tests.signing import sign_in
from views import edge
from views.database import reading_only
from views.extensions import db
from views.graduates import GraduateView
from views.listing import Column

EXPORT_ROWS, IMPORT_ROWS = 100_000, 5_000
SMALL = {"export-ours": 5_000, "export-bare": 5_000, "import": 50}  # Rows of the run that only warms up.
FORM = "vologda-appendix-1"
STUDIES = (
    "14.08.2014 г-28.09.2023", "основное общее; обучается БПОУ ВО «Приозёрский колледж», 2 курс", "Повар, кондитер",
    "не работает, учится", "не состоит в браке", "состоит на учете в качестве нуждающихся в жилых помещениях",
)  # fmt: skip
TROUBLES = ("Трудности с учебой", "Направлена в центр занятости")


@dataclass(frozen=True)
class Result:
    seconds: float
    before: float
    peak: float

    @property
    def growth(self) -> float:
        return self.peak - self.before


def run(job: str, database: databases.Database, rows: int) -> Result:
    """A job in a new process."""
    command = [sys.executable, "-m", "tests.bench.files", job, database.url, str(database.folder), str(rows)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Result(**json.loads(done.stdout.splitlines()[-1]))


# -- In the process of the job ---------------------------------------------------------------------------------------


def peak() -> float:
    """The most memory that this program has held; `ru_maxrss` would begin with that of whoever started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class TwelveColumns(GraduateView):
    """The register's own list with two columns more, cut off at a number of people."""

    most = 0

    def columns(self) -> Sequence[Column]:
        more = (
            Column("snils", "СНИЛС", Graduate.snils),
            Column("address", "Адрес", Graduate.current_address, width=40),
        )
        return (*super().columns(), *more)

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return super().scope(viewer) & (Graduate.id <= self.most)


def export_ours(app: Flask, url: str, folder: Path) -> Callable[[int], None]:
    """The whole request, from the address to the last byte of the file."""
    view = TwelveColumns(Graduate, endpoint="twelve", url="/twelve")
    app.extensions["admin"][0].add_view(view)
    with app.app_context():
        reading_only(True)
        user = db.session.scalars(select(User).where(User.login == panel.WHO["administrator"])).one()
        client = sign_in(app.test_client(), user)
        db.session.remove()

    def work(rows: int) -> None:
        view.most = rows
        response = client.get("/twelve/export/xlsx/")
        assert response.status_code == 200, response.status_code
        with (folder / "ours.xlsx").open("wb") as file:
            for part in response.response:
                file.write(part)
        response.close()

    return work


def export_bare(app: Flask, url: str, folder: Path) -> Callable[[int], None]:
    """A loop that anybody would write: the driver's cursor, constant memory, one call for each row."""
    driver = floor.Driver(url)

    def work(rows: int) -> None:
        query, _ = floor.columns()
        query = query.add_columns(Graduate.snils, Graduate.current_address)
        query = query.where(Graduate.deleted_at.is_(None), Graduate.id <= rows).order_by(Graduate.name_key, Graduate.id)
        book = xlsxwriter.Workbook(
            folder / "bare.xlsx", {"constant_memory": True, "default_date_format": "dd.mm.yyyy", "tmpdir": str(folder)}
        )
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*floor.HEADINGS, "СНИЛС", "Адрес"])
        for number, row in enumerate(driver.streamed(driver.bare(query).sql), start=1):
            sheet.write_row(number, 0, row[1:])
        book.close()

    return work


def import_dry_run(app: Flask, url: str, folder: Path) -> Callable[[int], None]:
    """Приложение 1 as an office fills it in; every fifth person is new, the others have cards.

    Measured is what the page does before it shows the preview: read, understand, compare, keep the draft.
    """
    path = folder / "form.xlsx"

    def work(rows: int) -> None:
        with app.app_context():
            session = db.session()
            act_as(session, Actor(edge.clock(), name="bench"))
            agency = session.scalars(select(Agency).where(Agency.code == "opeka-sokol")).one()
            viewer = agency_viewer(session, agency=agency, today=databases.DAY)
            data = path.read_bytes()
            parsed = read_form(data, file_name=path.name, form=FORM, on=databases.DAY)
            assert len(parsed.rows) == rows, len(parsed.rows)
            keep_draft(session, viewer=viewer, agency=agency, parsed=parsed, data=data, now=edge.clock())
            db.session.rollback()
            db.session.remove()

    def prepared(rows: int) -> None:
        with app.app_context():
            write_form(db.session(), path, rows)
            db.session.remove()

    work.prepare = prepared  # type: ignore[attr-defined]
    return work


def write_form(session: Session, path: Path, rows: int) -> None:
    """Names, dates of birth and addresses of people whom the office sees, and what an office writes beside them."""
    agency = session.scalars(select(Agency).where(Agency.code == "opeka-sokol")).one()
    viewer = agency_viewer(session, agency=agency, today=databases.DAY)
    query = select(
        Graduate.last_name, Graduate.first_name, Graduate.patronymic, Graduate.birth_date, Graduate.current_address
    )
    known = session.execute(query.where(visible_to(viewer)).order_by(Graduate.id).limit(rows))

    def cells() -> Iterator[tuple[Any, ...]]:
        for number, (last, first, patronymic, born, address) in enumerate(known, start=1):
            name = f"{'Новик-' if number % 5 == 0 else ''}{last} {first} {patronymic}"
            yield (number, name, f"{born:%d.%m.%Y}г", *STUDIES, address, *TROUBLES)

    report = REPORTS[FORM]
    write_workbook(path, title=report.title, columns=report.columns, rows=cells(), has_number_row=True)


JOBS: dict[str, Callable[[Flask, str, Path], Callable[[int], None]]] = {
    "export-ours": export_ours,
    "export-bare": export_bare,
    "import": import_dry_run,
}


def main(job: str, url: str, folder: str, rows: str) -> None:
    work = JOBS[job](databases.application(url, Path(folder)), url, Path(folder))
    prepare = getattr(work, "prepare", lambda _rows: None)
    prepare(SMALL[job])
    work(SMALL[job])
    before = peak()
    prepare(int(rows))
    start = time.perf_counter()
    work(int(rows))
    seconds = time.perf_counter() - start
    sys.stdout.write(json.dumps({"seconds": seconds, "before": before, "peak": peak()}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
