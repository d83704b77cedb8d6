"""`referrals list`: the letters of an organisation as data, without the names of people."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.access import Viewer
from models.audit import AccessEvent
from models.context import Actor, act_as
from models.exchange import ReferralStatus
from services.exchange import letters
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast, build_cast
from tests.fresh import fresh_app
from views.database import access_connection
from views.extensions import db

S = ReferralStatus
LATE = TODAY - timedelta(days=1)
BOXES = "in, out, awaited, overdue, drafts, archive"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Flask, dict[str, int]]]:
    with fresh_app(request.param, tmp_path_factory.mktemp("referrals"), f"{worker_id}_referrals") as app:
        session = db.session()
        cast = build_cast(session)
        act_as(session, Actor(NOW))
        made = {
            "new": make_referral(session, cast.opeka, cast.service, cast.own, answer_due_on=LATE),
            "sent": make_referral(session, cast.service, cast.opeka, cast.own, cast.local, answer_due_on=TODAY),
            "draft": make_referral(session, cast.service, cast.opeka, status=S.DRAFT),
            "closed": make_referral(session, cast.opeka, cast.service, status=S.CLOSED),
            "foreign": make_referral(session, cast.opeka, cast.other_opeka),
        }
        _number(cast, made["new"])
        session.commit()
        ids = {name: letter.id for name, letter in made.items()}
        session.rollback()
        yield app, ids


def _number(cast: Cast, letter: Any) -> None:
    by = Viewer.of(db.session(), cast.anna, TODAY)
    letters.register_incoming(
        db.session(), referral=letter, agency_id=cast.service.id, on=date(2026, 9, 2), by=by, now=NOW
    )


def run(app: Flask, *args: str) -> Any:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["referrals", "list", *args])


@pytest.mark.parametrize(
    ("box", "names"),
    [
        ("in", ["new"]),
        ("out", ["sent"]),
        ("awaited", ["sent"]),
        ("overdue", ["new"]),
        ("drafts", ["draft"]),
        ("archive", ["closed"]),
    ],
)
def test_each_box_lists_its_letters(own: tuple[Flask, dict[str, int]], box: str, names: list[str]) -> None:
    app, ids = own
    result = run(app, "--agency", "service", "--box", box, "--json")
    assert result.exit_code == 0, result.stderr
    assert [letter["id"] for letter in json.loads(result.stdout)] == [ids[name] for name in names]


def test_list_says_everything_of_a_letter_but_the_names_of_people(own: tuple[Flask, dict[str, int]]) -> None:
    app, ids = own
    result = run(app, "--agency", "service", "--json")
    assert json.loads(result.stdout) == [
        {
            "id": ids["new"],
            "kind": "common/request",
            "title": "Запрос",
            "clause": "п. 4.4",
            "status": "sent",
            "status_label": "отправлено",
            "urgency": "normal",
            "from": "opeka-sokol",
            "from_name": "opeka-sokol",
            "to": "service",
            "to_name": "service",
            "about": 1,
            "number": "1/2026",
            "sent_on": "2026-09-01",
            "received_on": None,
            "answer_due_on": LATE.isoformat(),
            "answered_on": None,
            "is_late": True,
            "is_paused": False,
            "is_on_paper": False,
            "is_acknowledged": None,
            "outcome": None,
        }
    ]
    plain = run(app, "--agency", "service").stdout
    assert plain == "01.09.2026\t1/2026\tотправлено\tЗапрос\topeka-sokol\tservice\tответ до 30.09.2026\n"
    assert "Ёлкина" not in result.stdout + plain


def test_what_is_late_depends_on_the_day_asked_for(own: tuple[Flask, dict[str, int]]) -> None:
    app, _ = own
    assert (
        json.loads(run(app, "--agency", "service", "--box", "overdue", "--on", LATE.isoformat(), "--json").stdout) == []
    )
    later = json.loads(run(app, "--agency", "service", "--box", "overdue", "--on", "2026-10-02", "--json").stdout)
    assert len(later) == 2


def test_each_listing_is_noted(own: tuple[Flask, dict[str, int]]) -> None:
    app, _ = own
    run(app, "--agency", "opeka-totma", "--box", "in")
    with access_connection() as connection:
        query = select(AccessEvent.payload).where(AccessEvent.subject == "referral").order_by(AccessEvent.seq.desc())
        noted = connection.scalars(query.limit(1)).one()
    assert noted == {"agency": "opeka-totma", "box": "in", "on": TODAY.isoformat(), "total": 1}


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        ((), 2, "Укажите --agency КОД.\n"),
        (("--agency", "nobody"), 1, "Нет организации с кодом «nobody».\n"),
        (("--agency", "service", "--box", "x"), 2, f"Нет писем «x»; есть: {BOXES}.\n"),
        (("--agency", "service", "--on", "вчера"), 2, "Дата «вчера» не читается, нужен вид 2026-10-01.\n"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told_in_a_sentence(
    own: tuple[Flask, dict[str, int]], args: tuple[str, ...], code: int, told: str
) -> None:
    result = run(own[0], *args, "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", told)
