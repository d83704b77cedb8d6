"""On whose behalf and when a session works: set once at the edge, read by the listeners below."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.users import User

KEY = "marshrut.actor"
ZONE = "marshrut.zone"  # session.info: the region's time zone, in which a day is a day.


class NobodyActs(RuntimeError):
    """A session changes records without having been told who acts and when."""


@dataclass(frozen=True)
class Actor:
    """Who acts (None: the system itself), from where, at what moment."""

    now: datetime
    user_id: int | None = None
    name: str = "система"
    agency_id: int | None = None
    address: str = ""
    request_id: str = ""

    @classmethod
    def of(cls, user: User, now: datetime, *, address: str = "", request_id: str = "") -> "Actor":
        return cls(now, user.id, user.name, user.agency_id, address, request_id)


def act_as(session: Session, actor: Actor) -> None:
    """Everything that the session changes from here on is the actor's doing."""
    session.info[KEY] = actor


def actor_of(session: Session) -> Actor:
    """The actor of a session; raises NobodyActs."""
    actor = session.info.get(KEY)
    if not isinstance(actor, Actor):
        raise NobodyActs("call act_as(session, actor) first")
    return actor
