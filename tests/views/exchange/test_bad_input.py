"""What no browser sends: numbers beyond every database, NUL, a megabyte, markup, formulas. Never a crash."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.exchange import Referral, ReferralStatus
from services.production_calendar import load_years
from tests.conftest import NOW
from tests.exchange_factories import PLAIN
from tests.factories import Cast
from tests.letters import OPENING, act, letter
from tests.signing import sign_in
from views import edge
from views.exchange.referral_view import ReferralView

Page = scoped_session[Session]
S = ReferralStatus
NUMBERS = ("-1", "0", "99999999999999999999", "9223372036854775808", "2147483648", "x", "", "1;2", "%00", "١٢")
ADDRESSES = (
    *(f"/exchange/{box}/?page={{0}}&page_size={{0}}&sort={{0}}" for box in ("inbox", "archive", "overdue", "drafts")),
    *(f"/referral/{page}/?id={{0}}" for page in ("details", "edit", "before")),
    *(f"/referral/new/?kind=common/request&{name}={{0}}&{name}={{0}}" for name in ("graduate", "recipient", "subject")),
    "/referral/new/?kind={0}",
    "/referral/new/?deadline={0}",
    "/referral/new/?agency={0}",
    "/exchange/paper/?graduate={0}",
    "/exchange/proposals/?page={0}",
    "/exchange/fan-out/{0}/",
    "/exchange/fan-out/sent/{0}",
    "/exchange/grants/?page={0}&q={0}",
    "/exchange/person/{0}",
    "/referral/{0}/files/{0}",
    "/search?q=вх. № {0}",
    "/meeting/details/?id={0}",
    "/body/details/?id={0}",
    "/directory/?q={0}&page={0}",
)
MEGABYTE = "я" * 500_000
TEXTS = {
    "a megabyte": MEGABYTE,
    "a NUL": "до\x00после",
    "control characters": "a\x01\x0b\x1f\ufffe\u202eb",
    "markup": "<script>alert(1)</script>",
    "a formula": '=cmd|" /C calc"!A0',
}


@pytest.fixture(autouse=True)
def _noon(session: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    load_years(session())


@pytest.mark.parametrize("who", ["anna", "root"])
def test_no_number_breaks_an_address(client: FlaskClient, session: Page, cast: Cast, who: str) -> None:
    letter(session(), cast.service, cast.opeka, cast.own)
    sign_in(client, getattr(cast, who))
    broken = {
        path: answer.status_code
        for address in ADDRESSES
        for number in NUMBERS
        for path in [address.format(number)]
        if (answer := client.get(path)).status_code >= 500
    }
    assert broken == {}


def _made(session: Session, cast: Cast, verb: str) -> tuple[Referral, Any]:
    """A letter with which somebody may do the verb, and who."""
    ours = {"send": S.DRAFT, "discard": S.DRAFT, "close": S.ANSWERED, "reopen": S.ANSWERED, "revoke": S.SENT}
    followed = {"start-need", "start-card", "propose-measure"}
    terms = {**OPENING, "accepting": ["problem", "card", "measure"]} if verb in followed else PLAIN
    status = ours.get(verb) or (S.SENT if verb in ("accept", "return", "decline", "forward", "receive") else S.ACCEPTED)
    made = letter(session, cast.service, cast.opeka, cast.own, status=status, author=cast.anna, terms=terms)
    return made, cast.anna if verb in ours else cast.boris


@pytest.mark.parametrize("name", list(TEXTS))
def test_no_text_breaks_a_verb(client: FlaskClient, session: Page, cast: Cast, name: str) -> None:
    text, broken = TEXTS[name], {}
    for action in ReferralView.actions:
        if action.name == "attach" and name == "a megabyte":
            continue  # Refused by its size before anything of it is read.
        made, user = _made(session(), cast, action.name)
        fields = [one for one in dir(action.form) if hasattr(getattr(action.form, one), "field_class")]
        fields = fields or ["text", "outcome", "delivery", "sheets", "written_on", "their_number"]
        typed: dict[str, Any] = dict.fromkeys(fields, text) | {"outcome": "resolved", "form_token": "a1"}
        if action.name == "attach":
            typed["file"] = (BytesIO("текст".encode()), f"{text[:4000].replace(chr(0), '')}.txt")
        answer = act(client, user, made, action.name, **typed)
        shown = client.get(f"/referral/details/?id={made.id}")
        if answer.status_code >= 500 or shown.status_code >= 500 or "<script>alert" in shown.text:
            broken[action.name] = (answer.status_code, shown.status_code)
        session.expire_all()
    assert broken == {}


def test_no_formula_leaves_with_an_export(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    made.recipient_name = made.kind_title = made.about_text = "=cmd|' /C calc'!A0"
    session.commit()
    with sign_in(client, cast.anna).get("/exchange/outbox/export/csv/") as answer:
        lines = answer.data.decode("utf-8-sig").splitlines()
    cells = [cell.strip('"') for line in lines for cell in line.split(";")]
    assert any("cmd" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("field", ["summary", "text", "outside", "person_names", "kind_key", "their_number"])
@pytest.mark.parametrize("name", list(TEXTS))
def test_no_text_breaks_a_form(client: FlaskClient, session: Page, cast: Cast, name: str, field: str) -> None:
    sign_in(client, cast.anna)
    usual = {"summary": "О чём", "text": "Письмо", "form_token": "b2", "_send": "1", "routed_for": str(cast.own.id)}
    new = usual | {"people": str(cast.own.id), "recipients": str(cast.opeka.id)}
    paper = usual | {"kind_key": "common/request", "written_on": "01.10.2026", "received_on": "01.10.2026"}
    paper |= {"sender_text": "Прокуратура"}
    for address, fields in (("/referral/new/?kind=common/request", new), ("/exchange/paper/", paper)):
        assert client.post(address, data=fields | {field: TEXTS[name]}).status_code < 500, address
