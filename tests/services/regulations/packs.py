"""A small whole pack as text, and copies of it with something else in place of something."""

from pathlib import Path

from services.regulations.pack import Pack
from services.regulations.parsing import read_pack

PACK = """\
regulation:
  code: small
  title: Небольшой регламент
  short_title: Небольшой
  territory: Край
  in_force_from: 2024-01-01
clauses:
  - {number: "1", heading: Начало, summary: Кто и что делает, rows: [SML-01]}
  - {number: "2", heading: Отчёт, summary: Раз в квартал, rows: [SML-02]}
roles:
  - {code: lead, title: ведущий, default: {kind: department}}
rules:
  - code: A01
    title: Перечень к осени
    clause: "1"
    serves: [SML-01]
    kind: window
    opens: "09-01"
    closes: "09-15"
    obliged: {kind: guardianship}
    recipients: [{role: lead}]
    evidence: submission
  - code: A02
    title: Отчёт за квартал
    clause: "2"
    serves: [SML-02]
    kind: period
    period: quarter
    obliged: {kind: [college]}
    evidence: report
records:
  - {code: places, title: Районы, binds: [agency_district], serves: [SML-01]}
pages:
  - {code: cards, title: Карточки, binds: [graduate.index_view], serves: []}
"""


def replaced(old: str, new: str, text: str = PACK) -> str:
    """`text` with its only `old` replaced."""
    assert text.count(old) == 1, f"{text.count(old)} × {old}"
    return text.replace(old, new)


def line_of(fragment: str, text: str = PACK) -> int:
    """The number of the only line with the fragment."""
    (number,) = (number for number, line in enumerate(text.splitlines(), 1) if fragment in line)
    return number


def saved(folder: Path, text: str = PACK, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def pack(folder: Path, text: str = PACK) -> Pack:
    return read_pack(saved(folder, text))
