"""Questions about reports of figures that every test of one asks."""

from collections.abc import Callable

from sqlalchemy import event, func
from sqlalchemy.orm import Session

from reports.base import Desk
from reports.figures import Figure, FiguresReport, Part


def parts_of(report: FiguresReport, desk: Desk) -> dict[str, Part]:
    return {part.key: part for part in report.parts(desk)}


def texts_of(part: Part, column: int = 0) -> dict[str, str]:
    """What is printed in a column, by the codes of the lines."""
    return {line.code: line.figures[column].text for line in part.lines}


def shown(part: Part, line: str) -> list[str]:
    """A line as it is printed."""
    return [figure.text for one in part.lines if one.code == line for figure in one.figures]


def drillable(report: FiguresReport, desk: Desk) -> list[Figure]:
    return [one for part in report.parts(desk) for line in part.lines for one in line.figures if one.key]


def behind(report: FiguresReport, desk: Desk, key: str) -> set[int]:
    """The people behind a figure."""
    drilled = report.drill(desk, key)
    assert drilled is not None, key
    return set(desk.session.scalars(drilled.records.select(drilled.records.person)))


def check_drills(report: FiguresReport, desk: Desk) -> int:
    """Behind every figure stand as many records, or people, as it says; how many figures were looked at."""
    counted = {one.key: one.value for one in drillable(report, desk) if isinstance(one.value, int)}
    for key, value in counted.items():
        drilled = report.drill(desk, key)
        assert drilled is not None, key
        records = drilled.records
        what = func.count(records.person.distinct()) if drilled.of_people else func.count()
        assert desk.session.scalar(records.select(what)) == value, key
    return len(counted)


def statements(session: Session, doing: Callable[[], object]) -> int:
    """How many statements something needs."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        doing()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
