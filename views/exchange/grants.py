"""«Открытый доступ»: which cards letters have opened, to whom, until when (access.md, rows 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true

from models.access import Viewer
from models.access_grants import AccessGrant, AccessProfile
from models.exchange import Referral, ReferralPerson
from models.graduates import Graduate
from models.territory import Agency
from models.users import Role
from views import edge, labels, listing
from views.base import RegistryView
from views.formats import chip, ru_date
from views.listing import Column, Filter
from views.registers import fragment, label_from

READERS = frozenset({Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})
OURS, THEIRS = "ours", "theirs"
DIRECTIONS = [(OURS, "наше письмо открыло другим"), (THEIRS, "чужое письмо открыло нам")]


class GrantView(RegistryView):
    """Cards that the own letters opened to others, and those that letters of others opened here."""

    title, icon = "Открытый доступ", "key"
    readers = READERS
    can_view_details = False
    default_sort = "-starts"
    search_placeholder_text = "Фамилия, имя, как в письме"
    none_text = "Доступ открывается сам, когда получатель принимает письмо о человеке."

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        """Those of a side of the letter; all for those who oversee the region. Removed cards are nobody's."""
        there = AccessGrant.graduate_id.in_(select(Graduate.id).where(Graduate.deleted_at.is_(None)))
        if viewer.reads_everybody:
            return there
        return and_(there, or_(_is_ours(viewer.agency_id), AccessGrant.agency_id == viewer.agency_id))

    def columns(self) -> Sequence[Column]:
        g = AccessGrant
        return (
            Column("person", "О ком", _named(), width=34),
            Column("state", "Сейчас", _state(), show=_state_chip, export=lambda code: STATES[code][0]),
            Column("ends", "По какой день", g.ends_on, show=_until, export=ru_date, sort=g.ends_on, width=16),
            Column("recipient", "Кому открыто", _named_agency(g.agency_id), css="cell-medium", width=34),
            Column("sender", "Чьим письмом", _sender(), css="cell-medium", width=34),
            Column("profile", "Что видно", g.profile, show=_profile, export=label_from(AccessProfile), width=34),
            Column("letter", "Письмо", g.referral_id, show=_letter, export=lambda number: f"№ {number}"),
            Column("starts", "С какого дня", g.starts_on, show=ru_date, export=ru_date, sort=g.starts_on, width=16),
        )

    def filters(self) -> Sequence[Filter]:
        g = AccessGrant
        return (
            Filter("whose", "Кем открыто", "choice", _direction, lambda: DIRECTIONS),
            listing.flag("open", "Открыто сейчас", lambda: _state() == OPEN),
            Filter("agency", "Кому открыто", "choice", _to, lambda: labels.options("agency")),
            listing.choice("profile", "Что видно", g.profile, AccessProfile.choices),
            listing.period("ends", "По какой день", g.ends_on),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        p = ReferralPerson
        same = and_(p.referral_id == AccessGrant.referral_id, p.graduate_id == AccessGrant.graduate_id)
        return select(p.id).where(same, fragment(text, p.name)).correlate(AccessGrant).exists()


# -- Columns ---------------------------------------------------------------------------------------------------------


def _is_ours(agency_id: int) -> ColumnElement[bool]:
    return AccessGrant.referral_id.in_(select(Referral.id).where(Referral.sender_id == agency_id))


def _of_letter(column: Any) -> Any:
    return select(column).where(Referral.id == AccessGrant.referral_id).correlate(AccessGrant).scalar_subquery()


def _named_agency(number: Any) -> Any:
    return select(Agency.short_name).where(Agency.id == number).correlate(AccessGrant).scalar_subquery()


def _sender() -> Any:
    """As it is called today; a correspondent outside the directory as the letter calls it."""
    known = select(Agency.short_name).join(Referral, Referral.sender_id == Agency.id)
    known = known.where(Referral.id == AccessGrant.referral_id).correlate(AccessGrant)
    return func.coalesce(known.scalar_subquery(), _of_letter(Referral.sender_name))


def _named() -> Any:
    """As the letter named the person: whoever sees the letter has read that."""
    p = ReferralPerson
    same = and_(p.referral_id == AccessGrant.referral_id, p.graduate_id == AccessGrant.graduate_id)
    return select(func.min(p.name)).where(same).correlate(AccessGrant).scalar_subquery()


AHEAD, OPEN, OVER = "ahead", "open", "over"
STATES = {
    AHEAD: ("ещё не открыто", "grey", "clock"),
    OPEN: ("открыто", "green", "circle-check"),
    OVER: ("закончилось", "grey", "lock"),
}


def _state() -> Any:
    g, today = AccessGrant, edge.today()
    return case((g.starts_on > today, literal(AHEAD)), (g.ends_on < today, literal(OVER)), else_=literal(OPEN))


def _state_chip(code: str) -> Markup:
    return chip(*STATES[code])


def _profile(profile: AccessProfile) -> Markup:
    short = "карточка" if profile is AccessProfile.CARD else "контакты"
    return Markup('<span title="{}">{}</span>').format(profile.label, short)


def _until(ends_on: date | None) -> str:
    return ru_date(ends_on) if ends_on else "до закрытия письма"


def _letter(referral_id: int) -> Markup:
    return Markup('<a href="{}">№\xa0{}</a>').format(url_for("referral.details_view", id=referral_id), referral_id)


# -- Filters ---------------------------------------------------------------------------------------------------------


def _direction(values: list[str]) -> ColumnElement[bool]:
    if not set(values) <= {OURS, THEIRS}:
        raise ValueError(values)
    own = edge.viewer().agency_id
    conditions = {OURS: _is_ours(own), THEIRS: AccessGrant.agency_id == own}
    return or_(*(conditions[value] for value in values)) if values else true()


def _to(values: list[str]) -> ColumnElement[bool]:
    return AccessGrant.agency_id.in_([listing.number_in(value) for value in values])
