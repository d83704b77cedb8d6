"""The boxes of the desk: which letters lie where, for whom, how they are told, found, counted and taken away."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.audit import AccessEvent, AccessKind
from models.exchange import OVER, IncomingLetter, Referral, ReferralReading, ReferralStatus, ReferralUrgency
from models.exchange_access import referrals_visible_to
from services.exchange import boxes, letters
from services.exchange.boxes import Box
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast, make_graduate
from tests.pages import text_of
from tests.signing import sign_in
from tests.views.test_card_statements import statements
from views import totals
from views.database import access_connection
from views.extensions import db

S = ReferralStatus
ADDRESSES = {
    Box.INBOX: "/exchange/inbox/",
    Box.OUTBOX: "/exchange/outbox/",
    Box.AWAITED: "/exchange/awaited/",
    Box.OVERDUE: "/exchange/overdue/",
    Box.DRAFTS: "/exchange/drafts/",
    Box.ARCHIVE: "/exchange/archive/",
}


def in_box(session: Session, cast: Cast, box: Box) -> set[int]:
    wanted = boxes.lies_in(box, agency_id=cast.service.id, on=TODAY)
    return set(session.scalars(select(Referral.id).where(wanted)))


def table(page: str) -> str:
    """The rows of a list, as text."""
    import html5lib

    body = html5lib.parse(page, namespaceHTMLElements=False).find(".//tbody")
    return text_of(body) if body is not None else ""


def every_status(session: Session, cast: Cast) -> dict[tuple[str, S], Referral]:
    """A letter of each status from the service and to it."""
    made = {}
    for status in S:
        made["out", status] = make_referral(session, cast.service, cast.opeka, cast.own, status=status)
        made["in", status] = make_referral(session, cast.opeka, cast.service, cast.own, status=status)
    session.commit()
    return made


# -- What lies where -------------------------------------------------------------------------------------------------


def test_an_open_letter_lies_in_exactly_one_box_and_what_is_over_in_the_archive(
    session: scoped_session[Session], cast: Cast
) -> None:
    made = every_status(session(), cast)
    found = {box: in_box(session(), cast, box) for box in Box}
    for (way, status), letter in made.items():
        lies = {box for box in (Box.INBOX, Box.OUTBOX, Box.DRAFTS, Box.ARCHIVE) if letter.id in found[box]}
        if status is S.DRAFT:
            wanted = {Box.DRAFTS} if way == "out" else set()  # A draft of others does not exist.
        elif status in OVER:
            wanted = {Box.ARCHIVE}
        elif way == "out" and status is S.RETURNED:
            wanted = {Box.DRAFTS}
        else:
            wanted = {Box.INBOX if way == "in" else Box.OUTBOX}
        assert lies == wanted, (way, status)


def test_the_parts_of_a_box_never_overlap(session: scoped_session[Session], cast: Cast) -> None:
    late = TODAY - timedelta(days=1)
    for status in S:
        make_referral(session(), cast.service, cast.opeka, status=status, answer_due_on=late)
        make_referral(session(), cast.opeka, cast.service, status=status, answer_due_on=late)
    for box in Box:
        parts = boxes.parts_of(box, agency_id=cast.service.id, on=TODAY)
        ids = [number for part in parts for number in session.scalars(select(Referral.id).where(part))]
        assert len(ids) == len(set(ids)), box
        assert set(ids) == in_box(session(), cast, box)


def test_overdue_is_what_the_letter_itself_calls_late(session: scoped_session[Session], cast: Cast) -> None:
    made = [
        make_referral(session(), *sides, status=status, answer_due_on=TODAY + timedelta(days=days))
        for sides in ((cast.service, cast.opeka), (cast.opeka, cast.service))
        for status in S
        for days in (-1, 0, 1)
    ]
    late = {letter.id for letter in made if letter.is_late_on(TODAY) and letter.status is not S.DRAFT}
    assert in_box(session(), cast, Box.OVERDUE) == late
    assert len(late) == 2 * 5


def test_awaited_are_our_letters_whose_answer_is_still_to_come(session: scoped_session[Session], cast: Cast) -> None:
    made = {
        status: make_referral(session(), cast.service, cast.opeka, status=status, answer_due_on=TODAY) for status in S
    }
    make_referral(session(), cast.service, cast.opeka)  # Asks for no answer.
    make_referral(session(), cast.opeka, cast.service, answer_due_on=TODAY)
    awaited = in_box(session(), cast, Box.AWAITED)
    assert awaited == {made[status].id for status in (S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK)}


@pytest.mark.parametrize("box", Box)
def test_no_box_shows_a_letter_that_the_row_rule_hides(session: scoped_session[Session], cast: Cast, box: Box) -> None:
    every_status(session(), cast)
    make_referral(session(), cast.opeka, cast.other_opeka, answer_due_on=date(2026, 9, 2))
    for user in (cast.anna, cast.boris, cast.vera, cast.kira, cast.root):
        viewer = Viewer.of(session(), user, TODAY)
        own = set(session.scalars(select(Referral.id).where(boxes.lies_in(box, agency_id=viewer.agency_id, on=TODAY))))
        seen = set(session.scalars(select(Referral.id).where(referrals_visible_to(viewer))))
        assert own <= seen


def test_the_counters_are_the_numbers_of_the_boxes(session: scoped_session[Session], cast: Cast) -> None:
    every_status(session(), cast)
    late = TODAY - timedelta(days=1)
    make_referral(session(), cast.opeka, cast.service, answer_due_on=late, acknowledge_by=NOW)
    make_referral(session(), cast.service, cast.opeka, answer_due_on=late)
    make_referral(session(), cast.opeka, cast.other_opeka, answer_due_on=late)
    found = boxes.counters(session(), agency_id=cast.service.id, on=TODAY)
    assert found.boxes == {box: len(in_box(session(), cast, box)) for box in Box}
    assert found.new == 2  # The one of each status, and the urgent one.


# -- The pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("box", Box)
def test_every_box_shows_its_letters_and_all_tabs_with_their_numbers(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, box: Box
) -> None:
    every_status(session(), cast)
    page = sign_in(client, cast.anna).get(ADDRESSES[box]).text
    for number in in_box(session(), cast, box):
        assert f"/referral/details/?id={number}" in page
    assert page.count('class="row-link"') == len(in_box(session(), cast, box))
    for other in Box:
        count = len(in_box(session(), cast, other))
        assert ADDRESSES[other] in page
        assert f">{other.label}" + (f' <span class="badge-count">{count}</span>' if count else "") in page


@pytest.mark.parametrize("box", Box)
def test_an_empty_box_says_why_and_a_narrowed_one_what_to_do(client: FlaskClient, cast: Cast, box: Box) -> None:
    client = sign_in(client, cast.anna)
    assert "Записи появятся" not in client.get(ADDRESSES[box]).text
    assert "снимите отбор" in client.get(ADDRESSES[box] + "?q=никого").text


def test_the_desk_opens_with_the_inbox(client: FlaskClient, cast: Cast) -> None:
    answer = sign_in(client, cast.anna).get("/exchange/")
    assert (answer.status_code, answer.location) == (302, "/exchange/inbox/")


def test_the_menu_counts_letters_that_nobody_has_received(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_referral(session(), cast.opeka, cast.service)
    make_referral(session(), cast.opeka, cast.service)
    make_referral(session(), cast.opeka, cast.service, status=S.RECEIVED)
    session.commit()
    client = sign_in(client, cast.anna)
    badge = 'badge-count">2<span class="visually-hidden"> требуют внимания'
    assert badge in client.get("/exchange/outbox/").text
    session.execute(Referral.__table__.update().values(status=S.RECEIVED))  # type: ignore[attr-defined]
    session.commit()
    totals.forget()
    assert badge not in client.get("/exchange/outbox/").text


def test_a_line_tells_the_clock_the_number_and_the_executor(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    days = {-2: "просрочено на 2 дня", 0: "сегодня", 3: "скоро, 3 дня", 4: "осталось 4 дня"}
    for left in days:
        due = TODAY + timedelta(days=left)
        made = make_referral(
            session(), cast.opeka, cast.service, cast.own, answer_due_on=due, executor_id=cast.galina.id,
            urgency=ReferralUrgency.THREE_DAYS, paused_on=TODAY, pause_reason="чей адрес",
        )  # fmt: skip
    answered = make_referral(session(), cast.opeka, cast.service, status=S.ANSWERED, answer_due_on=date(2026, 9, 3))
    viewer = Viewer.of(session(), cast.anna, TODAY)
    letters.register_incoming(session(), referral=made, agency_id=cast.service.id, on=TODAY, by=viewer, now=NOW)
    session.commit()
    told = table(sign_in(client, cast.anna).get("/exchange/inbox/").text)
    for words in days.values():
        assert words in told
    assert "1/2026" in told
    assert "Галина Г." in told
    assert "срочноЗапрос" in told
    assert "ждёт уточнения" in told
    assert answered.status.label in told
    assert "03.09.202601.09.2026" in told  # An answered letter has a last day, but no clock.


def test_a_letter_is_marked_until_the_user_has_opened_it(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    letter = make_referral(session(), cast.opeka, cast.service)
    session.add(
        ReferralReading(referral_id=letter.id, user_id=cast.galina.id, agency_id=cast.service.id, who="Галина", at=NOW)
    )
    session.commit()
    assert "Не прочитано" in sign_in(client, cast.anna).get("/exchange/inbox/").text
    assert "Не прочитано" not in sign_in(client, cast.galina).get("/exchange/inbox/").text


def test_overdue_tells_who_has_to_act(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    late = {"answer_due_on": date(2026, 9, 2)}
    rows = {
        "мы": [
            make_referral(session(), cast.opeka, cast.service, **late),
            make_referral(session(), cast.service, cast.opeka, status=S.RETURNED, **late),
        ],
        "они": [
            make_referral(session(), cast.service, cast.opeka, **late),
            make_referral(session(), cast.opeka, cast.service, status=S.RETURNED, **late),
        ],
    }
    session.commit()
    told = exported(sign_in(client, cast.anna), "/exchange/overdue/export/csv/")
    assert sorted(row["Кто должен"] for row in told) == sorted(
        word for word, letters_of in rows.items() for _ in letters_of
    )


def exported(client: FlaskClient, address: str) -> list[dict[str, str]]:
    with client.get(address) as answer:
        text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_urgent_letters_that_nobody_has_acknowledged_stand_in_a_strip_above_the_inbox(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    first = make_referral(session(), cast.opeka, cast.service, acknowledge_by=NOW + timedelta(minutes=30))
    make_referral(session(), cast.opeka, cast.service, acknowledge_by=NOW, acknowledged_at=NOW, status=S.RECEIVED)
    session.commit()
    client = sign_in(client, cast.anna)
    page = client.get("/exchange/inbox/").text
    assert "без подтверждения: 1" in page
    assert page.count("Подтвердить получение") == 1
    assert page.index(f"/referral/details/?id={first.id}") < page.index('id="register"')
    assert "без подтверждения" not in client.get("/exchange/outbox/").text


# -- Filters ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def varied(session: scoped_session[Session], cast: Cast) -> dict[str, Referral]:
    yolkina = {"about_key": "елкина дарья игоревна"}
    made = {
        "name": make_referral(session(), cast.opeka, cast.service, cast.own, **yolkina),
        "kind": make_referral(session(), cast.opeka, cast.service, terms=_kind("notice", "Извещение")),
        "side": make_referral(session(), cast.other_opeka, cast.service),
        "status": make_referral(session(), cast.opeka, cast.service, status=S.IN_WORK),
        "urgency": make_referral(session(), cast.opeka, cast.service, urgency=ReferralUrgency.IMMEDIATE),
        "mine": make_referral(session(), cast.opeka, cast.service, executor_id=cast.anna.id),
        "executor": make_referral(session(), cast.opeka, cast.service, executor_id=cast.galina.id),
        "sent": make_referral(session(), cast.opeka, cast.service, sent_on=date(2026, 3, 5)),
        "today": make_referral(session(), cast.opeka, cast.service, sent_on=TODAY),
        "due": make_referral(session(), cast.opeka, cast.service, answer_due_on=date(2026, 12, 7)),
        "soon": make_referral(session(), cast.opeka, cast.service, answer_due_on=TODAY + timedelta(days=2)),
        "paused": make_referral(session(), cast.opeka, cast.service, paused_on=TODAY, pause_reason="чей адрес"),
        "paper": make_referral(session(), cast.opeka, cast.service, is_on_paper=True, their_number="01-17/345"),
    }
    viewer = Viewer.of(session(), cast.anna, TODAY)
    made["number"] = make_referral(session(), cast.opeka, cast.service)
    letters.register_incoming(
        session(), referral=made["number"], agency_id=cast.service.id, on=TODAY, by=viewer, now=NOW
    )
    session.commit()
    return made


def _kind(code: str, title: str) -> dict[str, Any]:
    from tests.exchange_factories import PLAIN

    return PLAIN | {"code": code, "title": title}


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("f.name=Ёлкина", "name"),
        ("f.name=дарья ЕЛК", "name"),
        ("q=елкина", "name"),
        ("f.kind=common/notice", "kind"),
        ("f.side={other}", "side"),
        ("q=тотемского", "side"),
        ("f.status=in_work", "status"),
        ("f.urgency=immediate", "urgency"),
        ("f.executor=me", "mine"),
        ("f.executor={galina}", "executor"),
        ("f.sent=2026-03-01..2026-03-31", "sent"),
        ("f.sent_when=today", "today"),
        ("f.due=2026-12-01..2026-12-31", "due"),
        ("f.due_when=next-7", "soon"),
        ("f.paused=1", "paused"),
        ("f.paper=1", "paper"),
        ("f.number=01-17/345", "paper"),
        ("q=01-17/345", "paper"),
        ("f.number=1", "number"),
        ("f.number=№ 1/2026", "number"),
        ("q=1/2026", "number"),
    ],
)
def test_each_filter_finds_its_letter_and_no_other(
    client: FlaskClient, varied: dict[str, Referral], cast: Cast, asked: str, wanted: str
) -> None:
    address = "/exchange/inbox/?" + asked.format(other=cast.other_opeka.id, galina=cast.galina.id)
    page = sign_in(client, cast.anna).get(address).text
    assert page.count('class="row-link"') == 1
    assert f"/referral/details/?id={varied[wanted].id}" in page
    assert "Найдено: <strong>1</strong>" in page


@pytest.mark.parametrize(
    "asked",
    ["f.number=1/2025", "f.number=99999999999", "f.name=%25", "f.side=x", "f.executor=99999999999", "q=%00", "q=%25"],
)
def test_what_a_filter_does_not_understand_breaks_nothing(
    client: FlaskClient, varied: dict[str, Referral], cast: Cast, asked: str
) -> None:
    assert sign_in(client, cast.anna).get(f"/exchange/inbox/?{asked}").status_code == 200


def test_a_correspondent_outside_the_directory_is_found_as_such(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    letter = make_referral(session(), cast.opeka, cast.service, is_on_paper=True)
    make_referral(session(), cast.opeka, cast.service)
    letter.sender, letter.sender_name = None, "Фонд «Дом»"
    session.commit()
    page = sign_in(client, cast.anna).get("/exchange/inbox/?f.side=none").text
    assert page.count('class="row-link"') == 1
    assert "Фонд «Дом»" in table(page)


# -- Paging and order ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("box", [Box.INBOX, Box.OVERDUE, Box.ARCHIVE])
@pytest.mark.parametrize("sort", ["", "sent", "-sent", "kind", "-side"])
def test_the_pages_of_a_box_hold_every_letter_once_in_both_directions(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, box: Box, sort: str
) -> None:
    status = S.CLOSED if box is Box.ARCHIVE else S.SENT
    for number in range(45):
        sides = (cast.opeka, cast.service) if number % 2 or box is Box.INBOX else (cast.service, cast.opeka)
        on = date(2026, 8, 1) + timedelta(days=number // 4)
        make_referral(session(), *sides, status=status, sent_on=on, answer_due_on=on)
    session.commit()
    client = sign_in(client, cast.anna)
    seen, address, pages = [], f"{ADDRESSES[box]}?size=20&sort={sort}", []
    while address:
        page = client.get(address).text
        pages.append(numbers_of(page))
        seen += numbers_of(page)
        address = _link(page, ADDRESSES[box], "chevron-right")
    assert len(seen) == len(set(seen)) == 45
    last = client.get(f"{ADDRESSES[box]}?size=20&sort={sort}&last=1").text
    assert numbers_of(last) == pages[-1]
    before = client.get(_link(last, ADDRESSES[box], "chevron-left")).text
    assert numbers_of(before) == pages[-2]


def numbers_of(page: str) -> list[int]:
    import re

    return [int(found) for found in re.findall(r'class="row-link" href="[^"]*/referral/details/\?id=(\d+)"', page)]


def _link(page: str, here: str, name: str) -> str:
    import re
    from html import unescape

    found = re.search(rf'id="page-{name}" href="([^"]*)"', page)
    return here + unescape(found[1]) if found else ""


def test_more_letters_take_no_more_statements(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    def write(count: int) -> None:
        for _ in range(count):
            person = make_graduate(session(), agency_id=cast.service.id)
            make_referral(session(), cast.opeka, cast.service, person, acknowledge_by=NOW)
        session.commit()

    def taken() -> int:
        session.expunge_all()
        totals.forget()
        return statements(client, "/exchange/inbox/")

    client = sign_in(client, cast.anna)
    write(2)
    taken()
    few = taken()
    cast.opeka, cast.service = session.merge(cast.opeka), session.merge(cast.service)
    write(20)
    taken()  # The first statement after a commit of the test begins a savepoint.
    assert taken() <= few


# -- What is taken away, and what is noted of it ---------------------------------------------------------------------


def test_an_export_holds_what_is_shown_with_the_names_of_the_day_of_sending(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_referral(session(), cast.opeka, cast.service, cast.own, answer_due_on=date(2026, 10, 5))
    make_referral(session(), cast.other_opeka, cast.service)
    cast.opeka.name = cast.opeka.short_name = "Переименованный отдел"
    session.commit()
    client = sign_in(client, cast.anna)
    (row,) = exported(client, f"/exchange/inbox/export/csv/?f.side={cast.opeka.id}")
    assert row["От кого"] == "opeka-sokol"
    assert (row["Письмо"], row["О ком"], row["Ответить до"]) == ("Запрос", "Ёлкина", "05.10.2026")
    with client.get("/exchange/inbox/export/xlsx/") as answer:
        assert answer.status_code == 200


def test_a_list_that_names_people_is_noted(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make_referral(session(), cast.opeka, cast.service, cast.own)
    make_referral(session(), cast.opeka, cast.service, cast.local, cast.foreign)  # «2 чел.»
    session.commit()
    with access_connection() as connection:
        connection.execute(delete(AccessEvent))
    sign_in(client, cast.anna).get("/exchange/inbox/")
    with access_connection() as connection:
        query = select(AccessEvent.payload).where(
            AccessEvent.kind == AccessKind.LISTED, AccessEvent.subject == "graduate"
        )
        noted = list(connection.scalars(query))
    assert [payload["ids"] for payload in noted] == [[cast.own.id]]


def test_names_of_people_come_from_the_letter_not_from_the_card(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    """What was told is what was sent: a card that changed later discloses nothing to the other side."""
    make_referral(session(), cast.opeka, cast.service, cast.foreign)
    cast.foreign.last_name = "Новиков"
    session.commit()
    told = table(sign_in(client, cast.anna).get("/exchange/inbox/").text)
    assert "Тихонов" in told
    assert "Новиков" not in told
    assert db.session.scalar(select(IncomingLetter.id)) is None
