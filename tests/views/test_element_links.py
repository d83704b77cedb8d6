"""Every element of every pack that is built leads to a page that opens."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.regulations import Regulation
from models.rule_terms import RuleKind
from models.territory import AgencyKind
from reports.catalogue import REPORTS
from services.regulations.loading import load_packs
from services.regulations.pack import Element, Pack
from services.regulations.parsing import shipped_packs
from tests.conftest import NOW
from tests.factories import Cast, make_agency
from tests.signing import sign_in
from views.compliance_links import record_link
from views.element_links import element_link

PACKS = shipped_packs()


def built(pack: Pack) -> list[Element]:
    return [one for one in pack.elements if not one.is_planned and (one.section != "reports" or one.code in REPORTS)]


def load(session: Session) -> dict[str, int]:
    """The regulations of the region; their numbers by code."""
    load_packs(session, packs=PACKS, now=NOW)
    session.commit()
    return {regulation.code: regulation.id for regulation in session.scalars(select(Regulation))}


def test_every_built_element_opens(
    app: Flask, client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    numbers = load(session())
    for kind in AgencyKind:  # Some reports are of organisations of a kind only.
        make_agency(session(), f"some-{kind.value}", kind, districts=(cast.sokol,))
    session.commit()
    sign_in(client, cast.root)
    with client:
        client.get("/help/")  # A request in which the registers know who asks.
        addresses = {}
        for pack in PACKS:
            for element in built(pack):
                found = element_link(element, agency_id=cast.service.id, regulation_id=numbers[pack.code])
                assert found is not None, (pack.code, element.section, element.code)
                addresses[found.url] = (pack.code, element.section, element.code)
    answers = {address: client.get(address).status_code for address in addresses}
    assert {addresses[address]: code for address, code in answers.items() if code != 200} == {}
    assert len(answers) > 100


def test_every_standing_duty_leads_to_what_shows_it(
    app: Flask, client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    load(session())
    sign_in(client, cast.root)
    lost = []
    with client:
        client.get("/help/")
        for pack in PACKS:
            rows = {element.code: element.serves for element in pack.elements if element.section == "rules"}
            for rule in pack.rules:
                if rule.terms.kind is not RuleKind.STANDING or rule.is_planned or not rows[rule.code]:
                    continue  # Without a requirement row nothing else in the pack is about it.
                if record_link(pack, rows[rule.code], cast.service.id) is None:
                    lost.append((pack.code, rule.code, rule.terms.shown_by))
    assert lost == []


def test_what_is_planned_leads_nowhere(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.root)
    with client:
        client.get("/help/")
        planned = [one for pack in PACKS for one in pack.elements if one.is_planned]
        assert [one.code for one in planned if element_link(one, agency_id=cast.service.id)] == []
