"""Short builders of documents, resources, publications, orders and aid, made by their verbs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.aid import Benefit, CuratorOrder, HousingDocument
from models.graduates import Graduate
from models.library import (
    DocumentEdition,
    DocumentStage,
    Enrolment,
    LibraryDocument,
    LibraryKind,
    Medium,
    Publication,
    Resource,
    ResourceKind,
    Training,
)
from models.users import User
from services.aid import benefits, housing, orders
from services.files.attachments import Upload, examine
from services.library import documents, publications, resources, trainings
from tests.conftest import NOW, TODAY

LIMIT = 1024 * 1024


def seen_by(session: Session, user: User, on: date = TODAY) -> Viewer:
    return Viewer.of(session, user, on)


def make_document(session: Session, user: User, title: str = "Положение о службе", **fields: Any) -> LibraryDocument:
    """Of the user's organisation."""
    stage = fields.pop("stage", DocumentStage.IN_FORCE)
    card = documents.Card(**{"kind": LibraryKind.METHOD, "title": title, **fields})
    by = seen_by(session, user)
    return documents.create(session, agency_id=user.agency_id, card=card, stage=stage, by=by, now=NOW)


def make_edition(
    session: Session, user: User, document: LibraryDocument, folder: Path, text: str = "Текст редакции"
) -> DocumentEdition:
    file = examine(Upload("положение.txt", text.encode()), max_bytes=LIMIT)
    by = seen_by(session, user)
    return documents.add_edition(session, document=document, file=file, note="", folder=folder, by=by, now=NOW)


def make_resource(session: Session, user: User, title: str = "Клуб «Старт»", **fields: Any) -> Resource:
    offer = resources.Offer(**{"kind": ResourceKind.CLUB, "title": title, "owner_name": "Дом культуры", **fields})
    return resources.create(session, agency_id=user.agency_id, offer=offer, by=seen_by(session, user), now=NOW)


def make_enrolment(session: Session, user: User, resource: Resource, graduate: Graduate, **fields: Any) -> Enrolment:
    told = {"starts_on": TODAY, **fields}
    return resources.enrol(
        session,
        agency_id=user.agency_id,
        resource_id=resource.id,
        graduate_id=graduate.id,
        by=seen_by(session, user),
        now=NOW,
        **told,
    )


def make_publication(session: Session, user: User, title: str = "Как помогает служба", **fields: Any) -> Publication:
    told = {"published_on": TODAY, "medium": Medium.SITE, **fields}
    return publications.record(
        session, agency_id=user.agency_id, title=title, by=seen_by(session, user), now=NOW, **told
    )


def make_training(session: Session, user: User, **fields: Any) -> Training:
    told = {"title": "Работа с травмой", "starts_on": TODAY, "ends_on": TODAY, "user_id": user.id, **fields}
    return trainings.record(
        session,
        agency_id=user.agency_id,
        course=trainings.Course(**told),
        by=seen_by(session, user),
        now=NOW,
    )


def make_order(session: Session, user: User, graduate: Graduate, **fields: Any) -> CuratorOrder:
    told = {"name": "Седова Ольга Павловна", "ordered_on": TODAY, "starts_on": TODAY, **fields}
    return orders.appoint(
        session,
        agency_id=user.agency_id,
        graduate_id=graduate.id,
        by=seen_by(session, user),
        now=NOW,
        **told,
    )


def make_benefit(session: Session, user: User, graduate: Graduate, **fields: Any) -> Benefit:
    course = benefits.Course(**{"measure": "Социальный контракт", "applied_on": TODAY, **fields})
    by = seen_by(session, user)
    return benefits.record(session, agency_id=user.agency_id, graduate_id=graduate.id, course=course, by=by, now=NOW)


def make_paper(session: Session, user: User, graduate: Graduate, title: str = "Паспорт") -> HousingDocument:
    line = housing.Line(title=title)
    return housing.add(session, agency_id=user.agency_id, graduate_id=graduate.id, line=line, by=seen_by(session, user))
