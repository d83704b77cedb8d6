"""What a file says, row by row, and the same as plain JSON."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from models.text import name_key
from services.importing.studies import ParsedStudy

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Message:
    """One remark about a cell; `column` is the printed heading."""

    column: str
    level: Level
    text: str


@dataclass(frozen=True)
class ParsedGraduate:
    """What a careful reader gets out of one row; None and "" mean that the office says nothing of it."""

    last_name: str
    first_name: str
    patronymic: str
    birth_date: dt.date
    former_names: tuple[str, ...] = ()
    snils: str | None = None
    stays: tuple[tuple[dt.date, dt.date | None], ...] = ()
    stays_text: str = ""
    education: str = ""
    study: ParsedStudy | None = None
    profession: str = ""
    employment_status: str | None = None
    employment_text: str = ""
    employer: str = ""
    position: str = ""
    marital_status: str | None = None
    family_text: str = ""
    children: int | None = None
    housing_status: str | None = None
    housing_text: str = ""
    address: str = ""
    problems: str = ""
    problem_list: tuple[str, ...] = ()
    work_done: str = ""

    @property
    def identity(self) -> tuple[str, dt.date]:
        return name_key(self.last_name, self.first_name, self.patronymic), self.birth_date


@dataclass(frozen=True)
class ParsedRow:
    """One row of the sheet by its own number; a row with errors has no graduate."""

    row: int
    graduate: ParsedGraduate | None
    messages: tuple[Message, ...] = ()
    of_row: int | None = None
    name: str = ""  # as it stands in the cell, for a row that was not understood

    @property
    def errors(self) -> tuple[Message, ...]:
        return tuple(message for message in self.messages if message.level == "error")


@dataclass(frozen=True)
class ParsedForm:
    """A file read through: its rows, and what the reader should know of the file as a whole."""

    file_name: str
    form: str
    sheet: str
    on: dt.date
    rows: tuple[ParsedRow, ...]
    notes: tuple[str, ...] = ()


def row_as_json(row: ParsedRow, *, outcome: str | None = None) -> dict[str, Any]:
    """One row as the command prints it; without a database every good row would be created."""
    result: dict[str, Any] = {"row": row.row, "outcome": outcome or plain_outcome(row)}
    if row.of_row is not None:
        result["of_row"] = row.of_row
    result["graduate"] = graduate_as_json(row.graduate) if row.graduate else None
    result["messages"] = [
        {"column": message.column, "level": message.level, "text": message.text} for message in row.messages
    ]
    if row.errors:
        result["name"] = row.name
        result["column"] = row.errors[0].column
    return result


def plain_outcome(row: ParsedRow) -> str:
    if row.errors:
        return "error"
    return "duplicate" if row.of_row is not None else "create"


def graduate_as_json(graduate: ParsedGraduate) -> dict[str, Any]:
    fields = dict(vars(graduate))
    fields["birth_date"] = graduate.birth_date.isoformat()
    fields["stays"] = [[begin.isoformat(), end.isoformat() if end else None] for begin, end in graduate.stays]
    fields["former_names"] = list(graduate.former_names)
    fields["problem_list"] = list(graduate.problem_list)
    fields["study"] = dict(vars(graduate.study)) if graduate.study else None
    return fields
