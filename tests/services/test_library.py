"""The library, its approval sheet, resources with room for so many, publications, trainings."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.context import Actor, act_as
from models.graduates import Graduate
from models.library import ApprovalStatus, Audience, DocumentStage, Enrolment, LibraryDocument, LibraryKind, Resource
from models.library_access import library_visible_to
from models.users import User
from services.errors import Refused
from services.library import approvals, documents, publications, resources
from tests import library_factories as make
from tests.conftest import NOW, TODAY
from tests.factories import Cast, build_cast
from tests.fresh import fresh_app
from tests.library_factories import seen_by
from views.extensions import db

DAY = timedelta(days=1)


def seen(session: Session, user: User) -> set[str]:
    query = select(LibraryDocument.title).where(library_visible_to(seen_by(session, user)))
    return set(session.scalars(query))


# -- Who reads -------------------------------------------------------------------------------------------------------


def test_the_audience_says_who_reads(session: scoped_session[Session], cast: Cast) -> None:
    for audience in Audience:
        make.make_document(session(), cast.anna, audience.value, audience=audience)
    assert seen(session(), cast.galina) == {"agency", "participants", "everybody"}
    assert seen(session(), cast.root) == {"agency", "participants", "everybody"}
    assert seen(session(), cast.kira) == {"everybody"}
    assert seen(session(), cast.boris) == {"everybody"}


def test_who_is_named_asked_or_checked_reads_too(session: scoped_session[Session], cast: Cast, tmp_path: Path) -> None:
    named = make.make_document(session(), cast.anna, "named", audience=Audience.PARTICIPANTS)
    asked = make.make_document(session(), cast.anna, "asked", audience=Audience.AGENCY)
    make.make_edition(session(), cast.anna, asked, tmp_path)
    make.make_document(
        session(),
        cast.anna,
        "checked",
        kind=LibraryKind.CONTROL_ACT,
        audience=Audience.AGENCY,
        about_agency_id=cast.opeka.id,
    )
    by = seen_by(session(), cast.anna)
    assert approvals.name_readers(session(), document=named, agency_ids=[cast.opeka.id], by=by, now=NOW) == 1
    approvals.ask(session(), document=asked, agency_ids=[cast.opeka.id], due_on=None, by=by, now=NOW)
    assert seen(session(), cast.boris) == {"named", "asked", "checked"}
    assert seen(session(), cast.vera) == set()


def test_what_is_withdrawn_is_opened_by_its_own_organisation_only(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    document = make.make_document(session(), cast.anna)
    make.make_edition(session(), cast.anna, document, tmp_path)
    with pytest.raises(Refused, match="руководитель"):
        documents.withdraw(session(), document=document, reason="x", by=seen_by(session(), cast.anna))
    with pytest.raises(Refused, match="Укажите причину"):
        documents.withdraw(session(), document=document, reason=" ", by=seen_by(session(), cast.galina))
    documents.withdraw(session(), document=document, reason="устарел", by=seen_by(session(), cast.galina))
    opened = {
        who: documents.edition_of(session(), document_id=document.id, number=1, by=seen_by(session(), user)) is not None
        for who, user in (("anna", cast.anna), ("boris", cast.boris), ("root", cast.root))
    }
    assert opened == {"anna": True, "boris": False, "root": True}
    with pytest.raises(Refused, match="изъят"):
        make.make_edition(session(), cast.anna, document, tmp_path, "ещё")


# -- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": None}, "kind"),
        ({"starts_on": TODAY, "ends_on": TODAY - DAY}, "ends_on"),
        ({"document_on": date(1900, 1, 1)}, "document_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "file:///etc/passwd"}, "link"),
        ({"kind": LibraryKind.CONTROL_ACT}, "about_agency_id"),
        ({"is_mandatory": True, "starts_on": TODAY}, "is_mandatory"),
        ({"about_agency_id": 999_999}, "about_agency_id"),
    ],
)
def test_a_document_is_refused_at_its_field(
    session: scoped_session[Session], cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        make.make_document(session(), cast.anna, **fields)
    assert refusal.value.field == field


def test_a_coordinator_makes_a_form_mandatory_from_a_day(session: scoped_session[Session], cast: Cast) -> None:
    told = {"kind": LibraryKind.UNIFIED_FORM, "is_mandatory": True}
    with pytest.raises(Refused, match="с какого дня"):
        make.make_document(session(), cast.kira, **told)
    with pytest.raises(Refused, match="все участники"):
        make.make_document(session(), cast.kira, starts_on=TODAY, audience=Audience.AGENCY, **told)
    assert make.make_document(session(), cast.kira, starts_on=TODAY, **told).is_mandatory


def test_nobody_writes_for_another_organisation(session: scoped_session[Session], cast: Cast) -> None:
    document = make.make_document(session(), cast.anna)
    with pytest.raises(Refused, match="сотрудники организации"):
        documents.put_stage(
            session(), document=document, stage=DocumentStage.DONE, on=TODAY, by=seen_by(session(), cast.boris)
        )


def test_the_same_text_twice_is_no_new_edition(session: scoped_session[Session], cast: Cast, tmp_path: Path) -> None:
    document = make.make_document(session(), cast.anna)
    assert make.make_edition(session(), cast.anna, document, tmp_path, "один").number == 1
    with pytest.raises(Refused, match="тот же файл"):
        make.make_edition(session(), cast.anna, document, tmp_path, "один")
    assert make.make_edition(session(), cast.anna, document, tmp_path, "два").number == 2


# -- The approval sheet ----------------------------------------------------------------------------------------------


@pytest.fixture
def draft(session: scoped_session[Session], cast: Cast, tmp_path: Path) -> LibraryDocument:
    document = make.make_document(
        session(), cast.anna, "Порядок", kind=LibraryKind.DRAFT_ACT, stage=DocumentStage.DRAFT, audience=Audience.AGENCY
    )
    with pytest.raises(Refused, match="Сначала приложите текст"):
        ask(session(), cast, document)
    make.make_edition(session(), cast.anna, document, tmp_path, "первая")
    ask(session(), cast, document)
    return document


def ask(session: Session, cast: Cast, document: LibraryDocument) -> None:
    approvals.ask(
        session,
        document=document,
        agency_ids=[cast.opeka.id, cast.other_opeka.id],
        due_on=TODAY,
        by=seen_by(session, cast.anna),
        now=NOW,
    )


def answer(session: Session, document: LibraryDocument, user: User, remarks: str = "") -> None:
    line = next(one for one in reversed(document.approvals) if one.agency_id == user.agency_id)
    by = seen_by(session, user)
    approvals.answer(session, line=line, is_agreed=not remarks, remarks=remarks, by=by, now=NOW)


def test_each_organisation_answers_once_and_the_progress_is_told(
    session: scoped_session[Session], cast: Cast, draft: LibraryDocument, tmp_path: Path
) -> None:
    assert draft.stage is DocumentStage.AGREEMENT
    answer(session(), draft, cast.boris)
    with pytest.raises(Refused, match="уже ответила: согласовано, Борис"):
        answer(session(), draft, cast.boris, "передумали")
    answer(session(), draft, cast.vera, "Уточнить срок")
    progress = approvals.progress_of(draft, TODAY + DAY)
    assert progress is not None
    assert (progress.edition, progress.asked, progress.agreed, progress.remarks, progress.waiting) == (1, 2, 1, 1, 0)
    make.make_edition(session(), cast.anna, draft, tmp_path, "вторая")
    many = approvals.ask_again(session(), document=draft, due_on=None, by=seen_by(session(), cast.anna), now=NOW)
    progress = approvals.progress_of(draft, TODAY)
    assert many == 2
    assert progress is not None
    assert (progress.edition, progress.waiting) == (2, 2)


def test_only_the_organisation_that_was_asked_answers(
    session: scoped_session[Session], cast: Cast, draft: LibraryDocument
) -> None:
    line = draft.approvals[0]
    for user in (cast.anna, cast.vera, cast.kira):
        with pytest.raises(Refused, match="Отвечает руководитель"):
            approvals.answer(session(), line=line, is_agreed=True, by=seen_by(session(), user), now=NOW)
    assert line.status is ApprovalStatus.ASKED


def test_an_answer_to_an_older_text_does_not_count(
    session: scoped_session[Session], cast: Cast, draft: LibraryDocument, tmp_path: Path
) -> None:
    make.make_edition(session(), cast.anna, draft, tmp_path, "вторая")
    with pytest.raises(Refused, match="новая редакция"):
        answer(session(), draft, cast.boris)


def test_remarks_are_told_in_words(session: scoped_session[Session], cast: Cast, draft: LibraryDocument) -> None:
    with pytest.raises(Refused, match="Напишите замечания"):
        approvals.answer(
            session(), line=draft.approvals[0], is_agreed=False, by=seen_by(session(), cast.boris), now=NOW
        )


# -- Resources -------------------------------------------------------------------------------------------------------


def test_nobody_is_in_one_club_twice_at_a_time(session: scoped_session[Session], cast: Cast) -> None:
    club = make.make_resource(session(), cast.kira)
    first = make.make_enrolment(session(), cast.anna, club, cast.own)
    with pytest.raises(Refused, match="уже записан"):
        make.make_enrolment(session(), cast.anna, club, cast.own, starts_on=TODAY + DAY)
    resources.leave(session(), enrolment=first, ends_on=TODAY, by=seen_by(session(), cast.anna))
    again = make.make_enrolment(session(), cast.anna, club, cast.own, starts_on=TODAY + DAY)
    assert again.ends_on is None


def test_there_is_room_for_so_many(session: scoped_session[Session], cast: Cast) -> None:
    club = make.make_resource(session(), cast.kira, capacity=1)
    first = make.make_enrolment(session(), cast.anna, club, cast.own)
    with pytest.raises(Refused, match="занято 1 из 1"):
        make.make_enrolment(session(), cast.boris, club, cast.local)
    resources.leave(session(), enrolment=first, ends_on=TODAY, by=seen_by(session(), cast.anna))
    make.make_enrolment(session(), cast.boris, club, cast.local, starts_on=TODAY + DAY)


def test_strangers_are_not_enrolled(session: scoped_session[Session], cast: Cast) -> None:
    club = make.make_resource(session(), cast.kira)
    with pytest.raises(Refused, match="нет среди тех, кого вы видите"):
        make.make_enrolment(session(), cast.anna, club, cast.foreign)


def test_nobody_is_enrolled_outside_the_days_of_an_offer(session: scoped_session[Session], cast: Cast) -> None:
    camp = make.make_resource(session(), cast.kira, starts_on=TODAY + DAY, ends_on=TODAY + 9 * DAY)
    with pytest.raises(Refused, match="Начнётся только"):
        make.make_enrolment(session(), cast.anna, camp, cast.own)
    with pytest.raises(Refused, match="Закончилось"):
        make.make_enrolment(session(), cast.anna, camp, cast.own, starts_on=TODAY + 10 * DAY)
    make.make_enrolment(session(), cast.anna, camp, cast.own, starts_on=TODAY + DAY)
    make.make_enrolment(session(), cast.boris, camp, cast.local, starts_on=TODAY + DAY)
    offer = resources.Offer(camp.kind, camp.title, camp.owner_name, capacity=1)
    with pytest.raises(Refused, match="мест не может быть меньше"):
        resources.change(session(), resource=camp, offer=offer, by=seen_by(session(), cast.kira))


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("library"), f"{worker_id}_library") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


def test_of_many_at_once_no_more_get_in_than_there_is_room_for(own_app: Flask) -> None:
    anna = db.session.scalars(select(User).where(User.login == "anna")).one()
    club = make.make_resource(db.session(), anna, capacity=2)
    others = [
        Graduate(
            last_name=f"Иванов{place}",
            first_name="Иван",
            birth_date=date(2005, 1, 1 + place),
            agency_id=anna.agency_id,
        )
        for place in range(6)
    ]
    db.session.add_all(others)
    db.session.flush()
    by, numbers, club_id = seen_by(db.session(), anna), [one.id for one in others], club.id
    db.session.commit()
    start, told = threading.Barrier(len(numbers)), []

    def enrol(graduate_id: int, by: Viewer = by) -> None:
        with own_app.app_context():
            act_as(db.session(), Actor(NOW))
            start.wait()
            try:
                resources.enrol(
                    db.session(),
                    agency_id=by.agency_id,
                    resource_id=club_id,
                    graduate_id=graduate_id,
                    starts_on=TODAY,
                    by=by,
                    now=NOW,
                )
                db.session.commit()
                told.append("in")
            except Refused as refusal:
                told.append(str(refusal))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enrol, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["in", "in", *["Свободных мест нет: занято 2 из 2."] * 4]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Enrolment.id))) == 2
    assert db.session.get_one(Resource, club_id).capacity == 2


# -- Publications and trainings --------------------------------------------------------------------------------------


def test_publications_are_numbered_and_annulled(session: scoped_session[Session], cast: Cast) -> None:
    first, second = (make.make_publication(session(), cast.anna, title) for title in ("один", "два"))
    assert (first.number_text, second.number_text) == ("1/2026", "2/2026")
    with pytest.raises(Refused, match="руководитель или координатор"):
        publications.annul(session(), publication=first, reason="x", by=seen_by(session(), cast.anna))
    publications.annul(session(), publication=first, reason="ошибка", by=seen_by(session(), cast.galina))
    assert make.make_publication(session(), cast.anna, "три").number == 3
    with pytest.raises(Refused, match="ещё не наступил"):
        make.make_publication(session(), cast.anna, published_on=TODAY + DAY)
    with pytest.raises(Refused, match="https://"):
        make.make_publication(session(), cast.anna, link_text="javascript:alert(1)")


def test_a_training_is_of_somebody_of_the_organisation(session: scoped_session[Session], cast: Cast) -> None:
    assert make.make_training(session(), cast.anna).employee.startswith(cast.anna.name)
    for told, match in (
        ({"user_id": cast.boris.id}, "Такого сотрудника"),
        ({"user_id": None}, "кто учился"),
        ({"hours": 0}, "Часов"),
        ({"ends_on": TODAY - DAY}, "раньше первого"),
        ({"title": " "}, "чему учился"),
    ):
        with pytest.raises(Refused, match=match):
            make.make_training(session(), cast.anna, **told)
