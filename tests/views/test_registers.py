"""Every register opens: list, card, forms, with every filter and sort of its own."""

import pytest
from flask.testing import FlaskClient

from tests.factories import Cast
from tests.signing import sign_in

LISTS = ["/graduate/", "/agency/", "/district/", "/agreement/", "/user/", "/field_group/", "/possible_duplicate/"]
LOGS = ["/change_log/", "/access_log/"]
PAGES = ["/dictionary/employment_status/", "/dictionaries/", "/removed/", "/", "/help/", "/profile"]


@pytest.mark.parametrize("path", [*LISTS, *LOGS, *PAGES])
def test_the_administrator_opens_every_list(client: FlaskClient, cast: Cast, path: str) -> None:
    sign_in(client, cast.root)
    response = client.get(path)
    assert response.status_code == 200, response.text[:2000]


@pytest.mark.parametrize("path", ["/graduate/new/", "/agency/new/", "/district/new/", "/agreement/new/", "/user/new/"])
def test_the_administrator_opens_every_empty_form(client: FlaskClient, cast: Cast, path: str) -> None:
    sign_in(client, cast.root)
    assert client.get(path).status_code == 200


def test_a_card_opens_and_its_form_too(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    card = client.get(f"/graduate/details/?id={cast.own.id}")
    assert card.status_code == 200
    assert "Ёлкина Дарья Игоревна" in card.text
    assert client.get(f"/graduate/edit/?id={cast.own.id}").status_code == 200


def test_an_administrator_cannot_be_named_on_closed_fields(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.root)
    named = {"user_id": str(cast.root.id), "field_group": "health"}
    assert "управляет, не читая" in client.post("/field_group/new/", data=named).text
    assert client.post("/field_group/new/", data=named | {"user_id": str(cast.anna.id)}).status_code == 302
