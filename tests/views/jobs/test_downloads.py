"""Whose file is handed out, until when, under which rights; and the same under a password."""

import io
import zipfile
from datetime import timedelta

import pytest
import pyzipper
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind, AuditEvent
from models.jobs import Job, JobState
from models.users import Role
from services.jobs import folders, states
from tests import papers_factories
from tests.conftest import TODAY
from tests.factories import Cast
from tests.jobs_factories import asked, done, file_of, kept
from tests.signing import sign_in
from views.extensions import db
from views.jobs import downloads

Sessions = scoped_session[Session]
PASSWORD = "верный пароль"


def log(kind: AccessKind) -> list[AccessEvent]:
    with Session(db.engines["access"]) as session:
        return list(session.scalars(select(AccessEvent).where(AccessEvent.kind == kind).order_by(AccessEvent.seq)))


def code(client: FlaskClient, address: str) -> int:
    with client.get(address) as answer:
        return answer.status_code


def test_the_owner_gets_the_file_and_it_is_noted(
    app: Flask, client: FlaskClient, session: Sessions, cast: Cast
) -> None:
    job = done(session(), cast.anna)
    sign_in(client, cast.anna)
    answer = client.get(f"/jobs/{job.id}/file")
    assert answer.status_code == 200
    assert answer.data == file_of(app, job).read_bytes()
    answer.close()
    assert "attachment" in answer.headers["Content-Disposition"]
    (event,) = log(AccessKind.DOWNLOADED)
    assert (event.user_id, event.subject, event.subject_id) == (cast.anna.id, "job", job.id)
    assert (event.payload["file"], event.payload["rows"]) == (job.file_name, 1)


def test_others_are_told_that_there_is_no_such_file(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.anna)
    for who in (cast.galina, cast.vera, cast.kira):
        sign_in(client, who)
        for address in ("", "/file", "/state"):
            assert client.get(f"/jobs/{job.id}{address}").status_code == 404
        assert client.post(f"/jobs/{job.id}/protected", data={"password": PASSWORD}).status_code == 404
        assert client.post(f"/jobs/{job.id}/cancel").status_code == 404
        assert "Выпускники 2026" not in client.get("/jobs/").text


