"""A job from the button to the file: what a worker makes, and what becomes of it when something goes wrong."""

import errno
import threading
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, scoped_session
from xlsxwriter.exceptions import FileCreateError

from models.audit import AccessEvent, AccessKind
from models.graduates import Graduate
from models.jobs import Job, JobState
from models.notifications import NoticeKind, Notification
from models.users import Role, User
from reports import workbook
from services.jobs import folders, states
from tests import papers_factories
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate
from tests.jobs_factories import WORKER, asked, done, file_of, kept
from tests.signing import sign_in
from views.extensions import db
from views.jobs import plans, worker
from views.jobs.progress import Progress, Stopping
from views.jobs.rows import writing
from views.jobs.worker import look_round, run_job, tidy

Sessions = scoped_session[Session]


def cells(path: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    book.close()
    return rows


def again(session: Sessions, job: Job) -> Job:
    session.expire_all()
    return session.get_one(Job, job.id)


def test_a_list_is_made_as_its_owner_sees_it(app: Flask, session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.anna)
    assert (job.state, job.rows, job.done) == (JobState.DONE, 1, 1)
    assert job.file_name == "Выпускники 2026-10-01.xlsx"
    assert job.keep_until == TODAY + timedelta(days=7)
    names = [row[0] for row in cells(file_of(app, job))]
    assert cast.own.full_name in names
    assert cast.foreign.full_name not in names
    assert folders.sha256_of(file_of(app, job)) == job.sha256
    assert folders.people_of(file_of(app, job)) == [cast.own.id]


def test_filter_columns_and_order_are_those_of_the_address(app: Flask, session: Sessions, cast: Cast) -> None:
    make_graduate(session(), "Абрамова Анна Ильинична", agency_id=cast.service.id)
    make_graduate(session(), "Яковлев Илья Ильич", agency_id=cast.service.id)
    session.commit()
    job = done(session(), cast.anna, query="q=Ильи&sort=-name", type="csv")
    lines = file_of(app, job).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["Яковлев Илья Ильич", "Абрамова Анна Ильинична"]


def test_whoever_reads_everybody_needs_no_list_of_people(app: Flask, session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.root)
    assert job.rows == 3
    assert not folders.people_path(file_of(app, job)).exists()


def test_the_owner_is_told_once(session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.anna)
    notice = session.scalars(select(Notification).where(Notification.job_id == job.id)).one()
    assert (notice.user_id, notice.kind, notice.text) == (cast.anna.id, NoticeKind.FILE, "Файл готов: Выпускники")


@pytest.mark.parametrize(
    ("who", "kind", "parameters", "name"),
    [
        ("galina", "report", {"path": "/reports/registry", "type": "xlsx"}, "Реестр выпускников, 2026-10-01.xlsx"),
        ("boris", "report", {"path": "/reports/vologda-appendix-1", "type": "docx"}, "2026-10-01.docx"),
        ("galina", "journal", {"path": "/journals/contracts/", "type": "xlsx"}, "2026.xlsx"),
        ("galina", "depersonalised", {"type": "csv"}, "Обезличенные сведения 2026-10-01.csv"),
    ],
)
def test_other_kinds_are_made_too(
    app: Flask, session: Sessions, cast: Cast, who: str, kind: str, parameters: dict[str, str], name: str
) -> None:
    papers_factories.contract(session(), cast, True)
    session.commit()
    job = done(session(), getattr(cast, who), kind, **parameters)
    assert job.state is JobState.DONE, job.message
    assert job.file_name.endswith(name)
    assert file_of(app, job).stat().st_size == job.file_size


def test_papers_of_a_list_come_in_one_zip(app: Flask, session: Sessions, cast: Cast) -> None:
    contract = papers_factories.contract(session(), cast, True)
    session.commit()
    job = done(session(), cast.anna, "papers", path="/contract/", paper="contract")
    assert job.state is JobState.DONE, job.message
    with zipfile.ZipFile(file_of(app, job)) as package:
        assert package.testzip() is None
        (name,) = package.namelist()
        assert name.startswith(f"Договор № {contract.number_text.replace('/', '-')} ")
    assert folders.people_of(file_of(app, job)) == [contract.graduate_id]
    assert not (file_of(app, job).parent / folders.KEPT_PARTS).exists()


def test_papers_of_others_are_not_packed(session: Sessions, cast: Cast) -> None:
    papers_factories.contract(session(), cast, True)
    session.commit()
    job = done(session(), cast.vera, "papers", path="/contract/", paper="contract")
    assert (job.state, job.message) == (
        JobState.FAILED,
        "По этому отбору нет записей, документы которых вы вправе печатать.",
    )


def test_a_worker_that_takes_over_prints_no_paper_twice(
    app: Flask, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.jobs import packages

    for _ in range(3):
        papers_factories.contract(session(), cast, False)
    session.commit()
    job = asked(session(), cast.anna, "papers", path="/contract/", paper="contract")
    printed: list[bytes] = []
    render = packages.render

    def dying(template: bytes, facts: Any) -> bytes:
        if len(printed) == 2:
            raise KeyboardInterrupt
        printed.append(b"")
        return render(template, facts)

    monkeypatch.setattr(packages, "render", dying)
    with pytest.raises(KeyboardInterrupt):
        run_job(job.id)
    assert again(session, job).state is JobState.QUEUED
    monkeypatch.setattr(packages, "render", lambda template, facts: printed.append(b"") or render(template, facts))
    assert run_job(job.id)
    assert len(printed) == 3
    with zipfile.ZipFile(file_of(app, again(session, job))) as package:
        assert len(package.namelist()) == 3


# -- What goes wrong -------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_leaves_nothing(
    app: Flask, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workbook.Sheet, "write_line", full)
    job = done(session(), cast.anna)
    assert (job.state, job.message, job.file_path) == (JobState.FAILED, folders.NO_ROOM, "")
    assert not folders.folder_of(Path(app.config["DATA_DIR"]), job.id).exists()


def test_a_disk_that_fills_up_at_the_end_is_told_too(
    session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library wraps what it meets while it closes the file."""

    def full(*_: Any, **__: Any) -> None:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise FileCreateError(error)  # noqa: B904

    monkeypatch.setattr(plans, "write_workbook", full)
    job = done(session(), cast.anna)
    assert (job.state, job.message) == (JobState.FAILED, folders.NO_ROOM)


def test_a_fault_of_the_program_is_one_sentence(session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("Ёлкина Дарья")

    monkeypatch.setattr(plans, "write_workbook", broken)
    job = done(session(), cast.anna)
    assert (job.state, job.message) == (JobState.FAILED, worker.OURS)
    notice = session.scalars(select(Notification).where(Notification.job_id == job.id)).one()
    assert notice.text == "Файл не собран: Выпускники"


def test_whoever_was_locked_meanwhile_gets_no_file(session: Sessions, cast: Cast) -> None:
    job = asked(session(), cast.anna)
    cast.anna.is_locked = True
    session.commit()
    assert run_job(job.id)
    assert again(session, job).message == "Учётная запись закрыта, поэтому файл не собран."


@pytest.mark.parametrize("change", ["role", "agency"])
def test_other_rights_than_at_asking_make_no_file(session: Sessions, cast: Cast, change: str) -> None:
    job = asked(session(), cast.anna)
    if change == "role":
        cast.anna.role = Role.HEAD
    else:
        cast.anna.agency_id = cast.opeka.id
    session.commit()
    assert run_job(job.id)
    assert (again(session, job).state, job.message) == (JobState.FAILED, worker.CHANGED)


def test_rights_that_change_while_the_file_is_made_close_it(
    app: Flask, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = workbook.write_workbook

    def slow(path: Path, **rest: Any) -> int:
        with writing() as short:
            short.execute(update(User).where(User.id == anna).values(agency_id=opeka))
        return write(path, **rest)

    anna, opeka = cast.anna.id, cast.opeka.id
    monkeypatch.setattr(plans, "write_workbook", slow)
    job = done(session(), cast.anna)
    assert (job.state, job.message, job.file_path) == (JobState.FAILED, worker.CHANGED, "")
    assert not folders.folder_of(Path(app.config["DATA_DIR"]), job.id).exists()


@pytest.mark.parametrize("path", ["/nothing/", "/graduate/details/", "/reports/registry", "//evil", "", "/user/"])
def test_an_address_that_is_no_list_of_the_owners_makes_no_file(session: Sessions, cast: Cast, path: str) -> None:
    job = done(session(), cast.anna, path=path)
    assert (job.state, job.file_path) == (JobState.FAILED, "")
    assert job.message


def test_a_cancelled_job_leaves_nothing(
    app: Flask, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = workbook.write_workbook

    def cancelled(path: Path, **rest: Any) -> int:
        written = write(path, **rest)
        states.cancel(session(), job_id=job.id, now=NOW)
        session.commit()
        return written

    monkeypatch.setattr(plans, "write_workbook", cancelled)
    job = asked(session(), cast.anna)
    assert run_job(job.id)
    assert (again(session, job).state, job.file_path, job.token) == (JobState.CANCELLED, "", None)
    assert not folders.folder_of(Path(app.config["DATA_DIR"]), job.id).exists()


def test_what_waits_is_cancelled_at_once_and_never_done(session: Sessions, cast: Cast) -> None:
    job = asked(session(), cast.anna)
    assert states.cancel(session(), job_id=job.id, now=NOW)
    session.commit()
    assert not run_job(job.id)
    assert again(session, job).state is JobState.CANCELLED
    assert not states.cancel(session(), job_id=job.id, now=NOW)


def test_progress_is_written_and_cancelling_is_seen(session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    told: list[tuple[int, int | None]] = []

    def beat(done: int, total: int | None) -> None:
        told.append((done, total))
        states.beat(session(), job_id=job.id, token=WORKER, done=done, total=total, now=NOW)

    progress = Progress(beat, threading.Event())
    progress._seen = -10.0
    assert sum(1 for _ in progress.watch(range(300), 300)) == 300
    assert told == [(256, 300)]
    assert (again(session, job).done, job.total) == (256, 300)
    states.cancel(session(), job_id=job.id, now=NOW)
    with pytest.raises(states.Cancelled):
        progress.look(now=True)
    progress.stop.set()
    with pytest.raises(Stopping):
        progress.look()


def test_a_worker_that_ends_gives_its_job_back(session: Sessions, cast: Cast) -> None:
    stop = threading.Event()
    stop.set()
    job = asked(session(), cast.anna)
    assert run_job(job.id, stop=stop)
    assert (again(session, job).state, job.attempts) == (JobState.QUEUED, 0)
    assert look_round() == 1
    assert again(session, job).state is JobState.DONE


def test_a_worker_that_lost_its_job_writes_nothing(
    app: Flask, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = workbook.write_workbook

    def overtaken(path: Path, **rest: Any) -> int:
        taken = session.get_one(Job, job.id, populate_existing=True)
        taken.token = WORKER
        session.commit()
        return write(path, **rest)

    monkeypatch.setattr(plans, "write_workbook", overtaken)
    job = asked(session(), cast.anna)
    assert run_job(job.id)
    assert (again(session, job).state, job.token, job.file_path) == (JobState.RUNNING, WORKER, "")


def test_files_go_after_seven_days(app: Flask, session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.anna)
    path = file_of(app, job)
    assert tidy() == 0
    assert path.exists()
    job.keep_until = TODAY - timedelta(days=1)
    session.commit()
    assert tidy() == 1
    assert not path.parent.exists()
    assert (again(session, job).file_path, job.message, job.rows) == ("", states.GONE, 1)


def test_folders_of_nobody_are_swept(app: Flask, session: Sessions, cast: Cast) -> None:
    stray = folders.folder_of(Path(app.config["DATA_DIR"]), 999_999)
    stray.mkdir(parents=True)
    (stray / "x").write_text("x", encoding="ascii")
    running = kept(session(), cast.anna, JobState.RUNNING)
    own = folders.begin(Path(app.config["DATA_DIR"]), running.id)
    tidy()
    assert not stray.exists()
    assert own.exists()


# -- Depersonalised --------------------------------------------------------------------------------------------------


def living_in(session: Session, district_id: int, name: str, **fields: Any) -> int:
    """Derived columns are written past the card, which would derive them anew."""
    number = make_graduate(session, name, **fields).id
    session.execute(update(Graduate).where(Graduate.id == number).values(district_id=district_id))
    session.commit()
    return number


def test_without_names_nobody_can_be_told(app: Flask, session: Sessions, cast: Cast) -> None:
    for number in range(3):
        living_in(session(), cast.sokol.id, f"Ильин Пётр{number} Ильич", agency_id=cast.service.id)
    living_in(session(), cast.totma.id, "Редкая Анна Ильинична", agency_id=cast.service.id)
    job = done(session(), cast.galina, "depersonalised", type="csv")
    text = file_of(app, job).read_text(encoding="utf-8-sig")
    lines = [line.split(";") for line in text.splitlines()]
    assert job.rows == len(lines) - 1 == 3
    assert job.message == "Опущено 2 человека: в их группах (возраст, пол, район, категория) меньше трёх человек."
    assert {line[3] for line in lines[1:]} == {"Сокольский"}
    assert len({line[0] for line in lines[1:]}) == 3
    assert not any(part in text for part in ("Ильин", "Редкая", "2005", "14.08"))
    assert not folders.people_path(file_of(app, job)).exists()


def test_rare_values_of_a_district_are_hidden(app: Flask, session: Sessions, cast: Cast) -> None:
    for number in range(4):
        problems = 4 if number == 0 else 0
        made = living_in(session(), cast.sokol.id, f"Ильин Пётр{number} Ильич", agency_id=cast.service.id)
        session.execute(update(Graduate).where(Graduate.id == made).values(open_problems=problems))
    session.commit()
    job = done(session(), cast.galina, "depersonalised", query=f"f.district={cast.sokol.id}", type="csv")
    lines = [line.split(";") for line in file_of(app, job).read_text(encoding="utf-8-sig").splitlines()]
    assert sorted(line[-1] for line in lines[1:]) == ["", "0", "0", "0"]


# -- Asking ----------------------------------------------------------------------------------------------------------


def test_the_button_asks_once_and_is_logged(app: Flask, client: FlaskClient, session: Sessions, cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = {"kind": "register", "path": "/graduate/", "query": "q=Ёлкина", "type": "xlsx"}
    first = client.post("/jobs/", data=form)
    second = client.post("/jobs/", data=form)
    assert first.status_code == 303
    assert first.location == second.location
    (job,) = session.scalars(select(Job)).all()
    assert (job.owner_id, job.state, job.title) == (cast.anna.id, JobState.QUEUED, "Выпускники")
    page = client.get(first.location)
    assert "Файл собирается" in page.text
    events = [event for event in _log() if event.kind == AccessKind.EXPORTED]
    assert events[0].payload["query"] == "q=Ёлкина"
    assert look_round() == 1
    session.expire_all()
    assert "Скачать" in client.get(first.location).text


def _log() -> list[AccessEvent]:
    with Session(db.engines["access"]) as session:
        return list(session.scalars(select(AccessEvent).order_by(AccessEvent.seq)))


@pytest.mark.parametrize(
    ("who", "form"),
    [
        ("anna", {}),
        ("anna", {"kind": "secret", "path": "/graduate/"}),
        ("anna", {"kind": "register", "path": "/graduate/", "type": "exe"}),
        ("anna", {"kind": "register", "path": "/user/", "type": "xlsx"}),
        ("anna", {"kind": "report", "path": "/reports/vologda-appendix-1", "type": "xlsx"}),
        ("root", {"kind": "papers", "path": "/graduate/", "paper": "contract"}),
        ("anna", {"kind": "depersonalised", "path": "/agency/", "type": "xlsx"}),
    ],
)
def test_what_may_not_be_asked_for_gets_a_sentence_and_no_job(
    client: FlaskClient, session: Sessions, cast: Cast, who: str, form: dict[str, str]
) -> None:
    sign_in(client, getattr(cast, who))
    answer = client.post("/jobs/", data=form)
    assert answer.status_code == 422
    assert session.scalars(select(Job)).all() == []


def test_nobody_fills_the_queue(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    sign_in(client, cast.anna)
    codes = [
        client.post("/jobs/", data={"kind": "register", "path": "/graduate/", "type": "xlsx", "query": f"size={n}"})
        for n in range(11)
    ]
    assert [answer.status_code for answer in codes] == [303] * 10 + [422]
    assert "Дождитесь их" in codes[-1].text


def test_a_long_list_is_offered_as_a_job_and_a_short_one_directly(
    client: FlaskClient, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from views import exporting

    sign_in(client, cast.root)
    assert "/graduate/export/xlsx/" in client.get("/graduate/").text
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 1)
    page = client.get("/graduate/?sort=-born").text
    assert "/graduate/export/xlsx/" not in page
    assert 'name="query" value="sort=-born"' in page
    answer = client.get("/graduate/export/xlsx/?sort=-born", follow_redirects=True)
    assert "Собрать файл" in answer.text
    assert "3 записи" in answer.text
    assert session.scalars(select(Job)).all() == []  # Looking has changed nothing.
