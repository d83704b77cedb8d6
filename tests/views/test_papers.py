"""Papers as files: who prints what, what is noted; templates of the administrator; forms of names corrected by hand."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from docx import Document
from flask import Flask, g
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from models.audit import AccessEvent, AccessKind, AuditEvent
from models.cases import Contract
from models.files import DeclinedForm, DeclinedKind, PaperTemplate
from models.graduates import Graduate
from models.journals import Journal
from models.users import User
from reports.document import MEDIA_TYPE
from services.papers.catalogue import PAPERS
from services.papers.templates import shipped
from tests import papers_factories
from tests.conftest import NOW
from tests.docx_files import docx, with_part
from tests.factories import Cast
from tests.objects_papers import template
from tests.papers_factories import OPTIONS, make
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form
from views.extensions import db
from views.papers.downloads import file_name
from views.papers.links import journal_cover_url, papers_of


def noted(session: scoped_session[Session], kind: AccessKind) -> list[AccessEvent]:
    query = select(AccessEvent).where(AccessEvent.kind == kind).order_by(AccessEvent.seq)
    return list(session.scalars(query, bind_arguments={"bind": db.engines["access"]}))


def text_of(response: TestResponse) -> str:
    assert response.mimetype == MEDIA_TYPE, response.text[:300]
    document = Document(io.BytesIO(response.data))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_every_paper_is_a_file_with_a_russian_name_and_is_noted_as_printed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, code: str
) -> None:
    record = make(session(), cast, code, full=True)
    sign_in(client, cast.galina)
    response = client.get(f"/papers/{code}/{record.id}.docx", query_string=OPTIONS.get(code))
    assert response.status_code == 200
    assert text_of(response)
    assert "attachment" in response.headers["Content-Disposition"]
    assert ".docx" in response.headers["Content-Disposition"]
    (event,) = noted(session, AccessKind.PRINTED)
    table = PAPERS[code].model.__tablename__
    assert (event.subject, event.subject_id, event.payload) == (table, record.id, {"paper": code})


def test_the_forms_of_names_are_kept_with_the_first_paper_and_read_with_the_next(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    record = make(session(), cast, "contract", full=True)
    sign_in(client, cast.anna)
    assert "в лице директора Петровой Анны Ивановны" in text_of(client.get(f"/papers/contract/{record.id}.docx"))
    kept = session.scalars(select(DeclinedForm).where(DeclinedForm.nominative == "директор")).one()
    kept.genitive = "директрисы"
    session.commit()
    assert "в лице директрисы Петровой" in text_of(client.get(f"/papers/contract/{record.id}.docx"))
    names = list(session.scalars(select(DeclinedForm.nominative)))
    assert len(names) == len(set(names))
    assert {"Ёлкина Дарья Игоревна", "Петрова Анна Ивановна"} <= set(names)


def test_a_stranger_finds_nothing_and_a_reader_of_another_organisation_prints_nothing(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    record = make(session(), cast, "contract", full=True)
    url = f"/papers/contract/{record.id}.docx"
    sign_in(client, cast.boris)
    assert client.get(url).status_code == 404
    cast.own.origin_district_id = cast.sokol.id  # Boris sees her from now on, but the contract is the service's.
    session.commit()
    assert client.get(url).status_code == 403
    refused = noted(session, AccessKind.REFUSED)
    assert [(event.subject, event.subject_id) for event in refused] == [("contract", record.id)] * 2
    sign_in(client, cast.kira)
    assert client.get(url).status_code == 200


def test_a_refusal_of_the_graduate_has_no_decision_of_the_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    record = make(session(), cast, "refusal-statement", full=False)
    sign_in(client, cast.anna)
    assert client.get(f"/papers/refusal-decision/{record.id}.docx").status_code == 404
    assert client.get(f"/papers/refusal-statement/{record.id}.docx").status_code == 200
    assert client.get(f"/papers/refusal-statement/{10**18}.docx").status_code == 404
    assert client.get(f"/papers/refusal-statement/{10**30}.docx").status_code == 404


@pytest.mark.parametrize("year", ["", "26", "20x6", "%00"])
def test_a_cover_of_an_impossible_year_is_not_found(client: FlaskClient, cast: Cast, year: str) -> None:
    sign_in(client, cast.anna)
    answer = client.get(f"/papers/journal-cover/{cast.service.id}.docx?journal=contracts&year={year}")
    assert answer.status_code == (404 if year else 200)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Договор № 5-2026 Ёлкина Д.И.", "Договор № 5-2026 Ёлкина Д.И.docx"),
        ('a/b\\c:"<>|?*\x00d', "a b c d.docx"),
        ("...", "документ.docx"),
        ("я" * 300, "я" * 150 + ".docx"),
    ],
)
def test_a_file_has_a_name_that_any_system_keeps(title: str, name: str) -> None:
    assert file_name(title) == name


# -- Links -----------------------------------------------------------------------------------------------------------


@contextmanager
def signed_in(app: Flask, user: User) -> Iterator[None]:
    """A request of a user's, for what templates call."""
    with app.test_request_context():
        for name in list(g):
            g.pop(name)
        g.now = NOW
        login_user(user)
        yield


