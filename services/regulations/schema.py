"""The schema of packs, and its faults as Russian sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from services.regulations.faults import Fault, Path, shown

SHIPPED = FilePath(__file__).resolve().parents[2] / "regulations"
SCHEMA = SHIPPED / "schema.json"
SHORT_LIST = 16  # A longer one is not told whole.

_TYPES = {
    "string": "текст (число или дату возьмите в кавычки)",
    "integer": "целое число",
    "boolean": "true или false",
    "array": "список",
    "object": "группа полей",
}
_PATTERNS = {
    "code": "код пишут строчными латинскими буквами, цифрами и дефисами",
    "ruleCode": "код правила пишут как A05 или A05a: латинская буква, две цифры, при нужде ещё строчная буква",
    "recordWord": "вид записи или письма пишут как visit или primer-2027/need-notice",
    "rows": "строку требований пишут как VOL-26",
    "text": "уберите пробелы и переносы по краям",
}
_formats = FormatChecker(formats=())


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and bool(date.fromisoformat(value)))


@_formats.checks("month-day", raises=ValueError)
def _is_month_day(value: object) -> bool:
    """29 February is a day of windows too."""
    return not isinstance(value, str) or (len(value) == 5 and bool(date.fromisoformat(f"2024-{value}")))


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=_formats)


def faults(data: Any, *, file: str, lines: Mapping[Path, int]) -> Iterator[Fault]:
    """All that the schema has against a file."""
    for error in validator().iter_errors(data):
        for path, sentence in _told(error):
            yield Fault(file, line_of(path, lines), shown(path), sentence)


def line_of(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of a value, or of what should have held it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _told(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """(field, sentence); a missing or unknown field is named itself, not its group."""
    path: Path = tuple(error.absolute_path)
    instance: Any = error.instance
    if error.validator == "required":
        wanted: Any = error.validator_value
        for name in wanted:
            if name not in instance:
                yield (*path, name), "поля нет, а оно обязательно: добавьте его."
    elif error.validator == "additionalProperties":
        owner: Any = error.schema
        known = list(owner["properties"])
        for name, value in instance.items():
            if name not in known:
                hint = " Если это продолжение текста, возьмите весь текст в кавычки." if value is None else ""
                yield (*path, name), f"такого поля нет{_suggestion(name, known)}{hint}"
    else:
        yield path, _sentence(error)


def _sentence(error: ValidationError) -> str:
    value: Any = error.instance
    limit: Any = error.validator_value
    if error.validator == "type":
        return _wrong_type(value, limit)
    if error.validator in ("enum", "const"):
        known = [str(one) for one in ([limit] if error.validator == "const" else limit)]
        wrong = "значение не указано" if value is None else f"значение {_quoted(value)} не подходит"
        return f"{wrong}{_suggestion(str(value), known)}"
    if error.validator == "pattern":
        return f"значение {_quoted(value)} не подходит: {_PATTERNS[_definition(error)]}."
    if error.validator == "format":
        example = "09-25 (месяц-день)" if limit == "month-day" else "2022-02-16"
        return f"дня {_quoted(value)} нет: нужен день календаря в виде {example}."
    if error.validator == "oneOf":
        names = ", ".join(option["required"][0] for option in limit)
        return f"нужно ровно одно из полей: {names}."
    if error.validator == "not":
        return "поле не относится к такому правилу: уберите его или исправьте kind, per или unit."
    return _wrong_size(str(error.validator), value, limit)


def _wrong_type(value: Any, wanted: str | list[str]) -> str:
    names = " или ".join(_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted))
    return f"значение не указано, нужно: {names}." if value is None else f"значение другого вида, нужно: {names}."


def _wrong_size(keyword: str, value: Any, limit: Any) -> str:
    if keyword == "minimum":
        return f"{value} меньше допустимого: нужно не меньше {limit}."
    if keyword == "maximum":
        return f"{value} больше допустимого: нужно не больше {limit}."
    if keyword == "maxLength":
        return f"текст длиннее {limit} знаков (сейчас {len(value)}): сократите его."
    if keyword == "minLength":
        return "текст пуст: заполните поле или уберите его."
    if keyword == "minItems":
        return f"в списке меньше, чем нужно: не меньше {limit}."
    return "в списке есть повторы: оставьте каждое значение один раз."  # uniqueItems, the last one of the schema's


def _definition(error: ValidationError) -> str:
    """Which pattern of the schema was not met: the name of its definition."""
    schema: Any = validator().schema
    definitions = schema["$defs"]
    for name in _PATTERNS:
        definition = definitions[name]
        if error.validator_value in (definition.get("pattern"), definition.get("items", {}).get("pattern")):
            return name
    raise LookupError(error.validator_value)


def _quoted(value: Any) -> str:
    text = str(value)
    return f"«{text if len(text) <= 60 else text[:59] + '…'}»"


def _suggestion(word: str, known: list[str]) -> str:
    if near := get_close_matches(word, known, n=1):
        return f": возможно, «{near[0]}»."
    if len(known) <= SHORT_LIST:
        return f"; есть: {', '.join(known)}."
    return "; список есть в regulations/schema.json."
