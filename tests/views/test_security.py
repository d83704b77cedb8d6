"""Doors behind which somebody's orphanhood could become known: each was tried once and is kept shut."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AuditEvent
from models.graduates import Graduate
from models.imports import ImportBatch, PossibleDuplicate
from models.people import Contact
from models.support import Assignment, AssignmentKind, HealthRecord
from models.territory import AgencyKind
from models.users import Role, User
from tests.factories import PASSWORD, Cast, make_agency, make_graduate, make_user
from tests.services.importing.builders import FORM_1, table, xlsx
from tests.signing import sign_in
from tests.views.forms import open_form
from views.database import access_connection

Db = scoped_session[Session]
TWIN = {"last_name": "Тихонов", "first_name": "Марк", "patronymic": "", "birth_date": "29.02.2004"}


def edit_url(card: Graduate) -> str:
    return f"/graduate/edit/?id={card.id}"


def readings(user: User) -> list[tuple[str, str, int | None, Any]]:
    columns = (AccessEvent.kind, AccessEvent.subject, AccessEvent.subject_id, AccessEvent.payload)
    with access_connection() as connection:
        query = select(*columns).where(AccessEvent.user_id == user.id).order_by(AccessEvent.seq)
        return [tuple(row) for row in connection.execute(query)]


def make_card(client: FlaskClient, fields: dict[str, str]) -> str:
    answer = client.post("/graduate/new/", data=open_form(client, "/graduate/new/") | fields)
    assert answer.status_code == 302, answer.text
    return answer.location


def load(client: FlaskClient, rows: Any, **fields: str) -> str:
    data = {"form": FORM_1, "on": "01.10.2026", **fields, "file": (io.BytesIO(xlsx(rows)), "форма.xlsx")}
    answer = client.post("/imports/", data=data)
    assert answer.status_code == 302, answer.text
    client.post(f"{answer.location}/apply")
    return answer.location


# -- One person in two cards -----------------------------------------------------------------------------------------


def test_a_twin_out_of_sight_is_told_to_the_coordinator_and_to_nobody_else(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    sign_in(client, cast.anna)
    card = make_card(client, TWIN)
    pair = session.scalars(select(PossibleDuplicate)).one()
    assert pair.other_id == cast.foreign.id
    pages = client.get(card, follow_redirects=True).text + client.get(f"{card}&tab=history").text
    log = client.get("/change_log/").text
    sign_in(client, cast.galina)
    log += client.get("/change_log/").text
    assert "один человек" not in pages
    assert "один человек" not in log
    event = session.scalars(select(AuditEvent).where(AuditEvent.subject == "possible_duplicate")).one()
    assert client.get(f"/change_log/details/?id={event.id}").status_code == 404
    sign_in(client, cast.kira)
    assert "Тихонов" in client.get("/possible_duplicate/").text
    sign_in(client, cast.root)
    assert client.get(f"/change_log/details/?id={event.id}").status_code == 200


def test_a_name_corrected_into_a_twins_is_told_once(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    card = make_card(client, TWIN | {"last_name": "Тиханов"})
    assert session.scalars(select(PossibleDuplicate)).all() == []
    url = card.replace("details", "edit")
    for name in ("Тихонов", "Тиханов", "Тихонов"):
        assert client.post(url, data=open_form(client, url) | {"last_name": name}).status_code == 302
    assert [pair.other_id for pair in session.scalars(select(PossibleDuplicate))] == [cast.foreign.id]


def test_a_form_loaded_over_a_twin_out_of_sight_tells_its_sender_nothing(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    make_graduate(session(), "Берёзкина Анна Ивановна", agency_id=cast.other_opeka.id, birth_date=date(2005, 1, 1))
    session.commit()
    sign_in(client, cast.boris)
    row = {"name": "Тихонов Марк", "birth_date": "29.02.2004"}
    batch = load(client, table(row))
    card = session.scalars(select(Graduate).where(Graduate.last_name == "Тихонов").order_by(Graduate.id.desc())).first()
    assert card is not None
    assert card.id != cast.foreign.id
    assert session.scalars(select(PossibleDuplicate)).one().other_id == cast.foreign.id
    history = client.get(f"/graduate/details/?id={card.id}&tab=history").text
    for page in (client.get(batch).text, client.get("/change_log/").text, history):
        assert "один человек" not in page


def test_a_coordinator_of_two_districts_hears_of_no_pair_elsewhere(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    local = make_agency(session(), "local-centre", AgencyKind.COORDINATION_CENTRE, districts=(cast.sokol,))
    kim = make_user(session(), "kim", "Ким Ко", Role.COORDINATOR, local)
    twin = make_graduate(session(), "Сизов Пётр Ильич", origin_district_id=cast.sokol.id, birth_date=date(2006, 3, 8))
    near = PossibleDuplicate(graduate_id=cast.local.id, other_id=twin.id, found_at=cast.local.created_at)
    far = PossibleDuplicate(graduate_id=cast.foreign.id, other_id=cast.own.id, found_at=cast.local.created_at)
    session.add_all([near, far])
    session.commit()
    sign_in(client, kim)
    page = client.get("/possible_duplicate/").text
    assert "Сизов" in page
    assert "Тихонов" not in page
    assert client.get(f"/possible_duplicate/details/?id={far.id}").status_code == 404
    assert client.get(f"/possible_duplicate/edit/?id={far.id}").status_code == 404
    sign_in(client, cast.root)
    client.post(f"/graduate/remove/?id={cast.foreign.id}")
    sign_in(client, cast.kira)
    assert "Тихонов" not in client.get("/possible_duplicate/").text


def test_a_confirmed_twin_is_not_made_twice_by_a_second_click(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/graduate/new/") | TWIN | {"last_name": "Ёлкина", "first_name": "Дарья"}
    form |= {"patronymic": "Игоревна", "birth_date": "14.08.2005"}
    asked = client.post("/graduate/new/", data=form).text
    assert f'value="{cast.own.id}"' in asked
    form |= {"confirm_duplicate": str(cast.own.id)}
    assert client.post("/graduate/new/", data=form).status_code == 302
    assert client.post("/graduate/new/", data=form).status_code == 200  # The second click sees the first one's card.
    assert session.scalar(select(func.count(Graduate.id)).where(Graduate.last_name == "Ёлкина")) == 2


# -- Rights ----------------------------------------------------------------------------------------------------------


def test_a_clerk_cannot_name_herself_curator_to_read_closed_fields(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    cast.own.health_records.append(HealthRecord(recorded_on=date(2026, 5, 1), text="Тайный диагноз"))
    session.commit()
    sign_in(client, cast.anna)
    forged = {
        "assignments-0-kind": "curator",
        "assignments-0-name": "Анна",
        "assignments-0-user_id": str(cast.anna.id),
        "assignments-0-starts_on": "01.01.2026",
    }
    client.post(edit_url(cast.own), data=open_form(client, edit_url(cast.own)) | forged)
    session.expire_all()
    assert cast.own.assignments == []
    assert "Тайный диагноз" not in client.get(f"/graduate/details/?id={cast.own.id}").text


def test_the_head_of_the_responsible_agency_assigns(client: FlaskClient, cast: Cast, session: Db) -> None:
    row = Assignment(kind=AssignmentKind.MENTOR, name="Галина", user_id=cast.galina.id, starts_on=date(2026, 1, 1))
    cast.local.assignments.append(row)
    cast.local.agency_id = cast.opeka.id
    session.commit()
    sign_in(client, cast.galina)
    assert "assignments-0-user_id" in client.get(f"{edit_url(cast.own)}&add=assignments").text
    assert client.get(edit_url(cast.local)).status_code == 403


def test_the_agency_of_a_card_and_rows_of_another_card_cannot_be_posted(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    theirs = Contact(kind_code="phone", value="8 900 000-00-00")
    cast.foreign.contacts.append(theirs)
    session.commit()
    sign_in(client, cast.anna)
    forged = {"agency_id": str(cast.opeka.id), "contacts-0-id": str(theirs.id), "contacts-0-kind_code": "phone"}
    forged |= {"contacts-0-value": "1", "del-contacts-0": "y", "created_by_id": str(cast.anna.id)}
    client.post(edit_url(cast.own), data=open_form(client, edit_url(cast.own)) | forged)
    session.expire_all()
    assert theirs.graduate_id == cast.foreign.id
    assert theirs.value == "8 900 000-00-00"
    assert cast.own.agency_id == cast.service.id
    assert cast.own.created_by_id is None


def test_what_an_administrator_loaded_for_an_agency_shows_it_no_stranger(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    sign_in(client, cast.root)
    rows = table({"name": "Тихонов Марк", "birth_date": "29.02.2004", "address": "г. Тотьма, ул. Тайная, д. 1"})
    load(client, rows, agency="opeka-totma")
    rows = table({"name": "Тихонов Марк", "birth_date": "29.02.2004", "address": "г. Тотьма, ул. Новая, д. 2"})
    batch = load(client, rows, agency="opeka-sokol")
    assert "ул. Тайная" in client.get(batch).text
    sign_in(client, cast.boris)
    page = client.get(batch).text
    assert "Новая" not in page
    assert "Тайная" not in page
    assert f"id={cast.foreign.id}" not in page
    version = cast.foreign.version
    client.post(f"{batch}/undo")
    session.expire_all()
    assert cast.foreign.version == version
    assert "ведёт другая организация" in client.get(batch).text


def test_another_ones_draft_is_not_on_the_start_page(client: FlaskClient, cast: Cast, session: Db) -> None:
    other = make_user(session(), "bella", "Белла", Role.OFFICER, cast.opeka)
    session.commit()
    sign_in(client, cast.boris)
    upload = {"form": FORM_1, "on": "01.10.2026", "file": (io.BytesIO(xlsx(table({}))), "Иванов Иван.xlsx")}
    client.post("/imports/", data=upload)
    assert "Иванов Иван" in client.get("/").text
    sign_in(client, other)
    assert "Иванов Иван" not in client.get("/").text
    assert session.scalar(select(func.count(ImportBatch.id))) == 1


# -- What is read is logged ------------------------------------------------------------------------------------------


def test_a_card_opened_for_editing_is_logged_as_read(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    client.get(edit_url(cast.own))
    assert ("opened", "graduate", cast.own.id) in [row[:3] for row in readings(cast.anna)]


def test_names_on_the_start_page_are_logged_as_read(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.own.birth_date = date(2003, 12, 1)
    session.commit()
    sign_in(client, cast.anna)
    assert "Ёлкина" in client.get("/").text
    assert any(kind == "listed" and payload.get("ids") == [cast.own.id] for kind, _, _, payload in readings(cast.anna))


def test_a_suggested_twin_is_logged_as_found(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/graduate/new/")
    form |= {"last_name": "Ёлкина", "first_name": "Дарья", "patronymic": "Игоревна", "birth_date": "14.08.2005"}
    assert "Похоже, такой человек уже есть" in client.post("/graduate/new/", data=form).text
    assert any(row[0] == "searched" and row[3].get("ids") == [cast.own.id] for row in readings(cast.anna))


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/graduate/remove/?id=1"), ("get", "/field_group/"), ("get", "/change_log/export/csv/"),
     ("get", "/dictionaries/"), ("post", "/graduate/delete/"), ("get", "/agency/new/")],
)  # fmt: skip
def test_every_refusal_is_logged_once(client: FlaskClient, cast: Cast, method: str, path: str) -> None:
    sign_in(client, cast.anna)
    assert getattr(client, method)(path).status_code == 403
    assert [row[0] for row in readings(cast.anna)] == ["refused"]


def test_an_issued_and_a_changed_password_leave_a_trace(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.anna.must_change_password = True  # Neither changes a column that the history shows.
    session.commit()
    sign_in(client, cast.root)
    assert client.post(f"/user/password/?id={cast.anna.id}").status_code == 302
    query = select(AuditEvent.user_id, AuditEvent.payload).where(
        AuditEvent.subject == "user_account", AuditEvent.subject_id == cast.anna.id, AuditEvent.kind == "action"
    )
    assert [(user, payload["action"][1]) for user, payload in session.execute(query)] == [
        (cast.root.id, "выдан новый пароль")
    ]
    assert "выдан новый пароль" in client.get(f"/user/details/?id={cast.anna.id}").text
    fields = {
        "current_password": PASSWORD,
        "new_password": "совсем другая фраза",
        "repeat_password": "совсем другая фраза",
    }
    sign_in(client, cast.boris)
    assert client.post("/password", data=fields).status_code == 302
    changed = select(AuditEvent.payload).where(AuditEvent.user_id == cast.boris.id, AuditEvent.kind == "action")
    assert [payload["action"][1] for payload in session.scalars(changed)] == ["сменён собственный пароль"]


# -- Odd requests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/graduate/?size=²", "/graduate/?after=²-²-²", "/imports/?page=²", "/graduate/?f.district=²&f.born=²"],
)
def test_an_odd_number_in_an_address_is_no_fault(client: FlaskClient, cast: Cast, path: str) -> None:
    assert sign_in(client, cast.root).get(path).status_code == 200


def test_an_odd_number_of_a_record_is_no_record(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.root)
    assert client.get("/graduate/details/?id=²").status_code == 404
    assert client.post("/graduate/restore/?id=²").status_code == 404
    form = open_form(client, edit_url(cast.own)) | {"version": "²"}
    assert "Форма устарела" in client.post(edit_url(cast.own), data=form).text


def test_thousands_of_values_of_a_filter_are_no_burden(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    page = client.get("/graduate/?" + "&".join(f"f.district={number}" for number in range(3000)))
    assert page.status_code == 200
    assert page.text.count("filter-chip") < 200


def test_lines_of_the_log_of_reading_have_no_page(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.root)
    client.get("/graduate/")
    assert client.get("/access_log/details/?id=1").status_code == 404


def test_a_row_of_millions_of_columns_is_refused_at_once(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.boris)
    upload = {"form": FORM_1, "on": "01.10.2026", "file": (io.BytesIO(b"a" + b";" * 20_000), "форма.csv")}
    assert "разбросаны слишком широко" in client.post("/imports/", data=upload).text


def test_a_broken_export_leaves_no_file_behind(
    client: FlaskClient, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("views.exporting.write_csv", fail)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    assert sign_in(client, cast.anna).get("/graduate/export/csv/").status_code == 500
    assert list(tmp_path.iterdir()) == []


def test_a_file_name_cannot_break_out_of_a_header(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.boris)
    name = 'a"; filename="b.html\r\nX-Evil: 1\x00<img src=x>.xlsx'
    upload = {"form": FORM_1, "on": "01.10.2026", "file": (io.BytesIO(xlsx(table({}))), name)}
    answer = client.post("/imports/", data=upload)
    if answer.status_code == 302:
        assert "<img" not in client.get(answer.location).text
        with client.get(f"{answer.location}/file") as file:
            assert file.status_code == 200
            assert "X-Evil" not in file.headers


@pytest.mark.parametrize(
    "path", ["/help/../../app", "/help/..%2f..%2fREADME", "/reports/..%2f..%2fapp", "/static/../app.py"]
)
def test_no_file_of_ours_is_read_through_an_address(client: FlaskClient, cast: Cast, path: str) -> None:
    assert sign_in(client, cast.root).get(path).status_code == 404


def test_every_form_of_another_site_is_refused(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "WTF_CSRF_ENABLED", True)
    sign_in(client, cast.root)
    adapter = client.application.url_map.bind("localhost")
    posts = [rule for rule in client.application.url_map.iter_rules() if "POST" in (rule.methods or set())]
    assert len(posts) > 20
    for rule in posts:
        path = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        assert client.post(path).status_code == 400, path