def seen_by(app: Flask, user: User, record: Any) -> list[str]:
    with signed_in(app, user):
        return [label for label, _ in papers_of(record)]


def test_a_letter_links_to_its_paper_and_to_those_of_its_answers(
    app: Flask, session: scoped_session[Session], cast: Cast
) -> None:
    letter = papers_factories.referral(session(), cast, True)
    draft = papers_factories.referral(session(), cast, False)
    answer = papers_factories.answer(session(), cast, True)
    meeting = papers_factories.meeting(session(), cast, True)
    session.commit()
    assert seen_by(app, cast.anna, letter) == seen_by(app, cast.boris, letter) == ["Письмо"]
    assert seen_by(app, cast.anna, letter.outgoing[0]) == ["Письмо"]
    assert (seen_by(app, cast.anna, draft), seen_by(app, cast.boris, draft)) == (["Письмо"], [])
    assert seen_by(app, cast.boris, answer.referral) == ["Письмо", "Ответ № 42/2026"]
    assert seen_by(app, cast.vera, letter) == seen_by(app, cast.vera, answer) == []
    assert seen_by(app, cast.anna, meeting) == ["Протокол заседания, совещания", "Лист регистрации участников"]
    assert seen_by(app, cast.boris, meeting) == []


def test_a_record_links_to_its_papers_for_those_who_may_print(
    app: Flask, session: scoped_session[Session], cast: Cast
) -> None:
    record = make(session(), cast, "contract", full=True)
    assert seen_by(app, cast.anna, record) == [
        "Договор о сопровождении",
        "Уведомление об окончании срока",
        "Соглашение о расторжении",
        "Дополнительное соглашение № 1",
    ]
    assert seen_by(app, cast.boris, record) == []
    draft = Contract(id=0, graduate=cast.own, agency_id=cast.service.id)
    assert seen_by(app, cast.anna, draft) == ["Договор о сопровождении"]


def test_a_person_has_a_consent_for_each_purpose(app: Flask, cast: Cast) -> None:
    shown = seen_by(app, cast.anna, cast.own)
    assert shown[0] == "Карта социального сопровождения"
    assert [label for label in shown if label.startswith("Согласие")] == [
        "Согласие: сопровождение",
        "Согласие: передача сведений ведомствам",
        "Согласие: фотосъёмка и публикация",
        "Согласие: сведения о здоровье",
    ]
    assert "Приказ о назначении куратора" in shown


def test_minutes_are_printed_from_the_page_of_their_talk(
    app: Flask, session: scoped_session[Session], cast: Cast
) -> None:
    record = make(session(), cast, "consultation-minutes", full=False)
    assert seen_by(app, cast.anna, record.consultation) == ["Протокол беседы, консультации"]


