"""The production calendar as it is kept: which years are settled, and the days that are not what their weekday says."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Id, LabelledEnum, Line, Model, Versioned, enum_column, one_of


class YearKind(LabelledEnum):
    DECREED = "decreed", "утверждён"
    COMPUTED = "computed", "предварительный"


class DaySource(LabelledEnum):
    SHIPPED = "shipped", "из поставки"
    ADMINISTRATOR = "administrator", "внёс администратор"


class CalendarYear(Versioned, Model):
    """A year of which every day is known; of any other the calendar says nothing."""

    __tablename__ = "calendar_year"
    __table_args__ = (one_of("kind", YearKind),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[YearKind] = mapped_column(
        enum_column(YearKind), comment="Computed by art. 112 of the Labour Code until the decree is there"
    )
    basis: Mapped[Line] = mapped_column(comment="The decree that moves days off")

    def __str__(self) -> str:
        return f"{self.year} год"


class CalendarDay(Versioned, Model):
    """A holiday, a day off that was moved, a working Saturday; all other days follow from the weekday."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        UniqueConstraint("day"),
        one_of("source", DaySource),
        CheckConstraint("source <> 'administrator' OR reason <> ''", name="administrators_day_has_reason"),
    )

    id: Mapped[Id]
    day: Mapped[date]
    is_working: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[Line] = mapped_column(comment="What the day is: a holiday, «перенос 8 марта»")
    source: Mapped[DaySource] = mapped_column(enum_column(DaySource), default=DaySource.ADMINISTRATOR)
    reason: Mapped[Line] = mapped_column(comment="Why the administrator departs from what was shipped")

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"
