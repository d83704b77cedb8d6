"""Records of the library and of aid, made as a test asks for them by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.aid import Benefit, CuratorOrder, HousingDocument
from models.context import Actor, act_as
from models.library import Audience, Enrolment, LibraryDocument, Publication, Resource, Training
from tests import library_factories as make
from tests.conftest import NOW
from tests.factories import Cast


def _document(session: Session, cast: Cast) -> Any:
    return make.make_document(session, cast.anna, audience=Audience.AGENCY)


def _opened(session: Session, cast: Cast) -> Any:
    document = make.make_document(session, cast.anna, "Порядок для всех")
    make.make_edition(session, cast.anna, document, Path(current_app.config["DATA_DIR"]))
    return document


def _kept(make_it: Callable[[Session, Cast], Any], model: type[Any], **known: Any) -> Callable[[Session, Cast], int]:
    def kept(session: Session, cast: Cast) -> int:
        act_as(session, Actor(NOW))
        wanted = select(model).filter_by(agency_id=cast.service.id, **known)
        record = session.scalars(wanted).first() or make_it(session, cast)
        session.commit()
        return int(record.id)

    return kept


def _enrolment(session: Session, cast: Cast) -> Any:
    return make.make_enrolment(session, cast.anna, make.make_resource(session, cast.anna), cast.own)


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's document": _kept(_document, LibraryDocument, audience=Audience.AGENCY),
    "open document": _kept(_opened, LibraryDocument, audience=Audience.EVERYBODY),
    "service's resource": _kept(lambda s, c: make.make_resource(s, c.anna), Resource),
    "service's enrolment": _kept(_enrolment, Enrolment),
    "service's publication": _kept(lambda s, c: make.make_publication(s, c.anna), Publication),
    "service's training": _kept(lambda s, c: make.make_training(s, c.anna), Training),
    "service's order": _kept(lambda s, c: make.make_order(s, c.galina, c.own), CuratorOrder),
    "service's benefit": _kept(lambda s, c: make.make_benefit(s, c.anna, c.own), Benefit),
    "service's paper": _kept(lambda s, c: make.make_paper(s, c.anna, c.own), HousingDocument),
}