def test_the_page_of_a_record_leads_to_its_papers(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    record = make(session(), cast, "contract", full=True)
    sign_in(client, cast.anna)
    page = client.get(f"/contract/details/?id={record.id}").text
    assert f'href="/papers/contract/{record.id}.docx"' in page
    assert "Договор о сопровождении</a>" in page
    assert (
        f"/papers/consent/{cast.own.id}.docx?purpose=photo"
        in client.get(f"/graduate/details/?id={cast.own.id}&tab=files").text
    )


def test_papers_of_a_record_say_what_they_are(app: Flask, session: scoped_session[Session], cast: Cast) -> None:
    contract, refusal = (make(session(), cast, code, full=False) for code in ("contract", "refusal-statement"))
    with signed_in(app, cast.anna):
        assert [url for _, url in papers_of(refusal)] == [f"/papers/refusal-statement/{refusal.id}.docx"]
        contract.number, contract.year, contract.signed_on = 1, 2026, papers_factories.START
        assert papers_of(contract)[0][0] == "Договор о сопровождении"
        assert journal_cover_url(3, Journal.CONTRACTS, 2026, volume="2") == (
            "/papers/journal-cover/3.docx?journal=contracts&year=2026&volume=2"
        )


# -- Templates -------------------------------------------------------------------------------------------------------

OWN = docx("Письмо о {{ full_name }} от {{ agency_name }}")


def upload(client: FlaskClient, data: bytes = OWN, *, code: str = "letter", version: str | None = None) -> TestResponse:
    typed = fields_of(client.get(f"/paper_template/{code}").text, "template-form")
    if version is not None:
        typed["version"] = version
    typed["file"] = (io.BytesIO(data), "наше письмо.docx")  # type: ignore[assignment]
    return client.post(f"/paper_template/{code}", data=typed, content_type="multipart/form-data")


def test_the_administrators_template_prints_the_paper_until_it_is_taken_back(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    assert upload(client).status_code == 302
    page = client.get("/paper_template/letter").text
    assert "наше письмо.docx" in page
    assert "Шаблон загружен 01.10.2026" in page
    listed = client.get("/paper_template/").text
    assert listed.count("свой</span>") == 1
    printed = text_of(client.get(f"/papers/letter/{cast.own.id}.docx"))
    assert printed == f"Письмо о Ёлкина Дарья Игоревна от {cast.service.name}"
    assert client.get("/paper_template/letter.docx").data == OWN
    assert client.get("/paper_template/letter.docx?shipped=1").data == shipped("letter")
    record = session.scalars(select(PaperTemplate)).one()
    assert (record.uploaded_by_id, len(record.sha256)) == (cast.root.id, 64)
    back = client.post("/paper_template/letter/reset", data={"version": record.version}, follow_redirects=True)
    assert "Документ снова печатается по встроенному шаблону." in back.text
    assert "просит" in text_of(client.get(f"/papers/letter/{cast.own.id}.docx"))
    kinds = list(session.scalars(select(AuditEvent.kind).where(AuditEvent.subject == "paper_template")))
    assert kinds == ["created", "deleted"]


def test_the_downloaded_template_may_be_uploaded_as_it_is(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    assert upload(client, client.get("/paper_template/plan.docx").data, code="plan").status_code == 302


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (docx("{{ фио }}"), "В шаблоне есть неизвестные поля: {{ фио }}."),
        (docx("{% for x in y %}"), "Метки шаблона не читаются"),
        (with_part("word/vbaProject.bin"), "В файле есть макросы."),
        (b"", "Выберите файл."),
        (b"MZ", "Это не файл DOCX."),
    ],
)
def test_a_bad_template_is_refused_and_the_old_one_stays(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, data: bytes, told: str
) -> None:
    kept = template(session())
    sign_in(client, cast.root)
    answer = upload(client, data)
    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalars(select(PaperTemplate.sha256)).one() == kept.sha256


def test_a_template_replaced_meanwhile_is_not_overwritten(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    kept = template(session())
    for stale in ("", "99"):
        answer = upload(client, version=stale)
        assert answer.status_code == 422
        assert "шаблон изменился" in answer.text
    again = client.post("/paper_template/letter/reset", data={"version": "99"})
    assert "шаблон изменился" in again.text
    assert upload(client, shipped("letter"), version=str(kept.version)).status_code == 302


def test_a_second_click_on_the_same_file_is_no_fault(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    assert upload(client, version="").status_code == 302
    assert upload(client, version="").status_code == 302
    assert len(session.scalars(select(PaperTemplate)).all()) == 1


def test_a_template_that_fits_no_more_is_told_to_whoever_prints(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    """A field that an update has taken away."""
    record = template(session())
    record.content = docx("{{ gone }}")
    session.commit()
    sign_in(client, cast.anna)
    answer = client.get(f"/papers/letter/{cast.own.id}.docx")
    assert answer.status_code == 409
    assert "В шаблоне есть неизвестные поля: {{ gone }}. Сообщите администратору" in answer.text
    assert noted(session, AccessKind.PRINTED) == []


def test_the_fields_of_every_paper_are_explained(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.root)
    for code, paper in PAPERS.items():
        page = client.get(f"/paper_template/{code}")
        assert page.status_code == 200
        assert all(f"{{{{ {field.name} }}}}" in page.text for field in paper.fields if not field.columns)
    assert "{%tr for row in services %} … {%tr endfor %}" in client.get("/paper_template/urgent-act").text


# -- Forms of names --------------------------------------------------------------------------------------------------


def make_form(session: scoped_session[Session], nominative: str, kind: DeclinedKind) -> DeclinedForm:
    made = DeclinedForm(kind=kind, nominative=nominative, genitive="а", dative="б", accusative="в", instrumental="г")
    session.add(made)
    session.commit()
    return made


def test_a_head_corrects_a_form_and_marks_it_as_checked(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    made = make_form(session, "тьютор", DeclinedKind.POSITION)
    sign_in(client, cast.galina)
    url = f"/declined_form/edit/?id={made.id}"
    typed = open_form(client, url)
    assert "nominative" not in typed
    typed |= {"genitive": "  тьютора ", "dative": "тьютору", "is_checked": "y"}
    assert "Изменения сохранены." in client.post(url, data=typed, follow_redirects=True).text
    session.refresh(made)
    assert (made.genitive, made.is_checked, made.nominative) == ("тьютора", True, "тьютор")
    stale = client.post(url, data=typed)
    assert stale.status_code == 409
    empty = open_form(client, url) | {"dative": " "}
    assert "Заполните все четыре формы." in client.post(url, data=empty).text
    assert "проверено" in client.get("/declined_form/?f.checked=1").text


def test_a_head_sees_forms_of_own_people_of_staff_and_of_positions_only(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    names = {
        "тьютор": DeclinedKind.POSITION,
        cast.own.full_name: DeclinedKind.WOMAN,
        cast.foreign.full_name: DeclinedKind.MAN,
        cast.anna.name: DeclinedKind.WOMAN,
        cast.vera.name: DeclinedKind.WOMAN,
    }
    for name, kind in names.items():
        make_form(session, name, kind)
    sign_in(client, cast.galina)
    page = client.get("/declined_form/").text
    assert [name for name in names if name in page] == ["тьютор", cast.own.full_name, cast.anna.name]
    exported = client.get("/declined_form/export/csv/", buffered=True).get_data(as_text=True)
    assert cast.foreign.full_name not in exported
    sign_in(client, cast.root)
    page = client.get("/declined_form/").text
    assert all(name in page for name in names)


def test_the_name_of_a_person_with_yo_and_a_hyphen_is_recognised(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    person = Graduate(last_name="Сёмина-Орлова", first_name="Алёна", birth_date=cast.own.birth_date)
    person.agency_id = cast.service.id
    session.add(person)
    session.commit()
    made = make_form(session, person.full_name, DeclinedKind.WOMAN)
    sign_in(client, cast.galina)
    assert client.get(f"/declined_form/details/?id={made.id}").status_code == 200
