"""Tables of figures as a sheet of A4 holds them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.figures import Part

WIDEST = 9  # columns of figures that can still be read on paper


def on_paper(parts: Sequence[Part]) -> list[Part]:
    """The parts as a sheet holds them: a very wide one is continued below with the same lines."""
    return [piece for part in parts for piece in _pieces(part)]


def _pieces(part: Part) -> Iterator[Part]:
    width = len(part.headings)
    if width <= WIDEST:
        yield part
        return
    for start in range(0, width, WIDEST):
        span = slice(start, start + WIDEST)
        yield replace(
            part,
            key=f"{part.key}-{start}" if start else part.key,
            title=f"{part.title} (продолжение)" if start else part.title,
            headings=part.headings[span],
            lines=tuple(replace(line, figures=line.figures[span]) for line in part.lines),
            note=part.note if start + WIDEST >= width else "",
        )
