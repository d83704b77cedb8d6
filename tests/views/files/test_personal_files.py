"""Personal files in the panel: the inventory on screen, on paper and in a workbook, closing, many at once."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind
from models.files import PersonalFile
from services.files import attachments
from tests.conftest import TODAY
from tests.factories import Cast
from tests.files import make_attachment
from tests.signing import sign_in
from tests.views.forms import open_form
from views.database import ACCESS
from views.extensions import db

Page = scoped_session[Session]


@pytest.fixture
def file(session: Page, cast: Cast, app: Flask) -> PersonalFile:
    """With three papers of 2, 3 and 1 sheets; the second was taken out."""
    folder = Path(app.config["DATA_DIR"])
    made = [
        make_attachment(session(), folder, cast.anna, cast.own, title=title, sheets=sheets)
        for title, sheets in (("Приказ о выпуске", 2), ("Чужая справка", 3), ("Согласие", 1))
    ]
    made[1].removed_on, made[1].removed_reason = TODAY, "ошибка"
    session.commit()
    return session.scalars(select(PersonalFile)).one()


def test_the_page_of_a_file_shows_its_inventory(client: FlaskClient, cast: Cast, file: PersonalFile) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/personal_file/details/?id={file.id}").text
    assert "Личное дело № 1" in page
    assert "2 документа, 3 листа" in page
    assert "1–2" in page
    listed = client.get("/personal_file/").text
    assert "Ёлкина Дарья Игоревна" in listed


def test_the_inventory_prints_with_sheets_from_and_to(
    client: FlaskClient, session: Page, cast: Cast, file: PersonalFile
) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/personal_file/inventory/?id={file.id}").text
    assert "Итого: 2 документа, 3 листа." in page
    assert "<del>Чужая справка</del>" in page
    assert "Изъят 01.10.2026: ошибка" in page
    with Session(db.engines[ACCESS]) as log:
        event = log.scalars(select(AccessEvent).order_by(AccessEvent.seq.desc())).first()
    assert event is not None
    assert (event.kind, event.subject, event.subject_id) == (AccessKind.PRINTED, "personal_file", file.id)


def test_the_inventory_opens_as_a_workbook(client: FlaskClient, cast: Cast, file: PersonalFile) -> None:
    sign_in(client, cast.anna)
    with client.get(f"/personal_file/inventory.xlsx?id={file.id}") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[2] == ["№ п/п", "Документ", "Дата документа", "Количество листов", "С листа", "По лист", "Примечание"]
    assert [[row[0], row[1], row[3], row[4], row[5]] for row in rows[3:6]] == [
        [1, "Приказ о выпуске", 2, 1, 2],
        [2, "Чужая справка", None, None, None],
        [3, "Согласие", 1, 3, 3],
    ]


def test_a_file_is_closed_and_opened_again(client: FlaskClient, session: Page, cast: Cast, file: PersonalFile) -> None:
    sign_in(client, cast.anna)
    close = f"/personal_file/act/close/?id={file.id}"
    typed = {"version": str(file.version), "close-closed_on": "02.10.2026"}
    assert "Дата ещё не наступила." in client.post(close, data=typed).text
    stale = client.post(close, data=typed | {"version": "99", "close-closed_on": "01.10.2026"})
    assert (stale.status_code, "запись изменилась" in stale.text) == (422, True)
    assert client.post(close, data=typed | {"close-closed_on": "01.10.2026"}).status_code == 302
    session.expire_all()
    assert file.closed_on == TODAY
    assert "Приложить файл" not in client.get(f"/personal_file/details/?id={file.id}").text
    sign_in(client, cast.galina)
    reopened = client.post(f"/personal_file/act/reopen/?id={file.id}", data={"version": str(file.version)})
    assert reopened.status_code == 302
    session.expire_all()
    assert file.closed_on is None


def test_a_file_is_opened_by_hand_once(client: FlaskClient, session: Page, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/personal_file/new/?graduate={cast.own.id}")
    assert typed["opened_on"] == "01.10.2026"
    assert client.post("/personal_file/new/", data=typed).status_code == 302
    again = client.post("/personal_file/new/", data=typed | {"form_token": "другая"})
    assert "Личное дело этого человека в организации уже есть." in again.text
    assert "Дата ещё не наступила." in client.post(
        "/personal_file/new/", data=typed | {"opened_on": "05.10.2026"}
    ).text  # fmt: skip
    assert session.scalars(select(PersonalFile)).one().number == 1


def test_other_peoples_attachments_are_not_counted(session: Page, cast: Cast, app: Flask, file: PersonalFile) -> None:
    make_attachment(session(), Path(app.config["DATA_DIR"]), cast.root, cast.own, agency_id=cast.opeka.id)
    assert len(attachments.digests(session())) == 1  # The same bytes are kept once.
    numbers = session.execute(select(PersonalFile.agency_id, PersonalFile.number).order_by(PersonalFile.id)).all()
    assert [tuple(row) for row in numbers] == [(cast.service.id, 1), (cast.opeka.id, 1)]


def test_the_sweep_is_a_command(app: Flask, session: Page, cast: Cast, file: PersonalFile) -> None:
    result = app.test_cli_runner().invoke(args=["files", "sweep"])
    assert (result.exit_code, result.output) == (0, "Удалено: 0 файлов.\n")
