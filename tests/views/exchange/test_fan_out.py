"""One request to many: the table of recipients, what was sent already, a letter each once, few statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.circumstances import Study
from models.dictionaries import StudyStatus
from models.exchange import Referral, ReferralStatus
from models.territory import AgencyDistrict, AgencyKind
from services.exchange import fan_out
from services.exchange.kinds import kind_of
from tests.conftest import NOW, TODAY
from tests.exchange_kinds import follow_kinds
from tests.factories import make_agency, make_district, make_graduate
from tests.signing import sign_in
from tests.views.forms import fields_of

DISTRICTS, COLLEGES = "/exchange/fan-out/small/district-request/", "/exchange/fan-out/small/study-request/"
TOKEN = "a" * 32


@pytest.fixture
def served(session: scoped_session[Session], cast):
    """The service serves Sokol, Totma and a third district, for which there is no guardianship body."""
    third = make_district(session(), "kirillov", "Кирилловский")
    follow_kinds(session(), cast.service, cast.opeka)
    cast.service.served = [
        AgencyDistrict(district=one, starts_on=date(2024, 1, 1)) for one in (cast.sokol, cast.totma, third)
    ]
    cast.own.origin_district_id = cast.sokol.id
    session.commit()
    return third


def letters(session) -> list[Referral]:
    session.expire_all()
    return list(session.scalars(select(Referral).order_by(Referral.id)))


def study(session, college, number: int, agency) -> None:
    session.merge(StudyStatus(code="studying", label="обучается"))
    for place in range(number):
        one = make_graduate(session, f"Студентов Иван{place}", agency_id=agency.id)
        one.studies.append(Study(starts_on=date(2025, 9, 1), status_code="studying", agency_id=college.id))
    session.flush()


@contextmanager
def statements() -> Iterator[list[str]]:
    heard: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_kinds_that_fan_out_are_listed_for_those_who_send_them(client, cast, served) -> None:
    assert "Запрос в опеку" in sign_in(client, cast.anna).get("/exchange/fan-out/").text
    assert "Рассылать нечего" in sign_in(client, cast.boris).get("/exchange/fan-out/").text
    assert client.get(DISTRICTS).status_code == 404


def test_every_served_district_stands_in_the_table_and_the_gap_is_told(client, cast, served) -> None:
    page = sign_in(client, cast.anna).get(DISTRICTS).text
    assert "Опека Сокольского округа" in page
    assert "Опека Тотемского округа" in page
    assert "Некому отправить по районам: Кирилловский муниципальный округ" in page
    assert "Ёлкина Дарья Игоревна" in page
    assert "Тихонов" not in page  # Lives in Totma and is not ours.
    assert "Отправить 2 письма" in page


def test_one_post_sends_a_letter_to_each_with_its_own_number(session, client, cast, served) -> None:
    url = DISTRICTS
    form = fields_of_fan_out(sign_in(client, cast.anna).get(url).text)
    both = [str(cast.opeka.id), str(cast.other_opeka.id)]
    answer = client.post(url, data={**form, "recipients": both})
    assert answer.status_code == 302
    made = letters(session)
    assert [(one.recipient_id, one.status) for one in made] == [
        (cast.opeka.id, ReferralStatus.SENT),
        (cast.other_opeka.id, ReferralStatus.SENT),
    ]
    assert [one.outgoing[0].number for one in made] == [1, 2]
    assert [[person.graduate_id for person in one.people] for one in made] == [[cast.own.id], []]
    page = client.get(answer.location).text
    assert "исх. № 1/2026" in page
    assert "исх. № 2/2026" in page


def fields_of_fan_out(html: str) -> dict[str, str]:
    form = fields_of(html.replace('class="record-form compose"', 'class="record-form compose" id="record-form"'))
    form.pop("recipients", None)
    return form


def test_a_double_click_sends_once(session, client, cast, served) -> None:
    form = fields_of_fan_out(sign_in(client, cast.anna).get(DISTRICTS).text)
    answers = [client.post(DISTRICTS, data={**form, "recipients": str(cast.opeka.id)}) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert len(letters(session)) == 1


def test_who_got_the_request_in_this_period_is_marked_and_not_chosen_again(session, client, cast, served) -> None:
    form = fields_of_fan_out(sign_in(client, cast.anna).get(DISTRICTS).text)
    client.post(DISTRICTS, data={**form, "recipients": str(cast.opeka.id)})
    page = client.get(DISTRICTS).text
    assert "уже отправлено в этом периоде: 01.10.2026, исх. №&nbsp;1/2026" in page
    assert "Отправить 1 письмо" in page


def test_nobody_chosen_a_stranger_and_a_far_number_are_refused(session, client, cast, served) -> None:
    sign_in(client, cast.anna)
    for chosen in ([], [str(cast.department.id)], ["99999999999999"], ["x"]):
        answer = client.post(DISTRICTS, data={"form_token": TOKEN, "text": "Просим", "recipients": chosen})
        assert answer.status_code == 422
    assert letters(session) == []


def test_the_result_of_others_does_not_exist(session, client, cast, served) -> None:
    form = fields_of_fan_out(sign_in(client, cast.anna).get(DISTRICTS).text)
    answer = client.post(DISTRICTS, data={**form, "recipients": str(cast.opeka.id)})
    assert sign_in(client, cast.boris).get(answer.location).status_code == 404


def test_each_college_is_asked_of_the_own_students_who_study_there(session, client, cast, served) -> None:
    college = make_agency(session(), "college", AgencyKind.COLLEGE, short_name="Колледж связи")
    study(session(), college, 3, cast.service)
    study(session(), college, 2, cast.opeka)
    left = make_graduate(session(), "Ушедший Олег", agency_id=cast.service.id)
    for starts, status in ((date(2024, 9, 1), "studying"), (date(2026, 2, 1), "expelled")):
        session.merge(StudyStatus(code=status, label=status))
        left.studies.append(Study(starts_on=starts, status_code=status, agency_id=college.id))
    session.commit()
    page = sign_in(client, cast.anna).get(COLLEGES).text
    assert "Колледж связи" in page
    assert "3 студента" in page
    assert "Ушедший" not in page


def test_the_number_of_statements_of_a_letter_does_not_grow_with_its_students(session, cast, served) -> None:
    """40 colleges of 300 students are 40 times this."""
    by = Viewer.of(session(), cast.anna, TODAY)
    kind = kind_of(session(), key="small/study-request", agency_id=cast.service.id, on=TODAY)
    counts = []
    for place, number in enumerate((5, 60)):
        college = make_agency(session(), f"college-{place}", AgencyKind.COLLEGE)
        study(session(), college, number, cast.service)
        session.commit()
        with statements() as heard:
            fan_out.send(
                session(),
                kind=kind,
                sender=cast.service,
                recipient_ids=[college.id],
                text="Просим сообщить",
                form_token=f"{place}" * 32,
                by=by,
                now=NOW,
            )
            session.commit()
        # SQLite tells the number of each new row by a statement of its own.
        counts.append(len([one for one in heard if not one.startswith("INSERT INTO referral_person ")]))
    assert counts[1] <= counts[0] + 2
    assert counts[1] <= 75
