"""Lines of the journals of letters: who reads and corrects them, what may be annulled, what stays as it happened."""

from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.exchange import Delivery, IncomingLetter, MessageKind, ReferralMessage, ReferralStatus, ReplyOutcome
from models.files import FileIndex
from services import numbering
from services.errors import Refused
from services.exchange import letter_lines
from tests import papers_factories
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.objects_journals import incoming_line, outgoing_line
from tests.signing import sign_in
from tests.views.forms import open_form

S = ReferralStatus


def _head(session: Session, cast: Cast) -> Viewer:
    return Viewer.of(session, cast.galina, TODAY)


# -- What may be annulled --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [one for one in S if one not in (S.REVOKED, S.DRAFT)])
def test_the_number_of_a_letter_that_went_stays(
    session: scoped_session[Session], cast: Cast, status: ReferralStatus
) -> None:
    line = outgoing_line(session(), cast, status=status)
    with pytest.raises(Refused, match="Под этим номером ушло письмо"):
        letter_lines.annul(session(), line=line, reason="ошибка", by=_head(session(), cast))
    assert line.annulled_on is None


def test_a_letter_taken_back_before_anybody_received_it_gives_its_number_up(
    session: scoped_session[Session], cast: Cast
) -> None:
    line = outgoing_line(session(), cast, status=S.REVOKED)
    with pytest.raises(Refused, match="только руководитель"):
        letter_lines.annul(session(), line=line, reason="ошибка", by=Viewer.of(session(), cast.anna, TODAY))
    letter_lines.annul(session(), line=line, reason="ошибка", by=_head(session(), cast))
    assert (line.annulled_on, line.annulled_reason, line.number) == (TODAY, "ошибка", 1)


def test_a_letter_that_the_recipient_registered_keeps_its_number_though_revoked(
    session: scoped_session[Session], cast: Cast
) -> None:
    line = outgoing_line(session(), cast, status=S.REVOKED)
    came = IncomingLetter(referral_id=line.referral_id, agency_id=cast.opeka.id, received_on=TODAY, created_at=NOW)
    numbering.assign(session(), record=came, on=TODAY)
    session.add(came)
    session.flush()
    assert "зарегистрировал" in letter_lines.why_it_stands(session(), line)


def test_the_number_of_an_answer_stays(session: scoped_session[Session], cast: Cast) -> None:
    line = papers_factories.answer(session(), cast, False)
    assert "ушёл ответ" in letter_lines.why_it_stands(session(), line)


@pytest.mark.parametrize(
    ("on_paper", "status", "told"),
    [
        (False, S.DECLINED, "через «Маршрут»"),
        (True, S.IN_WORK, "сначала отклоните"),
        (True, S.DECLINED, ""),
    ],
)
def test_what_came_through_the_system_came_and_a_paper_may_be_a_mistake(
    session: scoped_session[Session], cast: Cast, on_paper: bool, status: ReferralStatus, told: str
) -> None:
    line = incoming_line(session(), cast, status=status, is_on_paper=on_paper)
    why = letter_lines.why_it_stands(session(), line)
    assert told in why
    assert bool(why) == bool(told)


def test_an_answer_from_paper_is_returned_before_its_number_is_annulled(
    session: scoped_session[Session], cast: Cast
) -> None:
    line = incoming_line(session(), cast, status=S.ANSWERED, is_on_paper=True)
    message = ReferralMessage(referral_id=line.referral_id, kind=MessageKind.ANSWER, who="опека", text="Да", at=NOW)
    message.written_on, message.outcome = TODAY, ReplyOutcome.RESOLVED
    session.add(message)
    session.flush()
    line.message_id = message.id
    session.commit()
    assert "верните ответ" in letter_lines.why_it_stands(session(), line)
    line.referral.status = S.IN_WORK
    session.commit()
    assert letter_lines.why_it_stands(session(), line) == ""


# -- The registers ---------------------------------------------------------------------------------------------------


