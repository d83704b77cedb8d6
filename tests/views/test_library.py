"""The library, orders and aid as people use them: files, answers, double clicks, conflicts, the tab of the card."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, scoped_session

from models.aid import CuratorOrder
from models.library import Audience, DocumentEdition, LibraryDocument, LibraryKind, Publication
from models.users import User
from tests import library_factories as make
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from tests.views.forms import open_form


@pytest.fixture
def document(session: scoped_session[Session], cast: Cast) -> LibraryDocument:
    made = make.make_document(session(), cast.anna, "Порядок", kind=LibraryKind.DRAFT_ACT)
    session.commit()
    return made


def act(client: FlaskClient, document: LibraryDocument, verb: str, **fields: object) -> str:
    page = client.get(f"/library/details/?id={document.id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    told = {"version": version[1] if version else "", **{f"{verb}-{name}": value for name, value in fields.items()}}
    answer = client.post(f"/library/act/{verb}/?id={document.id}", data=told, follow_redirects=True)
    return answer.text


def attach(client: FlaskClient, document: LibraryDocument, data: bytes, name: str = "порядок.txt") -> str:
    return act(client, document, "edition", file=(io.BytesIO(data), name), note="первая")


def test_a_text_is_attached_read_and_previewed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, document: LibraryDocument
) -> None:
    sign_in(client, cast.anna)
    assert "Приложена редакция 1." in attach(client, document, "Текст порядка".encode())
    sign_in(client, cast.boris)
    with client.get(f"/library/{document.id}/editions/1") as got:
        assert got.data.decode() == "Текст порядка"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert "attachment" in got.headers["Content-Disposition"]
    assert "Текст порядка" in client.get(f"/library/{document.id}/editions/1/preview/").text
    assert "просмотр" in client.get(f"/library/details/?id={document.id}").text


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "x.txt", "пуст"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "договор.pdf", "формат"),
        (b"<html><script>alert(1)</script></html>", "x.html", "формат"),
    ],
)
def test_a_wrong_file_is_told_at_its_field(
    client: FlaskClient,
    session: scoped_session[Session],
    cast: Cast,
    document: LibraryDocument,
    data: bytes,
    name: str,
    told: str,
) -> None:
    sign_in(client, cast.anna)
    page = attach(client, document, data, name)
    assert "field-error" in page
    assert session.scalar(select(func.count(DocumentEdition.id))) == 0


def test_an_organisation_answers_on_the_page_once(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, document: LibraryDocument
) -> None:
    sign_in(client, cast.anna)
    attach(client, document, b"text one")
    assert "На согласовании: 2 организации." in act(
        client, document, "ask", agency_ids=[str(cast.opeka.id), str(cast.other_opeka.id)], due_on="01.12.2026"
    )
    sign_in(client, cast.boris)
    assert "Вашу организацию просят согласовать" in client.get(f"/library/details/?id={document.id}").text
    assert str(document.id) in client.get("/library/?f.asked=1").text
    assert "согласовала документ" in act(client, document, "agree")
    assert "уже ответила" in client.post(f"/library/act/remark/?id={document.id}", data={"remark-remarks": "нет"}).text
    assert "согласовали 1 из 2, ждём ответа: 1" in client.get(f"/library/details/?id={document.id}").text
    sign_in(client, cast.kira)
    assert client.post(f"/library/act/agree/?id={document.id}").status_code == 403


def test_a_double_click_makes_one_publication(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    typed = {**open_form(client, "/publication/new/"), "title": "Как помогает служба", "medium": "site"}
    for _ in range(2):
        page = client.post("/publication/new/", data=typed, follow_redirects=True)
        assert "Публикация № 1/2026" in page.text
    assert session.scalar(select(func.count(Publication.id))) == 1
    assert "Как помогает служба" in client.get("/journals/publications/?year=2026").text


def test_a_bad_link_loses_nothing(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = {
        **open_form(client, "/publication/new/"),
        "title": "О службе",
        "medium": "site",
        "link": "ftp://files.example",
    }
    page = client.post("/publication/new/", data=typed)
    assert "Адрес страницы начинается с https://" in page.text
    assert 'value="О службе"' in page.text


def test_the_kind_of_the_address_stands_in_the_form(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert open_form(client, "/library/new/?kind=projects")["kind"] == "projects"
    assert client.get("/library/new/?kind=nonsense").status_code == 200


def test_two_savers_meet_a_conflict(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    document = make.make_document(session(), cast.anna)
    session.commit()
    sign_in(client, cast.anna)
    address = f"/library/edit/?id={document.id}"
    mine, theirs = open_form(client, address), open_form(client, address)
    assert client.post(address, data={**theirs, "title": "Их название"}).status_code == 302
    page = client.post(address, data={**mine, "title": "Моё название"})
    assert page.status_code == 409
    assert "Моё название" in page.text


def test_the_head_orders_and_the_card_shows_it(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.galina)
    typed = open_form(client, f"/curator_order/new/?graduate={cast.own.id}")
    typed |= {"user_id": str(cast.anna.id), "name": "", "kind": "curator"}
    page = client.post("/curator_order/new/", data=typed, follow_redirects=True)
    assert "Приказ № 1/2026 издан" in page.text
    assert "/papers/appointment-order/" in page.text
    tab = client.get(f"/graduate/details/?id={cast.own.id}&tab=aid").text
    assert "Приказ № 1/2026" in tab
    assert "1/2026" in client.get("/journals/orders/?year=2026").text
    order = session.scalars(select(CuratorOrder)).one()
    assert client.get(f"/papers/appointment-order/{order.id}.docx").status_code == 200


def test_a_private_document_is_nowhere_for_strangers(
    app: Flask, client: FlaskClient, session: scoped_session[Session], cast: Cast, document: LibraryDocument
) -> None:
    made = make.make_document(session(), cast.anna, "Секретное положение", audience=Audience.AGENCY)
    session.commit()

    def sees(user: User) -> list[bool]:
        sign_in(client, user)
        with client.get("/library/export/csv/") as file:
            export = file.data.decode("utf-8-sig", "replace")
        listed = client.get("/library/?q=секретное").text
        return ["Секретное положение" in export, f"id={made.id}" in listed]

    assert sees(cast.galina) == [True, True]
    assert sees(cast.vera) == [False, False]
    assert sees(cast.kira) == [False, False]


@pytest.mark.parametrize("address", ["/library/", "/resource/", "/enrolment/", "/curator_order/", "/benefit/"])
def test_a_list_asks_no_statement_for_each_row(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, address: str
) -> None:
    sign_in(client, cast.root)
    client.get(address)
    asked = []
    for many in (1, 8):
        for place in range(many):
            person = make_graduate(session(), f"Иванов Иван{many}{place}", agency_id=cast.service.id)
            make.make_document(session(), cast.anna)
            club = make.make_resource(session(), cast.anna)
            make.make_enrolment(session(), cast.anna, club, person)
            make.make_order(session(), cast.galina, person)
            make.make_benefit(session(), cast.anna, person)
        session.commit()
        asked.append(_count(client, address))
    assert asked[0] == asked[1]


def _count(client: FlaskClient, address: str) -> int:
    said: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(said)
