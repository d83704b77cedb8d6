"""Tables of figures on paper: a very wide one goes on below, every figure once and with its key."""

from reports.figures import Figure, Line, Part
from reports.paper_parts import WIDEST, on_paper


def _part(width: int) -> Part:
    figures = tuple(Figure(i, key=f"base.a.{i}") for i in range(width))
    return Part("base", "Числа", "Кто", tuple(f"Г{i}" for i in range(width)), (Line("a", "А", figures),), "Примечание")


def test_a_table_that_fits_stays_as_it_is() -> None:
    part = _part(WIDEST)
    assert on_paper([part]) == [part]


def test_a_wide_table_is_continued_with_the_same_lines() -> None:
    pieces = on_paper([_part(WIDEST * 2)])
    assert [piece.title for piece in pieces] == ["Числа", "Числа (продолжение)"]
    assert [piece.note for piece in pieces] == ["", "Примечание"]
    assert len({piece.key for piece in pieces}) == 2
    assert [line.label for piece in pieces for line in piece.lines] == ["А", "А"]
    assert [figure.key for piece in pieces for figure in piece.lines[0].figures] == [f"base.a.{i}" for i in range(18)]
    assert sum((piece.headings for piece in pieces), ()) == _part(WIDEST * 2).headings