def test_a_line_is_corrected_by_its_own_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    line = incoming_line(session(), cast, status=S.RECEIVED)
    url = f"/incoming_letter/edit/?id={line.id}"
    sign_in(client, cast.boris)
    form = open_form(client, url)
    assert {"number", "received_on", "referral_id", "agency_id"}.isdisjoint(form)
    form |= {"resolution": "Орловой, до 05.10.2026", "sheets": "3", "delivery": "courier", "note": "с описью"}
    assert client.post(url, data=form).status_code == 302
    session.expire_all()
    assert (line.resolution, line.sheets, line.delivery) == ("Орловой, до 05.10.2026", 3, Delivery.COURIER)
    assert (line.note, line.number) == ("с описью", 1)
    form["sheets"] = "0"
    answer = client.post(url, data=form)
    assert answer.status_code == 200
    assert "Укажите число листов" in answer.text
    page = client.get("/journals/incoming/").text
    assert "Орловой, до 05.10.2026; с описью" in page
    sign_in(client, cast.anna)
    assert client.post(url, data=form).status_code == 404


def test_the_head_annuls_a_number_on_its_page_and_the_journal_strikes_it_through(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    line = outgoing_line(session(), cast, status=S.REVOKED)
    sign_in(client, cast.galina)
    page = client.get(f"/outgoing_letter/details/?id={line.id}").text
    assert "Аннулировать номер" in page
    address = f"/outgoing_letter/act/annul/?id={line.id}"
    assert client.post(address, data={"annul-reason": "зарегистрировано дважды"}).status_code == 302
    journal = client.get("/journals/outgoing/").text
    assert "Аннулировано 01.10.2026: зарегистрировано дважды." in journal
    assert "journal-struck" in journal
    assert client.get(f"/outgoing_letter/edit/?id={line.id}").status_code == 403


def test_a_page_says_why_a_number_cannot_be_annulled(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    line = outgoing_line(session(), cast)
    sign_in(client, cast.galina)
    page = client.get(f"/outgoing_letter/details/?id={line.id}").text
    assert "Сначала отзовите его." in page
    assert "Аннулировать номер" not in page
    sign_in(client, cast.anna)
    assert "Сначала отзовите его." not in client.get(f"/outgoing_letter/details/?id={line.id}").text


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("1", True), ("1/2026", True), ("2", False), ("сокол", True), ("как учится", True), ("елк", True), ("мир", False)],
)
def test_lines_are_found_by_number_side_words_and_name(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, asked: str, is_found: bool
) -> None:
    cast.opeka.name = "Отдел опеки Сокольского округа"
    outgoing_line(session(), cast, about_key="елкина дарья игоревна")
    sign_in(client, cast.anna)
    page = client.get("/outgoing_letter/", query_string={"q": asked}).text
    assert ("1/2026" in page) == is_found
    sign_in(client, cast.vera)
    assert "1/2026" not in client.get("/outgoing_letter/").text


# -- Journals of the exchange ----------------------------------------------------------------------------------------


def test_the_new_journals_stand_in_their_places_and_notices_take_no_first_number(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    outgoing_line(session(), cast, is_notice=True)
    sign_in(client, cast.galina)
    page = client.get("/journals/").text
    places = [page.index(f"/journals/{code}/?") for code in ("appeals", "incoming", "outgoing", "notices", "visits")]
    assert places == sorted(places)
    assert "/journals/meetings/start" in page
    assert "/journals/notices/start" not in page
    notices = client.get("/journals/notices/").text
    assert "Начальный номер" not in notices
    assert "№ 1/2026" in notices
    offered = client.get("/file_index/new/").text
    for name in ("Журнал учёта входящей корреспонденции", "Журнал совещаний, семинаров и заседаний"):
        assert name in offered


@pytest.mark.parametrize("code", ["incoming", "outgoing", "notices", "meetings"])
def test_a_journal_of_the_exchange_is_printed_and_written_with_its_cover(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, code: str
) -> None:
    outgoing_line(session(), cast, is_notice=True)
    incoming_line(session(), cast, is_notice=True)
    papers_factories.meeting(session(), cast, True)
    session.add(FileIndex(agency_id=cast.service.id, code="05-08", title="Письма", journal="outgoing"))
    session.commit()
    sign_in(client, cast.boris if code == "incoming" else cast.anna)
    assert client.get(f"/journals/{code}/print").status_code == 200
    with client.get(f"/journals/{code}.xlsx") as answer:
        book = openpyxl.load_workbook(BytesIO(answer.data))
    assert len(book.sheetnames) == 2
    cells = [cell for row in book[book.sheetnames[1]].iter_rows(values_only=True) for cell in row if cell]
    assert any(str(cell).startswith(("1/2026", "01.10.2026, № 1/2026", "3/2026")) for cell in cells)
