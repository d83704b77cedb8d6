"""`deadlines` and `remind`: what they print and do; safe to run twice, at once, and after being killed half-way."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from models.audit import AccessEvent, AuditEvent
from models.context import Actor, act_as
from models.deadlines import Deadline
from models.notifications import Notification
from models.regulations import AgencyRegulation, DeadlineRule, Regulation
from models.rule_terms import Party, Per, Period, RuleKind, RuleTerms, Who
from models.territory import AgencyKind
from models.users import Role, User
from services.deadlines.run import Made
from services.production_calendar import load_years
from tests.conftest import NOW, TODAY
from tests.duties import make_duty
from tests.factories import Cast, build_cast, make_agency, make_graduate, make_user
from tests.fresh import fresh_app
from tests.views.smtp import free_port, mail_box
from views import cli_deadlines
from views.database import access_connection
from views.extensions import db

PEOPLE = 25


def _rule(regulation: Regulation, code: str, title: str, terms: RuleTerms) -> DeadlineRule:
    made = DeadlineRule(regulation=regulation, code=code, key=f"{regulation.code}/{code}", version=1, clause="2.4")
    made.title, made.kind, made.terms_data = title, terms.kind, terms.to_data()
    made.in_force_from, made.created_at = date(2022, 1, 1), NOW
    db.session.add(made)
    return made


def _follow(cast: Cast) -> None:
    """A window of the organisation, and a quota for each of its people."""
    regulation = Regulation(code="pack", title="Регламент", short_title="Регламент", in_force_from=date(2022, 1, 1))
    kinds = Party(kinds=("support_service",))
    window = RuleTerms(kind=RuleKind.WINDOW, obliged=kinds, opens=(9, 25), closes=(10, 5), per=Per.AGENCY)
    by = Party.of({"kind": "support_service", "by": "responsible"})
    quota = RuleTerms(
        kind=RuleKind.QUOTA, obliged=by, period=Period.HALF_YEAR, at_least=2, per=Per.GRADUATE, who=Who.ALL
    )
    _rule(regulation, "T01", "Список", window)
    _rule(regulation, "T02", "Мониторинг", quota)
    db.session.add(AgencyRegulation(agency=cast.service, regulation=regulation, starts_on=date(2026, 9, 1)))
    for number in range(PEOPLE):
        make_graduate(db.session(), f"Сизов Пётр Ильич{'а' * number}", agency_id=cast.service.id)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[tuple[Flask, Cast]]:
    with fresh_app(request.param, tmp_path_factory.mktemp("remind"), f"{worker_id}_remind") as app:
        cast = build_cast(db.session())
        act_as(db.session(), Actor(NOW))
        load_years(db.session())
        cast.anna.email = "anna@service.ru"
        _follow(cast)
        db.session.commit()
        yield app, cast


@pytest.fixture
def app(own: tuple[Flask, Cast]) -> Iterator[Flask]:
    app, _ = own
    _clear()
    yield app
    _clear()


def _clear() -> None:
    db.session.rollback()
    act_as(db.session(), Actor(NOW))
    for model in (Notification, Deadline):
        db.session.execute(delete(model))
    db.session.execute(update(AuditEvent).where(AuditEvent.subject == "remind").values(subject="was"))
    db.session.commit()


def run(app: Flask, *args: str) -> Any:
    db.session.remove()
    return app.test_cli_runner().invoke(args=list(args))


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def texts() -> list[str]:
    db.session.rollback()
    query = select(Notification.text).join(User).where(User.login == "anna").order_by(Notification.text)
    return list(db.session.scalars(query))


# -- remind ----------------------------------------------------------------------------------------------------------


def test_remind_generates_tells_and_may_be_repeated(app: Flask) -> None:
    first = run(app, "remind")
    assert first.exit_code == 0, first.stderr
    assert first.stdout == ""
    made, told = count(Deadline), count(Notification)
    assert made >= PEOPLE
    assert f"Сроков добавлено {made}," in first.stderr
    assert f"Новых уведомлений: {told}." in first.stderr
    assert any(text.startswith("Мониторинг: ") and f"{PEOPLE + 1} срок" in text for text in texts())
    again = run(app, "remind")
    assert "Сроков добавлено 0," in again.stderr
    assert "Новых уведомлений: 0." in again.stderr
    assert (count(Deadline), count(Notification)) == (made, told)


def test_remind_catches_up_the_days_between(app: Flask) -> None:
    run(app, "remind", "--on", "2026-09-24")
    before = texts()
    assert not any(text.startswith("Список") for text in before)
    run(app, "remind", "--on", "2026-10-07")
    assert [text for text in texts() if text.startswith("Список")] == ["Список: срок истёк 05.10.2026"]


def test_two_reminders_at_once_make_no_doubles(app: Flask) -> None:
    results: list[Any] = []
    start = threading.Barrier(2)
    db.session.remove()

    def remind() -> None:
        start.wait()
        results.append(app.test_cli_runner().invoke(args=["remind"]))

    with mail_box() as (box, port):
        app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}?from=a@b.ru"
        threads = [threading.Thread(target=remind) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        app.config["MAIL_URL"] = ""
    assert [result.exit_code for result in results] == [0, 0], [result.stderr for result in results]
    keys = select(Deadline.rule_key, Deadline.agency_id, Deadline.subject, Deadline.period)
    db.session.rollback()
    found = [tuple(row) for row in db.session.execute(keys)]
    assert len(found) == len(set(found)) >= PEOPLE
    assert len(texts()) == len(set(texts())) == 2
    assert [letter["To"] for letter in box.letters] == ["anna@service.ru"]


@pytest.mark.parametrize("done", [1, 2])
def test_a_run_killed_half_way_is_completed_by_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    """`done`: parts of the generation after which it dies; the last one is all of it, and nobody is told yet."""
    whole = cli_deadlines.generate

    def killed(*args: Any, **options: Any) -> Iterator[Any]:
        for number, part in enumerate(whole(*args, **options), start=1):
            yield part
            if number == done:
                raise RuntimeError("killed")

    monkeypatch.setattr(cli_deadlines, "generate", killed)
    broken = run(app, "remind")
    assert broken.exit_code == 1
    assert broken.stderr.endswith("Внутренняя ошибка: команда не выполнена, ничего не сохранено.\n")
    kept = count(Deadline)
    assert kept > 0
    assert count(Notification) == 0
    monkeypatch.undo()
    assert run(app, "remind").exit_code == 0
    after = count(Deadline)
    assert after == kept if done == 2 else after >= kept + PEOPLE
    assert len(texts()) == len(set(texts())) == 2
    run(app, "remind")
    assert (count(Deadline), len(texts())) == (after, 2)


def test_a_broken_mail_server_is_told_and_the_rest_is_done(app: Flask) -> None:
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}?from=a@b.ru"
    result = run(app, "remind")
    app.config["MAIL_URL"] = ""
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Почтовый сервер не отвечает")
    assert len(texts()) == 2


def test_without_the_production_calendar_nothing_is_guessed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.working_calendar import WorkingCalendar

    empty = WorkingCalendar((), decreed=[], computed=[])
    monkeypatch.setattr(cli_deadlines, "load_calendar", lambda session: empty)
    result = run(app, "remind")
    assert result.exit_code == 1
    assert result.stderr == "Производственный календарь не загружен: выполните flask --app app calendar load\n"


# -- deadlines -------------------------------------------------------------------------------------------------------


def test_generate_goes_as_far_as_it_is_told(app: Flask) -> None:
    assert run(app, "deadlines", "generate", "--until", "2026-12-31").exit_code == 0
    near = count(Deadline)
    assert run(app, "deadlines", "generate").exit_code == 0
    assert count(Deadline) > near > 0
    assert count(Notification) == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("deadlines", "generate", "--until", "2026-01-01"), "Последний день 01.01.2026 раньше дня сведений"),
        (("deadlines", "generate", "--on", "вчера"), "Дата «вчера» не читается"),
        (("remind", "--on", "2026-13-01"), "Дата «2026-13-01» не читается"),
        (("deadlines", "list"), "Укажите --agency КОД."),
        (("deadlines", "list", "--agency", "service", "--state", "late"), "Нет состояния «late»; есть: overdue,"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(app: Flask, args: tuple[str, ...], told: str) -> None:
    result = run(app, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(told)


def test_an_unknown_organisation_is_refused(app: Flask) -> None:
    result = run(app, "deadlines", "list", "--agency", "nobody", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Нет организации с кодом «nobody».\n"


def test_list_says_everything_of_an_obligation(app: Flask, own: tuple[Flask, Cast]) -> None:
    cast = own[1]
    service, opeka, person = (db.session.merge(one) for one in (cast.service, cast.opeka, cast.own))
    dates = {"event_on": date(2026, 3, 6), "nominal_on": date(2026, 3, 9), "control_on": date(2026, 3, 6)}
    duty = make_duty(
        db.session(), service, date(2026, 3, 6), date(2026, 3, 10), graduate_id=person.id, recipient=opeka, **dates
    )
    make_duty(db.session(), opeka, date(2026, 3, 6), date(2026, 3, 10))
    db.session.commit()
    number, key, card = duty.id, duty.rule_key, person.id
    found = json.loads(run(app, "deadlines", "list", "--agency", "service", "--on", "2026-03-11", "--json").stdout)
    assert found == [
        {
            "id": number,
            "rule": key,
            "title": "Список выпускников",
            "regulation": "test-pack",
            "clause": found[0]["clause"],
            "agency": "service",
            "recipient": "opeka-sokol",
            "graduate": card,
            "period": "",
            "event_on": "2026-03-06",
            "opens_on": "2026-03-06",
            "nominal_on": "2026-03-09",
            "due_on": "2026-03-10",
            "control_on": "2026-03-06",
            "done_on": None,
            "state": "overdue",
            "is_provisional": False,
            "required": 1,
            "achieved": 0,
        }
    ]
    assert found[0]["clause"].startswith("п. 2.")
    with access_connection() as connection:
        read = connection.execute(
            select(AccessEvent.kind, AccessEvent.payload).where(AccessEvent.subject == "deadline")
        )
        assert ("exported", {"agency": "service", "on": "2026-03-11", "total": 1}) in [tuple(row) for row in read]


def test_list_is_as_of_a_day_and_by_state(app: Flask, own: tuple[Flask, Cast]) -> None:
    service = db.session.merge(own[1].service)
    make_duty(db.session(), service, TODAY, TODAY + timedelta(days=30), done_on=TODAY, achieved=1)
    make_duty(db.session(), service, TODAY, TODAY + timedelta(days=40))
    db.session.commit()

    def states(*args: str) -> list[str]:
        answer = run(app, "deadlines", "list", "--agency", "service", "--json", *args)
        return [row["state"] for row in json.loads(answer.stdout)]

    assert states() == ["done", "open"]
    assert states("--on", "2026-09-30") == ["upcoming", "upcoming"]
    assert states("--on", "2026-11-11") == ["done", "overdue"]
    assert states("--state", "open") == ["open"]
    shown = run(app, "deadlines", "list", "--agency", "service", "--state", "open")
    assert shown.stdout.split("\t")[:2] == ["2026-11-10", "в работе"]


def test_a_second_organisation_is_told_of_its_own_only(app: Flask, own: tuple[Flask, Cast]) -> None:
    other = make_agency(db.session(), "second", AgencyKind.SUPPORT_SERVICE)
    olga = make_user(db.session(), "olga", "Ольга Вторая", Role.CLERK, other).id
    db.session.commit()
    run(app, "remind")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Notification.user_id == olga)) == 0


def test_who_saves_meanwhile_waits_for_one_part_and_not_for_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite, where whoever waits only looks again from time to time."""

    def slow(session: Any, **_: Any) -> Iterator[Made]:
        for _part in range(10):
            session.execute(update(User).values(name=User.name))
            time.sleep(0.3)
            yield Made()

    monkeypatch.setattr(cli_deadlines, "generate", slow)
    monkeypatch.setattr(cli_deadlines, "LONG", 0.1)
    waited: list[float] = []

    def save() -> None:
        with app.app_context():
            time.sleep(0.5)
            begun = time.monotonic()
            db.session.execute(update(User).values(name=User.name))
            db.session.commit()
            waited.append(time.monotonic() - begun)

    other = threading.Thread(target=save)
    other.start()
    assert app.test_cli_runner().invoke(args=["deadlines", "generate"]).exit_code == 0
    other.join()
    assert waited[0] < 1.5