def test_the_administrator_sees_states_and_no_files(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.anna, query="q=Ёлкина")
    job.title = "Выпускники: Ёлкина"
    session.commit()
    sign_in(client, cast.root)
    for address in ("/jobs/", f"/jobs/{job.id}", f"/jobs/{job.id}/state"):
        page = client.get(address).text
        assert "готово" in page
        assert "Ёлкина" not in page
        assert f"/jobs/{job.id}/file" not in page
    assert code(client, f"/jobs/{job.id}/file") == 403
    assert client.post(f"/jobs/{job.id}/protected", data={"password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("change", ["role", "agency", "region"])
def test_a_file_of_other_rights_is_not_handed_out(
    client: FlaskClient, session: Sessions, cast: Cast, change: str
) -> None:
    job = done(session(), cast.kira if change == "region" else cast.anna)
    if change == "role":
        cast.anna.role = Role.OFFICER
    elif change == "agency":
        cast.anna.agency_id = cast.opeka.id
    else:
        cast.centre.sees_whole_region = False
    session.commit()
    sign_in(client, cast.kira if change == "region" else cast.anna)
    answer = client.get(f"/jobs/{job.id}/file")
    assert answer.status_code == 403
    assert downloads.OTHER_RIGHTS in answer.text
    assert log(AccessKind.DOWNLOADED) == []
    assert [event.subject_id for event in log(AccessKind.REFUSED)] == [job.id]


@pytest.mark.parametrize("kind", ["register", "papers"])
def test_a_card_withdrawn_meanwhile_closes_the_file(
    client: FlaskClient, session: Sessions, cast: Cast, kind: str
) -> None:
    contract = papers_factories.contract(session(), cast, True)
    session.commit()
    path = {"register": "/graduate/", "papers": "/contract/"}[kind]
    job = done(session(), cast.anna, kind, path=path, paper="contract")
    sign_in(client, cast.anna)
    assert code(client, f"/jobs/{job.id}/file") == 200
    contract.graduate.agency_id = cast.other_opeka.id
    session.commit()
    answer = client.get(f"/jobs/{job.id}/file")
    assert answer.status_code == 403
    assert downloads.OTHER_PEOPLE in answer.text
    assert client.post(f"/jobs/{job.id}/protected", data={"password": PASSWORD}).status_code == 403


def test_a_report_is_closed_with_the_cards_of_its_organisation(
    client: FlaskClient, session: Sessions, cast: Cast
) -> None:
    job = done(session(), cast.boris, "report", path="/reports/registry", type="csv")
    assert job.rows == 1
    sign_in(client, cast.boris)
    assert code(client, f"/jobs/{job.id}/file") == 200
    cast.local.deleted_at = cast.local.created_at
    session.commit()
    assert code(client, f"/jobs/{job.id}/file") == 403


def test_what_is_not_there_gets_a_sentence(app: Flask, client: FlaskClient, session: Sessions, cast: Cast) -> None:
    sign_in(client, cast.anna)
    waiting = asked(session(), cast.anna)
    assert client.get(f"/jobs/{waiting.id}/file").status_code == 409
    expired = kept(session(), cast.anna, JobState.DONE, message=states.GONE)
    answer = client.get(f"/jobs/{expired.id}/file")
    assert (answer.status_code, states.GONE in answer.text) == (410, True)
    job = done(session(), cast.anna, query="size=20")
    job.keep_until = TODAY - timedelta(days=1)  # The day has passed, nobody has tidied up yet.
    session.commit()
    assert code(client, f"/jobs/{job.id}/file") == 410
    job.keep_until = TODAY
    session.commit()
    with file_of(app, job).open("ab") as file:
        file.write(b"more")
    answer = client.get(f"/jobs/{job.id}/file")
    assert (answer.status_code, downloads.NOT_HERE in answer.text) == (410, True)
    file_of(app, job).unlink()
    assert code(client, f"/jobs/{job.id}/file") == 410


def test_no_row_leads_out_of_the_folder(app: Flask, client: FlaskClient, session: Sessions, cast: Cast) -> None:
    secret = file_of(app, kept(session(), cast.anna, JobState.DONE, file_path="secret_key", file_name="x"))
    secret.write_text("key", encoding="ascii")
    jobs = [
        kept(session(), cast.anna, JobState.DONE, file_path=path, file_name="x.xlsx", file_size=3, keep_until=TODAY)
        for path in ("secret_key", "jobs/../secret_key", str(secret))
    ]
    sign_in(client, cast.anna)
    assert [code(client, f"/jobs/{job.id}/file") for job in jobs] == [410] * 3


# -- Under a password ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_password_opens_the_zip_and_is_kept_nowhere(
    app: Flask, client: FlaskClient, session: Sessions, cast: Cast, kind: str
) -> None:
    job = done(session(), cast.anna, type=kind)
    sign_in(client, cast.anna)
    answer = client.post(f"/jobs/{job.id}/protected", data={"password": PASSWORD})
    assert answer.status_code == 200
    with pyzipper.AESZipFile(io.BytesIO(answer.data)) as opened:
        assert opened.namelist() == [job.file_name]
        opened.setpassword(PASSWORD.encode())
        assert opened.read(job.file_name) == file_of(app, job).read_bytes()
        assert opened.infolist()[0].wz_aes_strength == 3  # 256 bits
    with zipfile.ZipFile(io.BytesIO(answer.data)) as shut, pytest.raises(RuntimeError, match="encrypted"):
        shut.read(job.file_name)
    answer.close()
    assert [path.name for path in file_of(app, job).parent.glob("*.zip")] == []
    (event,) = log(AccessKind.DOWNLOADED)
    assert event.payload["protected"] is True
    kept_texts = [str(event.payload)] + [str(row) for row in session.scalars(select(AuditEvent.payload)).all()]
    assert not any(PASSWORD in text for text in kept_texts)


@pytest.mark.parametrize("password", ["", "короток", "x" * 201])
def test_a_bad_password_is_told_at_its_field(client: FlaskClient, session: Sessions, cast: Cast, password: str) -> None:
    job = done(session(), cast.anna)
    sign_in(client, cast.anna)
    answer = client.post(f"/jobs/{job.id}/protected", data={"password": password})
    assert answer.status_code == 422
    assert 'id="job-password-error"' in answer.text
    assert log(AccessKind.DOWNLOADED) == []


def test_a_full_disk_hands_out_nothing(
    app: Flask, client: FlaskClient, session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    job = done(session(), cast.anna)
    monkeypatch.setattr(pyzipper.AESZipFile, "write", full)
    sign_in(client, cast.anna)
    answer = client.post(f"/jobs/{job.id}/protected", data={"password": PASSWORD})
    assert (answer.status_code, folders.NO_ROOM in answer.text) == (507, True)
    assert [path.name for path in file_of(app, job).parent.glob("protected*")] == []
    assert log(AccessKind.DOWNLOADED) == []


# -- The pages -------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_its_state_until_the_job_is_over(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    sign_in(client, cast.anna)
    running = kept(session(), cast.anna, JobState.RUNNING, done=50, total=200)
    page = client.get(f"/jobs/{running.id}").text
    assert f'hx-get="/jobs/{running.id}/state"' in page
    assert "Записано 50 из 200" in page
    assert 'value="25"' in page
    assert ">Обновить<" in page.replace("</svg> ", "</svg>")  # Without a script.
    failed = kept(session(), cast.anna, JobState.FAILED)
    fragment = client.get(f"/jobs/{failed.id}/state").text
    assert "hx-get" not in fragment
    assert "Не получилось." in fragment
    assert 'hx-swap-oob="innerHTML:#live"' in fragment


def test_looking_at_the_state_keeps_nobody_signed_in(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    job = kept(session(), cast.anna, JobState.RUNNING)
    sign_in(client, cast.anna)
    with client.session_transaction() as kept_session:
        kept_session["seen_at"] -= 60
        before = kept_session["seen_at"]
    client.get(f"/jobs/{job.id}/state")
    with client.session_transaction() as kept_session:
        assert kept_session["seen_at"] == before


def test_cancelling_is_a_button_of_the_owner_and_the_administrator(
    client: FlaskClient, session: Sessions, cast: Cast
) -> None:
    for who in (cast.anna, cast.root):
        job = kept(session(), cast.anna, JobState.RUNNING)
        sign_in(client, who)
        answer = client.post(f"/jobs/{job.id}/cancel")
        assert answer.status_code == 303
        assert session.get_one(Job, job.id).is_cancel_asked


def test_own_files_are_listed_page_by_page(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    for number in range(52):
        kept(session(), cast.anna, JobState.FAILED, title=f"Файл {number:02}")
    sign_in(client, cast.anna)
    page = client.get("/jobs/").text
    assert "Файл 51" in page
    assert "Файл 01" not in page
    older = page.split('href="/jobs/?before=')[1].split('"')[0]
    assert "Файл 01" in client.get(f"/jobs/?before={older}").text
    assert client.get("/jobs/?before=%00").status_code == 200


def test_a_notice_leads_to_its_file(client: FlaskClient, session: Sessions, cast: Cast) -> None:
    job = done(session(), cast.anna)
    sign_in(client, cast.anna)
    page = client.get("/notifications/").text
    assert "Файл готов" in page
    number = page.split("/notifications/")[1:]
    notice = next(part.split("/")[0] for part in number if part.split("/")[0].isdecimal())
    assert client.post(f"/notifications/{notice}/open").location == f"/jobs/{job.id}"
    assert client.get("/notifications/settings").status_code == 200
