"""Attachments and personal files as verbs: who, what, when; numbers without gaps; nothing is ever erased."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.files import Attachment, AttachmentKind, FileIndex, PersonalFile
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, Consent, FieldGroup, FieldGroupMember
from models.users import User
from services import field_groups
from services.cases import applications
from services.errors import Refused
from services.files import access, attachments, personal, storage
from services.files.attachments import Description
from tests import files
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate
from tests.files import make_attachment

EXAMINED = attachments.examine(attachments.Upload("a.pdf", files.pdf()), max_bytes=files.LIMIT)
WHO = ("anna", "boris", "vera", "galina", "kira", "root")


def viewer(session: scoped_session[Session], user: User, on: date = TODAY) -> Viewer:
    return Viewer.of(session(), user, on)


def test_the_first_file_opens_the_personal_file(session: scoped_session[Session], cast: Cast, tmp_path: Path) -> None:
    made = make_attachment(session(), tmp_path, cast.anna, cast.own, data=files.pdf(3), title=" Справка ")
    assert (made.title, made.pages, made.media_type, made.file_name) == (
        "Справка",
        3,
        "application/pdf",
        "справка.pdf",
    )
    assert (made.added_by_id, made.added_at, made.agency_id) == (cast.anna.id, NOW, cast.service.id)
    assert storage.path_of(tmp_path, made.sha256).stat().st_size == made.size
    file = session.scalars(select(PersonalFile)).one()
    assert (file.number, file.opened_on, file.agency_id, file.graduate_id) == (1, TODAY, cast.service.id, cast.own.id)


def test_numbers_of_files_run_through_the_years_of_an_organisation(
    session: scoped_session[Session], cast: Cast
) -> None:
    people = [make_graduate(session(), f"Первый{n} Иван", agency_id=cast.service.id) for n in range(3)]
    for year, person in zip((2024, 2025, 2026), people, strict=True):
        personal.ensure(session(), graduate_id=person.id, agency_id=cast.service.id, on=date(year, 3, 1))
    personal.ensure(session(), graduate_id=people[0].id, agency_id=cast.opeka.id, on=TODAY)
    personal.ensure(session(), graduate_id=people[0].id, agency_id=cast.service.id, on=TODAY)
    found = session.execute(select(PersonalFile.agency_id, PersonalFile.number).order_by(PersonalFile.id)).all()
    assert [tuple(row) for row in found] == [
        (cast.service.id, 1),
        (cast.service.id, 2),
        (cast.service.id, 3),
        (cast.opeka.id, 1),
    ]


def test_a_rolled_back_attachment_leaves_no_row_and_no_number(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    savepoint = session.begin_nested()
    digest = attach(session(), tmp_path, cast).sha256
    savepoint.rollback()
    assert session.scalars(select(Attachment)).all() == []
    assert session.scalars(select(PersonalFile)).all() == []
    assert storage.path_of(tmp_path, digest).exists()  # The sweep takes it away.


def attach(session: Session, folder: Path, cast: Cast, **changed: Any) -> Attachment:
    given: dict[str, Any] = {
        "graduate_id": cast.own.id,
        "agency_id": cast.service.id,
        "file": EXAMINED,
        "description": Description(AttachmentKind.OTHER, "Справка", date(2026, 9, 1)),
        "folder": folder,
        "by": Viewer.of(session, cast.anna, TODAY),
        "now": NOW,
    }
    return attachments.attach(session, **(given | changed))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"graduate_id": None}, "graduate_id"),
        ({"graduate_id": 999_999}, "graduate_id"),
        ({"description": Description(AttachmentKind.OTHER, "  ")}, "title"),
        ({"description": Description(AttachmentKind.OTHER, "С", TODAY + timedelta(days=1))}, "document_on"),
        ({"description": Description(AttachmentKind.OTHER, "С", date(1999, 1, 1))}, "document_on"),
        ({"description": Description(AttachmentKind.OTHER, "С", None, 0)}, "pages"),
        ({"description": Description(AttachmentKind.OTHER, "С", None, 10_000)}, "pages"),
        ({"subject": "contract", "subject_id": 5}, ""),
        ({"subject": "user_account", "subject_id": 1}, ""),
        ({"subject": "contract"}, ""),
        ({"subject_id": 5}, ""),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(
    session: scoped_session[Session], cast: Cast, tmp_path: Path, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        attach(session(), tmp_path, cast, **changed)
    assert refusal.value.field == field
    assert session.scalars(select(Attachment)).all() == []
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-" + b"0" * 2 * 1024 * 1024])
def test_an_empty_file_and_one_over_the_limit_are_not_looked_into(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        attachments.examine(attachments.Upload("a.pdf", data), max_bytes=1024 * 1024)
    assert refusal.value.field == "file"


def test_only_who_sees_the_person_attaches_and_only_to_the_own_organisation(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    for user, graduate, agency in (
        (cast.vera, cast.own, cast.other_opeka),
        (cast.anna, cast.foreign, cast.service),
        (cast.anna, cast.own, cast.opeka),
        (cast.kira, cast.own, cast.centre),
        (cast.kira, cast.own, cast.service),
    ):
        by = viewer(session, user)
        with pytest.raises(Refused):
            attach(session(), tmp_path, cast, by=by, graduate_id=graduate.id, agency_id=agency.id)
    attach(session(), tmp_path, cast, by=viewer(session, cast.root))


def test_a_paper_belongs_to_a_record_of_the_same_person(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    records = [Consent(graduate=who, purpose_code="support", given_on=TODAY) for who in (cast.own, cast.local)]
    session.add_all(records)
    session.flush()
    made = attach(session(), tmp_path, cast, subject="consent", subject_id=records[0].id)
    assert (made.subject, made.subject_id) == ("consent", records[0].id)
    with pytest.raises(Refused, match="не этого человека"):
        attach(session(), tmp_path, cast, subject="consent", subject_id=records[1].id)


def test_the_inventory_counts_sheets_through_the_file_past_what_was_taken_out(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    made = [
        make_attachment(session(), tmp_path, cast.anna, cast.own, title=title, sheets=sheets)
        for title, sheets in (("Первый", 2), ("Второй", 3), ("Третий", 1))
    ]
    attachments.remove(session(), attachment=made[1], reason="не тот скан", by=viewer(session, cast.anna))
    lines = personal.inventory(personal.attachments_of(session(), graduate_id=cast.own.id))
    assert [(line.number, line.attachment.title, line.sheets) for line in lines] == [
        (1, "Первый", "1–2"),
        (2, "Второй", ""),
        (3, "Третий", "3"),
    ]
    assert storage.path_of(tmp_path, made[1].sha256).exists()


def test_a_paper_is_taken_out_by_its_author_or_the_head_with_a_reason_once(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    made = make_attachment(session(), tmp_path, cast.galina, cast.own)
    for user in (cast.anna, cast.kira, cast.boris):
        with pytest.raises(Refused):
            attachments.remove(session(), attachment=made, reason="ошибка", by=viewer(session, user))
    with pytest.raises(Refused) as refusal:
        attachments.remove(session(), attachment=made, reason=" ", by=viewer(session, cast.galina))
    assert refusal.value.field == "reason"
    attachments.remove(session(), attachment=made, reason="ошибка", by=viewer(session, cast.galina))
    assert (made.removed_on, made.removed_reason) == (TODAY, "ошибка")
    with pytest.raises(Refused, match="уже изъят"):
        attachments.remove(session(), attachment=made, reason="ещё раз", by=viewer(session, cast.galina))


def test_a_description_is_corrected_unless_somebody_has_changed_it_meanwhile(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    made = make_attachment(session(), tmp_path, cast.anna, cast.own)
    seen, by = attachments.signature(made), viewer(session, cast.anna)
    new = Description(AttachmentKind.LETTER, "Ответ колледжа", date(2026, 9, 2), 4)
    attachments.describe(session(), attachment=made, description=new, seen=seen, by=by)
    assert (made.kind, made.title, made.document_on, made.pages) == (
        AttachmentKind.LETTER,
        "Ответ колледжа",
        date(2026, 9, 2),
        4,
    )
    with pytest.raises(Refused, match="описание изменили"):
        attachments.describe(session(), attachment=made, description=new, seen=seen, by=by)


def test_no_paper_comes_into_a_closed_file_until_it_is_opened_again(
    session: scoped_session[Session], cast: Cast, tmp_path: Path
) -> None:
    make_attachment(session(), tmp_path, cast.anna, cast.own)
    file = session.scalars(select(PersonalFile)).one()
    by = viewer(session, cast.anna)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            personal.close(session(), file=file, closed_on=day, by=by)
        assert refusal.value.field == "closed_on"
    personal.close(session(), file=file, closed_on=TODAY, by=by)
    with pytest.raises(Refused, match="закрыто: возобновите"):
        attach(session(), tmp_path, cast)
    with pytest.raises(Refused, match="руководитель"):
        personal.reopen(session(), file=file, by=by)
    again = personal.ensure(session(), graduate_id=cast.own.id, agency_id=cast.service.id, on=TODAY, reopen=True)
    assert (again, again.closed_on) == (file, None)


def test_a_file_is_opened_by_hand_once_under_an_own_index(session: scoped_session[Session], cast: Cast) -> None:
    own = FileIndex(agency_id=cast.service.id, code="05-12", title="Личные дела", keep_years=5)
    other = FileIndex(agency_id=cast.opeka.id, code="01-01", title="Дела опеки", keep_years=5)
    session.add_all([own, other])
    session.flush()
    given: dict[str, Any] = {"agency_id": cast.service.id, "by": viewer(session, cast.anna)}
    given |= {"graduate_id": cast.own.id, "opened_on": TODAY, "index_id": own.id}
    for changed, field in (
        ({"opened_on": TODAY + timedelta(days=1)}, "opened_on"),
        ({"opened_on": date(2000, 1, 1)}, "opened_on"),
        ({"index_id": other.id}, "index_id"),
        ({"index_id": 99_999}, "index_id"),
        ({"graduate_id": cast.foreign.id}, "graduate_id"),
        ({"agency_id": cast.opeka.id}, ""),
    ):
        with pytest.raises(Refused) as refusal:
            personal.open_file(session(), **(given | changed))
        assert refusal.value.field == field
    assert personal.open_file(session(), **given).index is own
    with pytest.raises(Refused, match="уже есть"):
        personal.open_file(session(), **given)


# -- Who opens what --------------------------------------------------------------------------------------------------

# (kind, table of the record, group): the record decides before the kind.
CLOSED = (
    (AttachmentKind.OTHER, "", None),
    (AttachmentKind.HEALTH, "", FieldGroup.HEALTH),
    (AttachmentKind.MINUTES, "", FieldGroup.PSYCHOLOGY),
    (AttachmentKind.HEALTH, "consent", FieldGroup.HEALTH),
    (AttachmentKind.OTHER, "offence_record", FieldGroup.OFFENCES),
    (AttachmentKind.MINUTES, "offence_record", FieldGroup.OFFENCES),
    (AttachmentKind.OTHER, "examination", FieldGroup.HEALTH),
    (AttachmentKind.OTHER, "consultation_minutes", FieldGroup.PSYCHOLOGY),
)


@pytest.mark.parametrize("named", [None, *FieldGroup])
@pytest.mark.parametrize("is_curated", [False, True])
def test_the_rule_in_sql_is_the_rule_of_the_card(
    session: scoped_session[Session], cast: Cast, named: FieldGroup | None, is_curated: bool
) -> None:
    """Every kind × every person × everybody: what is closed is opened by whom the card's own rule lets read."""
    if named:
        session.add(FieldGroupMember(user=cast.boris, field_group=named))
    if is_curated:
        session.add(
            Assignment(graduate=cast.own, user=cast.anna, kind=AssignmentKind.CURATOR, name="А", starts_on=TODAY)
        )
    made = {}
    for person in (cast.own, cast.local, cast.foreign):
        for kind, subject, group in CLOSED:
            paper = bare(cast, person, kind, subject)
            session.add(paper)
            made[paper] = group
    session.commit()
    for name in WHO:
        by = viewer(session, getattr(cast, name))
        found = set(session.scalars(select(Attachment.id).where(access.readable_to(by))))
        for paper, group in made.items():
            may = group is None or field_groups.may_read(
                session(), viewer=by, graduate=paper.graduate, group=group.value
            )
            assert (paper.id in found) is may, (name, paper.kind, paper.subject, paper.graduate)
            assert access.may_open(session(), viewer=by, attachment=paper) is may
            assert access.group_of(paper.kind, paper.subject) is group


