"""Role × route × foreign object: generated over the addresses of the exchange desk; a route without a rule fails.

Whoever is no side of a letter is told that there is none, at every address that names it or anything of it; and
nothing of the letter changes. What belongs to another letter is not there under an own one either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.routing import Rule

from models.access_grants import AccessGrant, AccessProfile
from models.audit import AuditEvent
from models.exchange import (
    Referral,
    ReferralEvent,
    ReferralFile,
    ReferralMessage,
    ReferralNote,
    ReferralReading,
    ReferralStatus,
)
from models.users import User
from tests.conftest import TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast
from tests.letters import OPENING, act, letter, make_file, make_message
from tests.obligations import make_deadline
from tests.plans_factories import make_plan
from tests.signing import sign_in
from views.exchange.referral_forms import ChoiceField
from views.exchange.referral_view import ReferralView

Page = scoped_session[Session]
PREFIXES = ("/exchange", "/referral")
VERBS = [action.name for action in ReferralView.actions]
BOXES = {  # Endpoint → its place in the address.
    **{name: name for name in ("inbox", "outbox", "awaited", "drafts")},
    "overdue_letters": "overdue",
    "letters_archive": "archive",
}
FOLLOWED = {**OPENING, "accepting": ["problem", "card", "measure"]}
CARD, CONTACTS = AccessProfile.CARD, AccessProfile.CONTACTS


@dataclass(frozen=True)
class Objects:
    """Numbers of a letter and of what hangs on it."""

    letter: int
    file: int
    person: int
    grant: int
    deadline: int
    batch: str


@dataclass(frozen=True)
class Asked:
    """How an address names an object: a path, what is posted, and how a stranger is answered."""

    path: str
    typed: Callable[[Objects], dict[str, Any]] = lambda objects: {}
    answers: tuple[int, ...] = (404,)


def _by_number(prefix: str, **more: Any) -> list[Asked]:
    return [Asked(f"{prefix}?id={{0.letter}}", **more)]


# Endpoint → how it is asked for an object. {0} are the Objects.
RULES: dict[str, list[Asked]] = {
    "referral.details_view": _by_number("/referral/details/"),
    "referral.edit_view": _by_number("/referral/edit/"),
    "referral.before_view": _by_number("/referral/before/"),
    "referral.act": [Asked(f"/referral/act/{verb}/?id={{0.letter}}") for verb in (*VERBS, "nothing")],
    "letter_files.download": [Asked("/referral/{0.letter}/files/{0.file}")],
    "letter_files.preview": [Asked("/referral/{0.letter}/files/{0.file}/preview/")],
    "letter_files.picture": [Asked("/referral/{0.letter}/files/{0.file}/preview/1.png")],
    "letter_files.remove": [Asked("/referral/{0.letter}/files/{0.file}/remove/", lambda _: {"reason": "лишний"})],
    "contacts.show": [Asked("/exchange/person/{0.person}")],
    "urgent.acknowledge": [Asked("/exchange/urgent/{0.letter}/acknowledge")],
    "fan_out.sent": [Asked("/exchange/fan-out/sent/{0.batch}")],
    "proposals.send": [Asked("/exchange/proposals/send", lambda objects: {"deadline": str(objects.deadline)})],
    "grant.details_view": [Asked("/exchange/grants/details/?id={0.grant}", answers=(403, 404))],
    "grant.edit_view": [Asked("/exchange/grants/edit/?id={0.grant}", answers=(403, 404))],
    # Several at once: a foreign one is passed over, the page goes on.
    "inbox.bulk": [
        Asked("/exchange/inbox/bulk/", lambda objects: {"action": "accept", "rowid": [str(objects.letter)]}, (302,))
    ],
} | {
    f"{box}.{door}": _by_number(f"/exchange/{place}/{name}/", answers=(403, 404))
    for box, place in BOXES.items()
    for door, name in (("details_view", "details"), ("edit_view", "edit"))
}
# Addresses that name no letter: lists, blank forms, doors that are shut to everybody (tests/test_routes.py).
NAMELESS = ("index_view", "create_view", "export", "action_view", "delete_view", "ajax_lookup", "ajax_update")
WITHOUT_OBJECT = {
    *("exchange.index", "urgent.strip", "paper_letter.new", "paper_letter.save", "proposals.index"),
    *("fan_out.index", "fan_out.show", "fan_out.send"),
}


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIXES)]


def test_every_address_of_the_exchange_has_a_rule(app: Flask) -> None:
    there = {rule.endpoint for rule in _rules(app)}
    without = {name for name in there if name.partition(".")[2] in NAMELESS} | WITHOUT_OBJECT
    assert there - without - set(RULES) == set()
    assert set(RULES) - there == set()
    unnamed = [rule for rule in _rules(app) if rule.endpoint in without and rule.arguments - {"export_type"}]
    assert {rule.endpoint for rule in unnamed} <= {"fan_out.show", "fan_out.send"}  # They name a kind of letter.


@pytest.fixture
def foreign(session: Page, cast: Cast) -> Objects:
    """A letter between two guardianship bodies, with everything that may hang on one."""
    made = letter(session(), cast.opeka, cast.other_opeka, cast.local, answer_due_on=TODAY, batch="b1")
    return _objects(session(), cast, made)


@pytest.fixture
def draft(session: Page, cast: Cast) -> Objects:
    """A draft of Boris's body that is meant for Anna's service."""
    made = letter(session(), cast.opeka, cast.service, cast.local, status=ReferralStatus.DRAFT, batch="b1")
    return _objects(session(), cast, made)


def _objects(session: Session, cast: Cast, made: Referral) -> Objects:
    file = make_file(session, made, cast.opeka)
    make_message(session, made, cast.opeka)
    deadline = make_deadline(session, cast.opeka)
    grant = AccessGrant(referral=made, graduate=cast.local, agency=cast.other_opeka, profile=CONTACTS, starts_on=TODAY)
    session.add(grant)
    session.commit()
    return Objects(made.id, file.id, made.people[0].id, grant.id, deadline.id, made.batch or "")


def _state(session: Session, objects: Objects) -> tuple[Any, ...]:
    """All of a letter that anybody's request might have changed."""
    session.expire_all()
    made = session.get_one(Referral, objects.letter)
    rows = [
        session.scalar(select(func.count()).select_from(model).where(model.referral_id == made.id))
        for model in (ReferralMessage, ReferralNote, ReferralEvent, ReferralFile, ReferralReading)
    ]
    removed = session.get_one(ReferralFile, objects.file).removed_on
    return made.status, made.version, removed, session.scalar(select(func.count()).select_from(AuditEvent)), *rows


