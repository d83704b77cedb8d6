"""Doing with a letter what its page offers, as a browser would."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.access_grants import AccessProfile
from models.exchange import Referral, ReferralFile, ReferralMessage
from models.graduates import Graduate
from models.territory import Agency
from models.users import User
from tests.conftest import NOW
from tests.exchange_factories import PLAIN, make_referral
from tests.signing import sign_in

OPENING = {**PLAIN, "opens_access": True, "profile": AccessProfile.CARD.value}
CONTACTS = {**PLAIN, "opens_access": True, "profile": AccessProfile.CONTACTS.value}


def page(client: FlaskClient, user: User, referral: Referral) -> str:
    answer = sign_in(client, user).get(f"/referral/details/?id={referral.id}")
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def act(
    client: FlaskClient, user: User, referral: Referral, verb: str, *, version: int | None = None, **typed: Any
) -> TestResponse:
    """Post an action; `version`: of the letter that the page showed, where it is not the present one."""
    seen = referral.version if version is None else version
    sent = {"version": str(seen), **{f"{verb}-{name}": value for name, value in typed.items()}}
    options = {"content_type": "multipart/form-data"} if verb == "attach" else {}
    return sign_in(client, user).post(f"/referral/act/{verb}/?id={referral.id}", data=sent, **options)


def letter(session: Session, sender: Agency, recipient: Agency, *people: Graduate, **fields: Any) -> Referral:
    made = make_referral(session, sender, recipient, *people, **fields)
    session.commit()
    return made


def make_file(session: Session, referral: Referral, agency: Agency, sha256: str = "ab" * 32) -> ReferralFile:
    """The row of a file, without its bytes."""
    made = ReferralFile(
        agency_id=agency.id,
        title="Справка",
        file_name="справка.pdf",
        media_type="application/pdf",
        size=10,
        sha256=sha256,
        added_at=NOW,
    )
    referral.files.append(made)
    session.commit()
    return made


def make_message(session: Session, referral: Referral, agency: Agency, text: str = "Когда ждать?") -> ReferralMessage:
    made = ReferralMessage(agency_id=agency.id, who=agency.name, text=text, written_on=NOW.date(), at=NOW)
    referral.messages.append(made)
    session.commit()
    return made