def bare(cast: Cast, person: Graduate, kind: AttachmentKind, subject: str) -> Attachment:
    """A row whose bytes nobody reads."""
    return Attachment(
        graduate=person,
        agency_id=cast.service.id,
        kind=kind,
        title="Документ",
        file_name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        subject=subject,
        subject_id=1 if subject else None,
        added_at=NOW,
    )


def test_who_attached_a_closed_paper_opens_it(session: scoped_session[Session], cast: Cast, tmp_path: Path) -> None:
    made = make_attachment(session(), tmp_path, cast.anna, cast.own, kind=AttachmentKind.MINUTES)
    opened = [name for name in WHO if access.may_open(
        session(), viewer=viewer(session, getattr(cast, name)), attachment=made)]  # fmt: skip
    assert opened == ["anna", "galina"]


@pytest.mark.parametrize("named", [None, *FieldGroup])
def test_all_groups_at_once_are_those_asked_for_one_by_one(
    session: scoped_session[Session], cast: Cast, named: FieldGroup | None
) -> None:
    if named:
        session.add(FieldGroupMember(user=cast.boris, field_group=named))
    session.add(Assignment(graduate=cast.own, user=cast.anna, kind=AssignmentKind.CURATOR, name="А", starts_on=TODAY))
    cast.local.created_by_id = cast.boris.id
    session.commit()
    for name in WHO:
        by = viewer(session, getattr(cast, name))
        for person in (cast.own, cast.local, cast.foreign):
            one_by_one = {
                group.value
                for group in FieldGroup
                if field_groups.may_read(session(), viewer=by, graduate=person, group=group.value)
            }
            assert field_groups.readable_groups(session(), viewer=by, graduate=person) == one_by_one


def test_the_first_application_opens_the_file_and_a_later_one_opens_it_again(
    session: scoped_session[Session], cast: Cast
) -> None:
    given: dict[str, Any] = {"graduate_id": cast.own.id, "agency_id": cast.service.id, "now": NOW}
    by = viewer(session, cast.anna)
    applications.receive(session(), received_on=date(2026, 9, 1), by=by, **given)
    file = session.scalars(select(PersonalFile)).one()
    assert (file.number, file.opened_on) == (1, date(2026, 9, 1))
    personal.close(session(), file=file, closed_on=TODAY, by=by)
    applications.receive(session(), received_on=TODAY, by=by, **given)
    assert session.scalars(select(PersonalFile)).one().closed_on is None
