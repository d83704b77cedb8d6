"""`calendar`: loading, counting, and one Russian sentence for whatever cannot be counted."""

import json
from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask

from tests.fresh import fresh_app
from views.extensions import db


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    """Its calendar is loaded by the first test, which needs it empty."""
    with fresh_app(request.param, tmp_path_factory.mktemp("calendar"), f"{worker_id}_calendar") as app:
        empty = run(app, "add", "2026-03-06", "3", "--unit", "calendar")
        assert refusal(empty) == "Производственный календарь не загружен: выполните flask --app app calendar load"
        first = run(app, "load", "2022", "2030")
        assert (first.exit_code, first.stdout) == (0, "")
        assert first.stderr == "Утверждённые годы: 2022.\nПредварительные годы: 2030.\nДобавлено 35 дней.\n"
        assert run(app, "load").stderr.startswith("Утверждённые годы: 2022–2027.\nПредварительные годы: 2028–2037.\n")
        yield app


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["calendar", *words])
    db.session.rollback()
    return result


def refusal(result: Result) -> str:
    assert result.exit_code != 0
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    return result.stderr.strip()


def test_loading_again_changes_nothing(own_app: Flask) -> None:
    assert run(own_app, "load").stderr.splitlines()[-1] == "Изменений нет."


def test_a_term_as_json(own_app: Flask) -> None:
    result = run(own_app, "add", "2026-03-06", "3", "--unit", "calendar", "--json")
    assert json.loads(result.stdout) == {
        "event_on": "2026-03-06",
        "amount": 3,
        "unit": "calendar",
        "due_on": "2026-03-10",
        "control_on": "2026-03-06",
        "nominal_on": "2026-03-09",
        "is_provisional": False,
        "steps": [
            "06.03.2026 + 3 календарных дня = 09.03.2026, понедельник (перенос 8 марта)",
            "Последний день нерабочий, срок переходит на вторник 10.03.2026 (ст. 193 ГК РФ)",
        ],
    }
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_term_in_words_also_before_the_event(own_app: Flask) -> None:
    result = run(own_app, "add", "01.03.2027", "-30", "--unit", "calendar", "--roll", "previous")
    assert result.stdout.splitlines() == [
        "Срок: 29.01.2027, пятница",
        "Контрольный срок: 29.01.2027, пятница",
        "01.03.2027 − 30 календарных дней = 30.01.2027, суббота.",
        "Последний день нерабочий, срок сдвигается назад, на пятницу 29.01.2027.",
    ]


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["2026-12-29", "2", "--unit", "working"], "2027-01-11"),
        (["2027-02-18", "2", "--unit", "working"], "2027-02-20"),
        (["2027-01-31", "1", "--unit", "month"], "2027-03-01"),
        (["2024-02-29", "1", "--unit", "year"], "2025-02-28"),
        (["2027-03-01", "-30", "--unit", "calendar", "--roll", "none"], "2027-01-30"),
    ],
)
def test_units_and_rolls(own_app: Flask, words: list[str], due: str) -> None:
    assert json.loads(run(own_app, "add", *words, "--json").stdout)["due_on"] == due


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add"], "Укажите DATE."),
        (["add", "2026-03-06"], "Укажите N."),
        (["add", "2026-03-06", "3"], "Укажите --unit ЕДИНИЦА."),
        (["add", "2026-13-06", "3", "--unit", "calendar"], "Дата «2026-13-06» не читается, нужен вид 2026-10-01."),
        (["add", "2026-03-06", "x", "--unit", "month"], "Число «x» не читается: нужно целое число."),
        (["add", "2026-03-06", "3", "--unit", "week"], "Нет единицы «week»; есть: calendar, working, month, year."),
        (["add", "2026-03-06", "3", "--unit", "instant"], "Нет единицы «instant»"),
        (
            ["add", "2026-03-06", "3", "--unit", "month", "--roll", "up"],
            "Нет переноса «up»; есть: next, previous, none.",
        ),
        (
            ["add", "2037-12-30", "9", "--unit", "working"],
            "Производственного календаря на 2038 год нет: загружены годы",
        ),
        (["add", "2026-03-06", "9" * 30, "--unit", "year"], "Срок выходит за пределы календаря"),
        (["load", "2050"], "Календаря на 2050 год в поставке нет: есть годы с 2022 по 2027, предварительно по 2037."),
        (["load", "soon"], "Год «soon» не читается: нужно целое число."),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_told_in_a_sentence(own_app: Flask, words: list[str], told: str) -> None:
    assert refusal(run(own_app, *words)).startswith(told)
