"""Monitoring cards: sums with and without gaps, bands, corrections, one a day."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.exc import StaleDataError

from models.assessments import MonitoringCard
from services.assessments import monitoring, recording
from services.assessments.monitoring import Mark, Total, total, total_of
from services.errors import Refused
from tests.assessments_factories import EIGHTEEN, MONITORING, TWELVE, fill_card, marks, monitoring_card, viewer
from tests.conftest import NOW, TODAY
from tests.factories import Cast


@pytest.mark.parametrize(
    ("values", "points", "is_flagged", "band"),
    [
        (TWELVE, 12, False, "средний"),  # scenario 6, April
        (EIGHTEEN, 18, False, "высокий"),  # scenario 6, September
        ((2, 1, 2, 2, 1, 2, 1), 11, False, "средний"),  # scenario 2, the review
        ((3, 3, 3, 3, 3, 1, 1), 17, False, "высокий"),
        ((3, 3, 3, 3, 3, 1, 0), 16, False, "средний"),
        ((2, 2, 2, 1, 1, 1, 1), 10, False, "низкий"),
        ((0,) * 7, 0, False, "низкий"),
        ((3,) * 7, 21, False, "высокий"),
        ((None, 2, 2, 2, 2, 2, 2), 14, True, "средний"),
        ((None, None, None, None, None, 2, 3), 18, True, "высокий"),  # 17.5 is rounded up
        ((None, None, None, 1, 1, 1, 2), 9, True, "низкий"),  # 8.75
        ((None,) * 7, None, True, None),
    ],
)
def test_the_sum_of_a_card_and_its_band(
    values: tuple[int | None, ...], points: int | None, is_flagged: bool, band: str | None
) -> None:
    found = total_of(monitoring_card(values))
    assert found == Total(points, is_flagged)
    told = MONITORING.band_of(found.points)
    assert (told.title if told else None) == band


@given(st.lists(st.none() | st.integers(0, 9), min_size=1, max_size=12))
def test_a_sum_with_gaps_is_the_average_of_what_is_known_rounded_half_up(values: list[int | None]) -> None:
    found = total(values)
    known = [value for value in values if value is not None]
    assert found.is_flagged == (len(known) < len(values))
    if not known:
        assert found.points is None
        return
    assert found.points is not None
    exact = Fraction(sum(known) * len(values), len(known))
    assert found.points - Fraction(1, 2) <= exact < found.points + Fraction(1, 2)
    assert min(known) * len(values) <= found.points <= max(known) * len(values)
    assert total(list(reversed(values))) == found
    if len(known) == len(values):
        assert found.points == sum(known)


@pytest.mark.parametrize("points", range(22))
def test_every_sum_stands_in_one_band(points: int) -> None:
    assert sum(1 for band in MONITORING.bands if band.first <= points <= band.last) == 1


def test_every_step_of_every_indicator_has_words_of_its_own() -> None:
    for item in MONITORING.items:
        assert [value for value, _ in item.steps] == [3, 2, 1, 0]
        assert len({words for _, words in item.steps}) == 4
    assert MONITORING.best == 21
    assert MONITORING.groups == {"law-abidingness": "offences"}


def test_a_card_keeps_each_mark_under_the_title_of_its_day(session: scoped_session[Session], cast: Cast) -> None:
    told = {**marks(TWELVE), "housing": Mark(1, "долг за три месяца")}
    card = fill_card(session(), cast.anna, cast.own, date(2026, 9, 1), marks=told, conclusion=" Нужна помощь. ")
    session.commit()
    assert (card.agency_id, card.specialist, card.created_by_id) == (cast.service.id, "Анна Клерк", cast.anna.id)
    assert card.conclusion == "Нужна помощь."
    assert [(one.title, one.value) for one in card.scores][:2] == [("Учёба и работа", 2), ("Доходы", 1)]
    assert [one.note for one in card.scores if one.note] == ["долг за три месяца"]
    assert total_of(card) == Total(12)


@pytest.mark.parametrize(
    ("on", "values", "field", "sentence"),
    [
        (date(2026, 10, 2), TWELVE, "filled_on", "Этот день ещё не наступил."),
        (date(2005, 8, 13), TWELVE, "filled_on", "Этот день раньше дня рождения."),
        (
            date(2026, 9, 1),
            (None,) * 7,
            "",
            "Оцените хотя бы один показатель: по карте из «н/д» ничего не решить.",
        ),
        (date(2026, 9, 1), (4, *TWELVE[1:]), "", "Показатель «Учёба и работа»: такой оценки в шкале нет."),
        (date(2026, 9, 1), (-1, *TWELVE[1:]), "", "Показатель «Учёба и работа»: такой оценки в шкале нет."),
    ],
)
def test_a_wrong_card_is_refused(
    session: scoped_session[Session],
    cast: Cast,
    on: date,
    values: tuple[int | None, ...],
    field: str,
    sentence: str,
) -> None:
    by = viewer(session(), cast.anna, TODAY)
    with pytest.raises(Refused) as refused:
        monitoring.fill(
            session(),
            graduate_id=cast.own.id,
            agency_id=cast.service.id,
            filled_on=on,
            marks=marks(values),
            scale=MONITORING,
            by=by,
            now=NOW,
        )
    assert (str(refused.value), refused.value.field) == (sentence, field)
    session.rollback()
    assert session.scalars(select(MonitoringCard)).all() == []


def test_an_indicator_may_not_be_passed_over(session: scoped_session[Session], cast: Cast) -> None:
    told = marks(TWELVE)
    del told["kin"]
    with pytest.raises(Refused, match="Оцените показатель «Отношения с родными»"):
        fill_card(session(), cast.anna, cast.own, TODAY, marks=told)


def test_a_day_has_one_card_of_an_organisation(session: scoped_session[Session], cast: Cast) -> None:
    first = fill_card(session(), cast.anna, cast.own, TODAY)
    with pytest.raises(Refused, match="На этот день карта уже заполнена"):
        fill_card(session(), cast.galina, cast.own, TODAY, EIGHTEEN)
    recording.annul(session(), record=first, reason="не тот человек", by=viewer(session(), cast.anna, TODAY))
    assert fill_card(session(), cast.anna, cast.own, TODAY, EIGHTEEN).id != first.id


@pytest.mark.parametrize(("who", "whose"), [("anna", "foreign"), ("vera", "own"), ("kira", "own"), ("boris", "own")])
def test_strangers_and_readers_fill_in_nothing(
    session: scoped_session[Session], cast: Cast, who: str, whose: str
) -> None:
    with pytest.raises(Refused):
        fill_card(session(), getattr(cast, who), getattr(cast, whose), TODAY)


def test_a_correction_changes_what_it_names_and_raises_the_version(
    session: scoped_session[Session], cast: Cast
) -> None:
    card = fill_card(session(), cast.anna, cast.own, TODAY)
    session.commit()
    version = card.version
    by = viewer(session(), cast.galina, TODAY)
    told = {"housing": Mark(3, "квартира получена")}
    monitoring.correct(session(), card=card, filled_on=card.filled_on, marks=told, scale=MONITORING, by=by)
    session.commit()
    assert total_of(card) == Total(14)
    assert card.version > version
    assert [one.value for one in card.scores] == [2, 1, 3, 2, 3, 2, 1]


def test_a_correction_does_not_move_a_card_upon_another_or_an_annulled_one(
    session: scoped_session[Session], cast: Cast
) -> None:
    first = fill_card(session(), cast.anna, cast.own, date(2026, 4, 20))
    second = fill_card(session(), cast.anna, cast.own, TODAY)
    by = viewer(session(), cast.anna, TODAY)
    with pytest.raises(Refused, match="На этот день карта уже заполнена"):
        monitoring.correct(session(), card=second, filled_on=first.filled_on, marks={}, scale=MONITORING, by=by)
    recording.annul(session(), record=first, reason="ошибка", by=by)
    with pytest.raises(Refused, match="аннулирована"):
        monitoring.correct(session(), card=first, filled_on=first.filled_on, marks={}, scale=MONITORING, by=by)
    with pytest.raises(Refused, match="Запись уже аннулирована"):
        recording.annul(session(), record=first, reason="ещё раз", by=by)


def test_only_the_author_and_the_head_annul(session: scoped_session[Session], cast: Cast) -> None:
    card = fill_card(session(), cast.galina, cast.own, TODAY)
    for who in (cast.anna, cast.boris, cast.kira):
        with pytest.raises(Refused, match="её автор или руководитель"):
            recording.annul(session(), record=card, reason="ошибка", by=viewer(session(), who, TODAY))
    with pytest.raises(Refused, match="Укажите причину"):
        recording.annul(session(), record=card, reason=" ", by=viewer(session(), cast.galina, TODAY))
    recording.annul(session(), record=card, reason="ошибка", by=viewer(session(), cast.galina, TODAY))
    assert (card.annulled_on, card.annulled_reason) == (TODAY, "ошибка")


def test_of_two_corrections_at_once_the_second_is_noticed(session: scoped_session[Session], cast: Cast) -> None:
    card = fill_card(session(), cast.anna, cast.own, TODAY)
    session.commit()
    table = MonitoringCard.__table__
    session.execute(table.update().where(table.c.id == card.id).values(version=card.version + 1))
    by = viewer(session(), cast.anna, TODAY)
    with pytest.raises(StaleDataError):
        monitoring.correct(session(), card=card, filled_on=TODAY, marks={"kin": Mark(0)}, scale=MONITORING, by=by)


def test_the_trend_sets_dates_beside_indicators(session: scoped_session[Session], cast: Cast) -> None:
    fill_card(session(), cast.anna, cast.own, date(2026, 4, 20), TWELVE)
    fill_card(session(), cast.anna, cast.own, date(2026, 9, 19), EIGHTEEN)
    cards = monitoring.cards_of(session(), graduate_id=cast.own.id)
    assert [card.filled_on for card in cards] == [date(2026, 9, 19), date(2026, 4, 20)]
    assert monitoring.trend(cards[::-1])[0] == ("social-position", "Учёба и работа", (2, 3))
    assert monitoring.previous_of(session(), card=cards[0]) is cards[1]
    assert monitoring.previous_of(session(), card=cards[1]) is None
    assert monitoring.cards_of(session(), graduate_id=cast.own.id, until=date(2026, 5, 1)) == [cards[1]]


def test_the_latest_card_within_a_period_is_that_of_reports(session: scoped_session[Session], cast: Cast) -> None:
    first = fill_card(session(), cast.anna, cast.own, date(2026, 4, 20), TWELVE)
    second = fill_card(session(), cast.anna, cast.own, date(2026, 9, 19), EIGHTEEN)
    ids = [cast.own.id, cast.local.id]
    year = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
    assert monitoring.latest(session(), graduate_ids=ids, **year) == {cast.own.id: second}
    half = {"since": date(2026, 1, 1), "until": date(2026, 6, 30)}
    assert monitoring.latest(session(), graduate_ids=ids, **half) == {cast.own.id: first}
    recording.annul(session(), record=second, reason="ошибка", by=viewer(session(), cast.anna, TODAY))
    assert monitoring.latest(session(), graduate_ids=ids, **year) == {cast.own.id: first}
