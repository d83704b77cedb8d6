"""What a chart shows: a figure drawn by views/static/js/charts.js above the table of the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from reports.figures import Trend, Unit
from reports.rounding import DASH, comma
from views.formats import grouped

COLOURS = ("accent", "green", "amber", "red", "grey")  # The same as in charts.js.
Value = Decimal | int | None


@dataclass(frozen=True)
class Series:
    """A line or a colour of bars: a value per label, and the address behind each where there is one."""

    name: str
    values: tuple[Value, ...]
    colour: str = ""
    urls: tuple[str, ...] = ()

    def url(self, place: int) -> str:
        return self.urls[place] if self.urls else ""

    def text(self, place: int, unit: str) -> str:
        value = self.values[place]
        if value is None:
            return DASH
        return (comma(value) if isinstance(value, Decimal) else grouped(value)) + unit


@dataclass(frozen=True)
class Chart:
    """`id` is that of the element with the numbers; `heading` stands over the labels of the table."""

    id: str
    title: str
    heading: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Literal["bar", "line"] = "bar"
    is_stacked: bool = False
    unit: str = ""  # « %» with its space, empty for plain numbers.
    highest: int | None = None  # Where the axis ends; None: above the highest value.
    note: str = ""

    def colour(self, place: int) -> str:
        return self.series[place].colour or COLOURS[place % len(COLOURS)]

    @property
    def drawn(self) -> dict[str, Any]:
        """What the script reads."""
        return {
            "kind": self.kind,
            "stacked": self.is_stacked,
            "unit": self.unit,
            "max": self.highest,
            "labels": self.labels,
            "series": [
                {
                    "name": one.name,
                    "colour": self.colour(place),
                    "values": [None if value is None else float(value) for value in one.values],
                    **({"urls": one.urls} if one.urls else {}),
                }
                for place, one in enumerate(self.series)
            ],
        }


def of_trend(trend: Trend, place: int) -> Chart:
    """An indicator over several periods as lines; `place` among the charts of a page tells it from the others."""
    is_percent = trend.unit is Unit.PERCENT
    return Chart(
        id=f"chart-trend-{place}",
        title=trend.title,
        heading="Период",
        labels=trend.periods,
        series=tuple(Series(name, values) for name, values in trend.series),
        kind="line",
        unit="\u00a0%" if is_percent else "",
        highest=100 if is_percent else None,
        note=trend.note,
    )
