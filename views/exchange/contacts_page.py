"""Live contacts of a person whom a letter has opened so far, and no further (access.md, rows 3)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy import select

from models.access import opened_to
from models.access_grants import AccessGrant, AccessProfile
from models.audit import AccessKind
from models.exchange import Referral, ReferralPerson
from models.exchange_access import referrals_visible_to
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind
from views import edge, labels
from views.exchange.addresses import desk_crumb
from views.exchange.referral_words import days_text
from views.extensions import db
from views.formats import age_text, ru_date

pages = Blueprint("contacts", __name__, url_prefix="/exchange")


def contacts_of(referral: Referral) -> frozenset[int]:
    """Numbers of the people of a letter whose contacts are open to the viewer by it today."""
    query = _open().where(ReferralPerson.referral_id == referral.id)
    return frozenset(one.id for one in db.session.scalars(query))


def _open() -> Any:
    """People of visible letters whose contacts are open to the viewer's organisation by that very letter."""
    viewer = edge.viewer()
    g = AccessGrant
    by_letter = select(g.id).where(
        g.referral_id == ReferralPerson.referral_id,
        g.graduate_id == ReferralPerson.graduate_id,
        g.agency_id == viewer.agency_id,
        g.profile == AccessProfile.CONTACTS,
    )
    return (
        select(ReferralPerson)
        .join(Referral, Referral.id == ReferralPerson.referral_id)
        .join(Graduate, Graduate.id == ReferralPerson.graduate_id)
        .where(
            referrals_visible_to(viewer),
            by_letter.exists(),
            Graduate.id.in_(opened_to(viewer, AccessProfile.CONTACTS)),
            Graduate.deleted_at.is_(None),
        )
    )


@pages.get("/person/<int:person_id>")
def show(person_id: int) -> str:
    found = (
        db.session.scalars(_open().where(ReferralPerson.id == person_id)).one_or_none() if person_id < 2**31 else None
    )
    if found is None or found.graduate is None:
        edge.log_access(AccessKind.REFUSED, subject="referral_person", subject_id=person_id)
        abort(404)
    graduate = found.graduate
    edge.log_access(AccessKind.OPENED, "graduate", graduate.id, {"page": "contacts", "referral": found.referral_id})
    return render_template(
        "exchange/contacts.html",
        page_title=graduate.full_name,
        breadcrumbs=[
            desk_crumb(),
            (found.referral.kind_title, url_for("referral.details_view", id=found.referral_id)),
            (graduate.full_name, None),
        ],
        person_facts=_facts(graduate),
        care_facts=_care(graduate),
        term_text=_term(found),
    )


def _facts(graduate: Graduate) -> list[tuple[str, str]]:
    return [
        ("Дата рождения", f"{ru_date(graduate.birth_date)}, {age_text(graduate.birth_date, edge.today())}"),
        ("Где живёт", graduate.current_address or labels.label("district", graduate.district_id)),
        ("Телефон", graduate.current_phone),
        ("Категория сопровождения", labels.label("support_category", graduate.category_code)),
    ]


def _care(graduate: Graduate) -> list[tuple[str, str]]:
    curator, agency = _curator(graduate), graduate.agency
    found = [("Ответственная организация", agency.name if agency else "")]
    found += [("Телефон организации", agency.phone)] if agency and agency.phone else []
    found.append(("Куратор", curator.name if curator else graduate.curator_name))
    return [*found, ("Телефон куратора", curator.phone if curator else "")]


def _curator(graduate: Graduate) -> Assignment | None:
    today = edge.today()
    own = [
        one
        for one in graduate.assignments
        if one.kind is AssignmentKind.CURATOR and one.starts_on <= today and (not one.ends_on or one.ends_on >= today)
    ]
    return max(own, key=lambda one: (one.starts_on, one.id), default=None)


def _term(person: ReferralPerson) -> str:
    """Until when the page can be read."""
    query = select(AccessGrant).where(
        AccessGrant.referral_id == person.referral_id,
        AccessGrant.graduate_id == person.graduate_id,
        AccessGrant.agency_id == edge.viewer().agency_id,
    )
    grant = db.session.scalars(query).one()
    if grant.ends_on is None:
        return f"Контакты открыты с {ru_date(grant.starts_on)}, пока письмо не закрыто, и ещё 30 дней после этого."
    left = days_text((grant.ends_on - edge.today()).days)
    return f"Контакты открыты с {ru_date(grant.starts_on)} по {ru_date(grant.ends_on)}, осталось {left}."