def _answers(app: Flask, client: FlaskClient, user: User, objects: Objects) -> dict[str, int]:
    """What a stranger is told at every address that names an object, where it is not what the rule says."""
    wrong: dict[str, int] = {}
    sign_in(client, user)
    for rule in _rules(app):
        for asked in RULES.get(rule.endpoint, ()):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                path = asked.path.format(objects)
                with client.open(path, method=method, data=asked.typed(objects)) as answer:
                    if answer.status_code not in asked.answers:
                        wrong[f"{method} {path}"] = answer.status_code
    return wrong


@pytest.mark.parametrize("who", ["anna", "galina"])
def test_a_letter_of_others_is_not_there_at_any_address(
    app: Flask, client: FlaskClient, session: Page, cast: Cast, foreign: Objects, who: str
) -> None:
    before = _state(session(), foreign)
    assert _answers(app, client, getattr(cast, who), foreign) == {}
    assert _state(session(), foreign) == before


def test_a_side_of_the_letter_is_answered_otherwise(
    app: Flask, client: FlaskClient, cast: Cast, foreign: Objects
) -> None:
    """Else the matrix would be blind."""
    answered = set(_answers(app, client, cast.boris, foreign))
    assert {
        f"GET /referral/details/?id={foreign.letter}",
        f"POST /referral/act/revoke/?id={foreign.letter}",
    } <= answered
    assert len(answered) > len(VERBS)


