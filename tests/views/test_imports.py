"""Loading forms in the browser: what one sees before, during and after."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from models.audit import AccessEvent
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch
from models.users import User
from tests.factories import Cast
from tests.services.importing.builders import FORM_1, table, xlsx
from tests.signing import sign_in
from views.database import ACCESS
from views.extensions import db

FORM = {"form": FORM_1, "on": "01.10.2026"}


@pytest.fixture
def boris(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.boris)


def send(client: FlaskClient, data: bytes, name: str = "форма.xlsx", **fields: Any) -> TestResponse:
    return client.post("/imports/", data={**FORM, **fields, "file": (io.BytesIO(data), name)})


def path_of(response: TestResponse) -> str:
    assert response.status_code == 302, response.text
    return response.location


def people(session: scoped_session[Session]) -> int:
    return session.scalar(select(func.count(Graduate.id)).where(Graduate.deleted_at.is_(None))) or 0


def batch_of(session: scoped_session[Session]) -> ImportBatch:
    session.expire_all()
    return session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first() or pytest.fail("no batch")


def test_a_form_is_checked_then_loaded_then_undone(boris: FlaskClient, session: scoped_session[Session]) -> None:
    before = people(session)
    path = path_of(send(boris, xlsx(table({}, {"name": "Ким Яна"}, {"name": ""}, {"name": "Одинокая"}))))
    page = boris.get(path).text
    assert "<td>Одинокая</td>" in page
    assert "Загрузить 2 карточки" in page
    assert "Не указаны фамилия и имя." in page
    assert people(session) == before
    path_of(boris.post(f"{path}/apply"))
    assert people(session) == before + 2
    page = boris.get(path).text
    assert "Загружено: 2 карточки." in page
    assert "/graduate/details/?id=" in page
    path_of(boris.post(f"{path}/undo"))
    assert people(session) == before
    assert "Загрузка отменена: 2 карточки." in boris.get(path).text


def test_a_double_click_loads_once(boris: FlaskClient, session: scoped_session[Session]) -> None:
    before = people(session)
    path = path_of(send(boris, xlsx(table({}))))
    boris.post(f"{path}/apply")
    boris.post(f"{path}/apply")
    assert people(session) == before + 1
    assert "Этот файл уже загружен." in boris.get(path).text


def test_differences_are_shown_before_they_are_loaded(boris: FlaskClient) -> None:
    boris.post(f"{path_of(send(boris, xlsx(table({}))))}/apply")
    path = path_of(send(boris, xlsx(table({"employment": "ООО «Лес», вальщик"}))))
    page = boris.get(path).text
    assert "Трудоустройство" in page
    assert "не работает, учится</del>" in page
    assert "ООО «Лес», вальщик</ins>" in page
    assert "Загрузить 1 карточку" in page


def test_a_file_that_changes_nothing_offers_no_load(boris: FlaskClient) -> None:
    boris.post(f"{path_of(send(boris, xlsx(table({}))))}/apply")
    page = boris.get(path_of(send(boris, xlsx(table({}))))).text
    assert "Загружать нечего" in page
    assert "/apply" not in page


def test_rows_are_filtered_by_their_outcome_and_shown_in_pages(boris: FlaskClient) -> None:
    rows = table({"name": ""}, *({"name": f"Орлов Ян {'А' * n}"} for n in range(1, 121)))
    path = path_of(send(boris, xlsx(rows)))
    assert "Строки 1–100 из 121" in boris.get(path).text
    assert "Строки 101–121 из 121" in boris.get(f"{path}?page=2").text
    assert "Строки 1–1 из 1" in boris.get(f"{path}?outcome=error").text
    assert boris.get(f"{path}?outcome=nothing&page=99").status_code == 200


@pytest.mark.parametrize(
    ("data", "fields", "sentence"),
    [
        (b"%PDF-1.4", {}, "Файл не является таблицей"),
        (b"", {}, "Файл пустой"),
        (xlsx([["а", "б"], [1, 2]]), {}, "Не найдена строка заголовков"),
        (xlsx(table({})), {"on": "31.02.2026"}, "Дата не читается"),
        (xlsx(table({})), {"form": "другая"}, "Выберите форму"),
        (xlsx(table({})), {"agency": "opeka-totma"}, "Выберите организацию"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    boris: FlaskClient, session: scoped_session[Session], data: bytes, fields: dict[str, str], sentence: str
) -> None:
    answer = send(boris, data, **{"on": "05.10.2026", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text or "agency" in fields
    assert fields.get("on", "05.10.2026") in answer.text
    assert session.scalar(select(func.count(ImportBatch.id))) == 0


def test_a_file_must_be_chosen(boris: FlaskClient) -> None:
    assert "Выберите файл." in boris.post("/imports/", data=FORM).text


def test_the_original_file_is_kept(boris: FlaskClient) -> None:
    data = xlsx(table({}))
    path = path_of(send(boris, data))
    with boris.get(f"{path}/file") as answer:
        assert answer.data == data
        assert "attachment" in answer.headers["Content-Disposition"]


def test_a_draft_is_thrown_away(boris: FlaskClient, session: scoped_session[Session]) -> None:
    path = path_of(send(boris, xlsx(table({}))))
    assert path_of(boris.post(f"{path}/discard")).endswith("/imports/")
    assert session.scalar(select(func.count(ImportBatch.id))) == 0
    assert boris.get(path).status_code == 404


def test_undoing_is_refused_in_one_sentence_after_a_change(
    boris: FlaskClient, session: scoped_session[Session]
) -> None:
    path = path_of(send(boris, xlsx(table({}))))
    boris.post(f"{path}/apply")
    card = session.scalars(select(Graduate).where(Graduate.last_name == "Берёзкина")).one()
    card.note = "Позвонить"
    session.commit()
    boris.post(f"{path}/undo")
    assert "Отменить нельзя: карточки изменены после загрузки" in boris.get(path).text
    assert batch_of(session).state is BatchState.APPLIED


def test_strangers_get_404_and_those_without_the_right_403(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.boris)
    path = path_of(send(client, xlsx(table({}))))

    def statuses(user: User) -> list[int]:
        sign_in(client, user)
        posts = [client.post(f"{path}/{verb}").status_code for verb in ("apply", "undo", "discard")]
        return [client.get("/imports/").status_code, client.get(path).status_code, *posts]

    assert statuses(cast.vera) == [200, 404, 404, 404, 404]
    assert statuses(cast.anna) == [200, 404, 404, 404, 404]
    assert statuses(cast.kira) == [403, 404, 404, 404, 404]
    sign_in(client, cast.boris)
    client.post(f"{path}/apply")
    sign_in(client, cast.vera)
    assert client.get(path).status_code == 404
    sign_in(client, cast.root)
    assert client.get(path).status_code == 200


def test_the_administrator_chooses_the_agency(
    client: FlaskClient, cast: Cast, session: scoped_session[Session]
) -> None:
    sign_in(client, cast.root)
    assert send(client, xlsx(table({}))).status_code == 422
    path_of(send(client, xlsx(table({})), agency="opeka-totma"))
    assert batch_of(session).agency_id == cast.other_opeka.id


def test_the_people_are_in_the_officers_list_and_in_no_other_districts(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.boris)
    client.post(f"{path_of(send(client, xlsx(table({}))))}/apply")
    assert "Берёзкина" in client.get("/graduate/").text
    sign_in(client, cast.vera)
    assert "Берёзкина" not in client.get("/graduate/").text


def test_looking_at_a_file_is_logged(boris: FlaskClient) -> None:
    boris.get(path_of(send(boris, xlsx(table({})))))
    with Session(db.engines[ACCESS], join_transaction_mode="create_savepoint") as log:
        kinds = log.scalars(select(AccessEvent.kind).where(AccessEvent.subject == "import_batch")).all()
    assert "opened" in kinds


def test_a_file_above_the_limit_is_refused(boris: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.imports._max_bytes", lambda: 1000)
    assert "МБ и не принят." in send(boris, xlsx(table({}))).text
