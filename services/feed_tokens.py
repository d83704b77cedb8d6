"""Secret addresses of calendar feeds: made, revoked, recognised. Only a digest of the secret is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from models.notifications import FeedToken
from models.users import User

MOST_TOKENS = 5  # One for each device is enough.


class FeedRefused(ValueError):
    """Why no address is made; one Russian sentence."""


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def create(session: Session, *, user_id: int, now: datetime) -> str:
    """A new secret, known to nobody else; raises FeedRefused."""
    standing = select(func.count(FeedToken.id)).where(FeedToken.user_id == user_id, FeedToken.revoked_at.is_(None))
    if (session.scalar(standing) or 0) >= MOST_TOKENS:
        raise FeedRefused(f"У вас уже {MOST_TOKENS} адресов календаря. Отзовите тот, которым не пользуетесь.")
    token = secrets.token_urlsafe(32)
    session.add(FeedToken(user_id=user_id, digest=digest_of(token), created_at=now))
    session.flush()
    return token


def revoke(session: Session, *, user_id: int, token_id: int, now: datetime) -> bool:
    """Shut a user's own address at once; False where it is none of hers."""
    query = select(FeedToken).where(FeedToken.id == token_id, FeedToken.user_id == user_id)
    found = session.scalars(query).one_or_none()
    if found is not None and found.revoked_at is None:
        found.revoked_at = now
        session.flush()
    return found is not None


def of_user(session: Session, *, user_id: int) -> Sequence[FeedToken]:
    """Addresses that are not revoked, oldest first."""
    query = select(FeedToken).where(FeedToken.user_id == user_id, FeedToken.revoked_at.is_(None))
    return session.scalars(query.order_by(FeedToken.id)).all()


def recognise(session: Session, *, token: str) -> FeedToken | None:
    """The address with its user and organisation; None: unknown, revoked, or the account is locked."""
    query = (
        select(FeedToken)
        .join(FeedToken.user)
        .where(FeedToken.digest == digest_of(token), FeedToken.revoked_at.is_(None), ~User.is_locked)
        .options(contains_eager(FeedToken.user).options(joinedload(User.agency)))
    )
    return session.scalars(query).one_or_none()
