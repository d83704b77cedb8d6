"""A desk of two organisations for tests of the verbs: short calls, sentences of refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.access_grants import AccessGrant
from models.exchange import Referral, ReferralStatus, ReplyOutcome
from models.notifications import Notification
from models.users import Role, User
from services.errors import Refused
from services.exchange import workflow
from services.production_calendar import load_years
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast, make_user

CASE = PLAIN | {"code": "case", "title": "Извещение", "opens_access": True, "about": "person"}
KNOWING = CASE | {"profile": "contacts"}
URGENT = CASE | {"urgency": "immediate", "acknowledge_minutes": 60, "answer_days": 1}
TRANSFER = CASE | {"accepting": ["transfer"]}
SILENT = {name: value for name, value in CASE.items() if name != "answer_days"}


class Desk:
    """Anna of the service writes about her own graduate to the guardianship body of Boris, whose head is Grigory."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        load_years(session)
        self.grigory = make_user(session, "grigory", "Григорий Главный", Role.HEAD, cast.opeka)
        session.commit()

    def by(self, user: User, on: date = TODAY) -> Viewer:
        return Viewer.of(self.session, user, on)

    def draft(self, terms: dict[str, Any] = CASE, **fields: Any) -> Referral:
        """The letter is written by Anna."""
        people = fields.pop("people", (self.cast.own,))
        return make_referral(
            self.session,
            self.cast.service,
            fields.pop("recipient", self.cast.opeka),
            *people,
            status=ReferralStatus.DRAFT,
            author=fields.pop("author", self.cast.anna),
            terms=terms,
            **fields,
        )

    def send(self, terms: dict[str, Any] = CASE, *, on: date = TODAY, **fields: Any) -> Referral:
        letter = self.draft(terms, **fields)
        return workflow.send(self.session, referral=letter, by=self.by(self.cast.anna, on), now=NOW)

    def do(self, verb: Callable[..., Any], letter: Referral, user: User, on: date = TODAY, **said: Any) -> Any:
        return verb(self.session, referral=letter, by=self.by(user, on), now=NOW, **said)

    def answer(self, letter: Referral, user: User | None = None, **said: Any) -> Any:
        said = {"text": "Сделано.", "outcome": ReplyOutcome.RESOLVED} | said
        return self.do(workflow.answer, letter, user or self.cast.boris, **said)

    def grants(self, letter: Referral) -> list[AccessGrant]:
        return list(self.session.scalars(select(AccessGrant).where(AccessGrant.referral_id == letter.id)))

    def told(self, letter: Referral) -> list[tuple[str, str, bool]]:
        """(whose bell, what, whether it is shown already), in the order of telling."""
        n = Notification
        rows = self.session.scalars(select(n).where(n.referral_id == letter.id).order_by(n.at, n.id)).all()
        return [(row.user.login, row.text, row.at <= NOW) for row in rows]


def refused(act: Callable[..., Any], *given: Any, **said: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*given, **said)
    return str(caught.value)
