"""What the templates of reports show."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for

from reports.base import Cell, Kind, ListReport, Parameters, Report, Row, Timing
from reports.figures import Figure, Part, Trend
from reports.paper_parts import on_paper
from reports.period import Period
from views import edge
from views.charts import of_trend
from views.formats import counted, ru_date
from views.reports.asked import Asked, may_ask_for_all

TYPES = {"xlsx": "Excel (.xlsx)", "docx": "Word (.docx)", "csv": "Текст (.csv)"}
OFFERED = ((1, "Месяцы", 12), (3, "Кварталы", 8), (6, "Полугодия", 4), (12, "Годы", 5))


def context(found: Asked) -> dict[str, Any]:
    """The head of a report's page: its parameters and files."""
    report = found.report
    files = []
    if found.parameters is not None:
        files = [
            (label, url_for("reports.download", code=report.code, kind=kind, **found.address))
            for kind, label in TYPES.items()
            if kind != "docx" or report.is_signed
        ]
    is_choice = len(found.agencies) > 1 if report.is_of_one_agency else may_ask_for_all()
    return {
        "page_title": report.short_title,
        "breadcrumbs": [("Отчёты", url_for("reports.index")), (report.short_title, None)],
        "report": report,
        "asked": found,
        "is_of_period": report.timing is Timing.PERIOD,
        "typed_day": _typed("on") if "on" in found.errors else ru_date(found.on),
        "typed_period": _typed("period") if "period" in found.errors else "",
        "periods": _periods(found.period),
        "agencies": found.agencies if is_choice else [],
        "files": files,
        "options": _options(report, found),
    }


def _typed(name: str) -> str:
    return "".join(filter(str.isprintable, request.args.get(name, ""))).strip()


def _options(report: Report, found: Asked) -> list[dict[str, Any]]:
    chosen = found.parameters.chosen if found.parameters else {}
    return [
        {
            "code": option.code,
            "label": option.label,
            "choices": option.choices,
            "value": chosen.get(option.code, option.default),
        }
        for option in report.options
    ]


def _periods(asked_for: Period | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is offered to choose from, by groups; what the address asks for is always among them."""
    today = edge.today()
    groups = []
    seen: set[str] = set()
    for months, label, count in OFFERED:
        periods = Period.around(today, months).last(count)[::-1]
        seen.update(period.key for period in periods)
        groups.append((label, [(period.key, period.title) for period in periods]))
    if asked_for is not None and asked_for.key not in seen:
        groups.insert(0, ("Выбранный", [(asked_for.key, asked_for.title)]))
    return groups


def preview(report: ListReport, parameters: Parameters, rows: list[Row], total: int) -> dict[str, Any]:
    """The first rows of a list, each leading to its record."""
    return {
        "total_text": counted(total, *report.counted),
        "total": total,
        "shown": len(rows),
        "subtitle": report.subtitle(parameters),
        "rows": [
            {
                "url": url_for(report.record_endpoint, id=row.graduate_id),
                "cells": [_text(cell) for cell in row.cells],
            }
            for row in rows
        ],
        "css": ["number" if column.kind is Kind.NUMBER else "" for column in report.columns],
    }


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return ru_date(cell)
    return "" if cell is None else str(cell)


# -- Figures ---------------------------------------------------------------------------------------------------------


def figures(found: Asked, parts: list[Part], trends: list[Trend]) -> dict[str, Any]:
    assert found.parameters is not None
    return {
        "subtitle": found.report.subtitle(found.parameters),
        "parts": [_part(found, part) for part in on_paper(parts)],
        "charts": [of_trend(trend, place) for place, trend in enumerate(trends)],
    }


def _part(found: Asked, part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": part.title,
        "heading": part.heading,
        "headings": part.headings,
        "note": part.note,
        "lines": [
            {
                "label": line.label,
                "is_total": line.is_total,
                "figures": [(figure.text, _records_url(found, figure)) for figure in line.figures],
            }
            for line in part.lines
        ],
    }


def _records_url(found: Asked, figure: Figure) -> str | None:
    """Where a number leads: to its records, if there are any."""
    if not figure.key or not figure.value:
        return None
    return url_for("report_records.show", code=found.report.code, figure=figure.key, **found.address)
