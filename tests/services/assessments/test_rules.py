"""Why somebody belongs to a category: every entry rule by itself, and which of several wins."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assessments.rules import ACTIVE, CRISIS, RULES, STABLE, propose
from services.assessments.situation import Judged, Situation
from tests.assessments_factories import EIGHTEEN, MONITORING, TWELVE

ON = date(2026, 10, 1)
NOTHING = Situation(ON)


def with_card(values: tuple[int | None, ...], found: Situation = NOTHING) -> Situation:
    known = [value for value in values if value is not None]
    points = sum(known)
    band = MONITORING.band_of(points)
    assert band
    judged = tuple(
        Judged(item, item.title, value)
        for item, value in zip(MONITORING.items, values, strict=True)
        if value is not None
    )
    return replace(found, judged=judged, points=points, band=band.code, filled_on=date(2026, 9, 30))


WELL = with_card((3,) * 7)


@pytest.mark.parametrize(
    ("said", "category", "reason"),
    [
        # Crisis: any of these.
        ({"housing": "homeless"}, CRISIS, "нет жилья"),
        ({"problems": (("housing", 3),)}, CRISIS, "нет жилья"),
        ({"problems": (("violence", 1),)}, CRISIS, "насилие или угроза жизни"),
        ({"problems": (("mental", 3),)}, CRISIS, "суицидальный риск"),
        ({"problems": (("addiction", 3),)}, CRISIS, "зависимость в обострении"),
        ({"problems": (("released", 1),)}, CRISIS, "вернулся из мест лишения свободы"),
        ({"is_back_from_prison": True, "left_on": date(2026, 4, 1)}, CRISIS, "вернулся из мест лишения свободы"),
        ({"problems": (("income", 3),)}, CRISIS, "нет дохода и средств на еду"),
        ({"problems": (("children_at_risk", 1),)}, CRISIS, "ребёнка могут отобрать"),
        # Active: life is not settled yet.
        ({"left_on": date(2026, 4, 2)}, ACTIVE, "первые полгода после выпуска (02.04.2026)"),
        ({"left_on": date(2026, 10, 1)}, ACTIVE, "первые полгода после выпуска (01.10.2026)"),
        ({"problems": (("study", 1),)}, ACTIVE, "не решён вопрос с учёбой"),
        ({"problems": (("work", 1),)}, ACTIVE, "не решён вопрос с работой"),
        ({"employment": "none"}, ACTIVE, "не решён вопрос с работой"),
        ({"employment": "employment_centre"}, ACTIVE, "не решён вопрос с работой"),
        ({"problems": (("housing", 2),)}, ACTIVE, "не решён вопрос с жильём"),
        ({"housing": "social_hotel"}, ACTIVE, "не решён вопрос с жильём"),
        ({"problems": (("documents", 2),)}, ACTIVE, "не восстановлены документы"),
        ({"problems": (("addiction", 2),)}, ACTIVE, "есть открытая серьёзная проблема"),
        ({"problems": (("", 3),)}, ACTIVE, "есть открытая серьёзная проблема"),
        ({"open_measures": 1}, ACTIVE, "не выполнено 1 мероприятие плана"),
        ({"open_measures": 3}, ACTIVE, "не выполнены 3 мероприятия плана"),
        # Nothing that asks for more: the high sum of WELL speaks.
        ({"left_on": date(2026, 4, 1)}, STABLE, "сумма мониторинга высокая: 21 балл (30.09.2026)"),
        ({"is_back_from_prison": True, "left_on": date(2026, 3, 31)}, STABLE, "сумма мониторинга высокая"),
        ({"problems": (("loneliness", 1),)}, STABLE, "сумма мониторинга высокая"),
        ({"problems": (("mental", 1),)}, STABLE, "сумма мониторинга высокая"),
        ({"employment": "studying", "housing": "dormitory"}, STABLE, "сумма мониторинга высокая"),
    ],
)
def test_every_entry_rule_by_itself(said: dict[str, Any], category: str, reason: str) -> None:
    found = propose(replace(WELL, **said))
    assert found.category == category
    (told,) = found.reasons
    assert told.text.startswith(reason)


@pytest.mark.parametrize(
    ("values", "category", "reasons"),
    [
        (TWELVE, ACTIVE, ["сумма мониторинга средняя: 12 баллов (30.09.2026)", "«Доходы» – 1 балл", "«Жильё и быт»"]),
        (EIGHTEEN, STABLE, ["сумма мониторинга высокая: 18 баллов (30.09.2026)"]),
        ((2, 1, 2, 2, 1, 2, 1), ACTIVE, ["сумма мониторинга средняя: 11 баллов"]),  # scenario 2, the review
        ((2, 2, 2, 1, 1, 1, 1), CRISIS, ["сумма мониторинга низкая: 10 баллов"]),
        ((3, 3, 3, 0, 3, 3, 3), CRISIS, ["«Закон и вредные привычки» – 0 баллов"]),
        ((3, 3, 3, 3, 0, 3, 3), CRISIS, ["«Жильё и быт» – 0 баллов"]),
        ((0, 3, 3, 3, 3, 3, 3), ACTIVE, ["«Учёба и работа» – 0 баллов"]),
        ((3, 3, 3, 3, 3, 3, 1), ACTIVE, ["«Круг общения» – 1 балл"]),
        ((3, 3, 3, 3, 3, 1, 1), ACTIVE, ["«Отношения с родными» – 1 балл", "«Круг общения» – 1 балл"]),  # 17 points
    ],
)
def test_the_marks_of_a_card_speak(values: tuple[int, ...], category: str, reasons: list[str]) -> None:
    found = propose(with_card(values))
    assert found.category == category
    for reason in reasons:
        assert [told for told in found.reasons if reason in told.text], found.reasons


def test_without_a_card_and_without_trouble_nothing_is_proposed() -> None:
    assert propose(NOTHING).category is None
    assert propose(replace(NOTHING, employment="studying", housing="dormitory")).reasons == ()


def test_a_graver_category_wins_and_tells_all_its_own_reasons_only() -> None:
    eviction = replace(
        with_card(TWELVE), problems=(("housing", 3), ("documents", 2), ("income", 3)), left_on=date(2026, 9, 1)
    )
    found = propose(eviction)
    assert found.category == CRISIS
    assert [reason.text for reason in found.reasons] == ["нет жилья", "нет дохода и средств на еду"]


def test_a_reason_out_of_closed_facts_is_told_to_those_named_only() -> None:
    found = propose(with_card((3, 3, 3, 0, 3, 3, 3)))
    assert found.told_to(frozenset()) == ("есть закрытые сведения",)
    assert found.told_to(frozenset({"offences"})) == ("показатель «Закон и вредные привычки» – 0 баллов",)
    mixed = propose(replace(with_card((3, 3, 3, 0, 3, 3, 3)), housing="homeless"))
    assert mixed.told_to(frozenset()) == ("нет жилья", "есть закрытые сведения")


def test_each_category_has_its_rules() -> None:
    assert [category for category, _ in RULES] == [CRISIS, ACTIVE, STABLE]