@pytest.mark.parametrize("who", ["anna", "galina", "vera", "kira", "root"])
def test_a_draft_of_somebody_else_is_not_there_at_any_address(
    app: Flask, client: FlaskClient, session: Page, cast: Cast, draft: Objects, who: str
) -> None:
    before = _state(session(), draft)
    wrong = _answers(app, client, getattr(cast, who), draft)
    if who in ("kira", "root"):  # They oversee what letters have opened.
        wrong.pop(f"GET /exchange/grants/details/?id={draft.grant}", None)
    assert wrong == {}
    assert _state(session(), draft) == before


def test_what_belongs_to_another_letter_is_not_there_under_an_own_one(
    app: Flask, client: FlaskClient, session: Page, cast: Cast, foreign: Objects
) -> None:
    own = letter(session(), cast.service, cast.opeka, cast.own)
    mixed = Objects(own.id, foreign.file, foreign.person, foreign.grant, foreign.deadline, foreign.batch)
    turned = Objects(foreign.letter, make_file(session(), own, cast.service).id, *list(foreign.__dict__.values())[2:])
    for user, objects in ((cast.anna, mixed), (cast.boris, mixed), (cast.anna, turned)):
        sign_in(client, user)
        for rule in _rules(app):
            if {"referral_id", "file_id"} <= rule.arguments:
                for asked in RULES[rule.endpoint]:
                    method = "POST" if "POST" in (rule.methods or set()) else "GET"
                    path = asked.path.format(objects)
                    assert client.open(path, method=method, data=asked.typed(objects)).status_code == 404, path
    session.expire_all()
    assert session.get_one(ReferralFile, foreign.file).removed_on is None


def _choices() -> list[tuple[str, str]]:
    """Every field of every action that takes the number of a record."""
    found = []
    for action in ReferralView.actions:
        form = action.form
        names = [name for name in dir(form) if getattr(getattr(form, name), "field_class", None) is ChoiceField]
        found += [(action.name, name) for name in names if name != "severity"]
    return found


@pytest.mark.parametrize(("verb", "field"), _choices())
def test_no_picker_of_an_own_letter_takes_what_is_foreign(
    client: FlaskClient, session: Page, cast: Cast, foreign: Objects, verb: str, field: str
) -> None:
    """A person, a message, a plan, a colleague, a recipient: each has to belong to the letter or to its side."""
    terms = {**FOLLOWED, "to": ["college"]} | ({"accepting": ["transfer"]} if verb == "accept-transfer" else {})
    fresh = verb in ("accept", "accept-transfer", "forward")
    status = ReferralStatus.SENT if fresh else ReferralStatus.ACCEPTED
    own = make_referral(session(), cast.opeka, cast.service, cast.own, terms=terms, status=status)
    other = make_message(session(), session().get_one(Referral, foreign.letter), cast.service)
    plan = make_plan(session(), cast.local, cast.opeka)
    session.commit()
    numbers = {
        "person_id": foreign.person,
        "message_id": other.id,
        "plan_id": plan.id,
        "executor_id": cast.boris.id,
        "curator_id": cast.boris.id,
        "recipient_id": cast.other_opeka.id,
    }
    typed = {"reason": "не наш район", "title": "Записать", "description": "нужно жильё", "kind_code": "housing"}
    typed |= {"name": "Ёлкина Дарья", "birth_date": "02.03.2007", "direction_code": "education"}
    before = own.version
    answer = act(client, cast.galina, own, verb, **(typed | {field: str(numbers[field])}))
    assert answer.status_code == 422
    session.expire_all()
    assert (own.version, own.status, own.files) == (before, status, [])
