"""The tab «Обмен»: letters about the person that the viewer sees, and to whom they have opened the card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.access_grants import AccessGrant, AccessProfile
from models.exchange import Referral, ReferralPerson
from models.exchange_access import referrals_visible_to
from models.graduates import Graduate
from views import edge
from views.extensions import db
from views.formats import chip, counted, ru_date

MANY = 100


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html."""
    from views.exchange.proposals import block_of_card  # Pages of that package show this card.

    if (proposed := block_of_card(graduate)) is not None:
        yield proposed
    yield _letters(graduate)
    if grants := _grants(graduate):
        columns = ["Кому", "Что", "Доступ открыт", "Сейчас", "Письмо"]
        table = {"columns": columns, "rows": grants}
        yield {"title": "Кому открыт доступ", "id": "grants", "items": [], "table": table}


def _letters(graduate: Graduate) -> dict[str, Any]:
    found = _visible_letters(graduate)
    rows = [_row(one) for one in found[:MANY]]
    note = counted(len(found), "письмо", "письма", "писем") if len(found) <= MANY else f"последние {MANY} писем"
    return {
        "title": "Письма",
        "id": "letters",
        "items": [],
        "note": note if found else None,
        "table": {"columns": ["Дата", "Вид", "От кого", "Кому", "Состояние", "Срок"], "rows": rows} if rows else None,
        "action": ("Написать", url_for("referral.create_view", graduate=graduate.id)),
        "empty": "Писем об этом человеке вы ещё не отправляли и не получали.",
    }


def _visible_letters(graduate: Graduate) -> list[Referral]:
    """The newest first, drafts before all."""
    query = (
        select(Referral)
        .join(ReferralPerson, ReferralPerson.referral_id == Referral.id)
        .where(ReferralPerson.graduate_id == graduate.id, referrals_visible_to(edge.viewer()))
        .order_by(Referral.sent_at.is_(None).desc(), Referral.sent_at.desc(), Referral.id.desc())
    )
    return list(db.session.scalars(query.limit(MANY + 1)))


def _row(referral: Referral) -> list[Any]:
    from views.exchange.referral_words import clock_text, status_chip  # Pages of that package show this card.

    today = edge.today()
    clock = clock_text(referral, today)
    shown = chip(clock, "red", "clock-exclamation") if referral.is_late_on(today) else clock
    return [
        ru_date(referral.sent_on) or "черновик",
        _link(referral),
        referral.sender_name,
        referral.recipient_name,
        status_chip(referral.status),
        shown,
    ]


def _link(referral: Referral) -> Markup:
    url = url_for("referral.details_view", id=referral.id)
    return Markup('<a href="{}">{}</a>').format(url, referral.kind_title)


def _grants(graduate: Graduate) -> list[list[Any]]:
    """Who else may read the card by a letter: whoever leads the person should know."""
    from views.exchange.referral_card import grant_term

    today, viewer = edge.today(), edge.viewer()
    query = select(AccessGrant).where(AccessGrant.graduate_id == graduate.id).order_by(AccessGrant.id.desc())
    is_in_charge = viewer.reads_everybody or graduate.agency_id == viewer.agency_id
    rows = []
    for grant in db.session.scalars(query.limit(MANY)):
        sides = (grant.referral.sender_id, grant.referral.recipient_id, grant.referral.forwarded_by_id)
        is_side = viewer.agency_id in sides
        if not (is_in_charge or is_side):
            continue
        is_over = grant.ends_on is not None and grant.ends_on < today
        state = chip("закрыт", "grey", "lock") if is_over else chip("открыт", "green", "key")
        what = "карточка" if grant.profile is AccessProfile.CARD else "контакты"
        letter = _link(grant.referral) if is_side or viewer.reads_everybody else grant.referral.kind_title
        rows.append([grant.agency.short_name, what, grant_term(grant), state, letter])
    return rows
