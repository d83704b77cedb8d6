"""A YAML file as plain data that knows the line of every value.

A small part of YAML is enough for a pack: mappings, sequences and scalars. References, tags and several documents are
refused, so that a file means what it shows. Days stay the text that was written; the schema looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from services.regulations.faults import BrokenPacks, Fault, Path, shown

LARGEST = 1_000_000  # bytes
DEEPEST = 12
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUE = frozenset({"true", "yes", "on"})


@dataclass
class Read:
    """The data of a file, the line of each value (from 1) and what was wrong with it."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


class _Stop(Exception):
    """The rest of the file cannot be read."""


def read(path: FilePath) -> Read:
    """The file's only document; BrokenPacks where there is none."""
    text = _text(path)
    reader = _Reader(path.name, text)
    try:
        reader.document()
    except _Stop:
        raise BrokenPacks(reader.read.faults) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line + 1, max(len(text.splitlines()), 1)) if mark else _line_of_sign(text, error)
        sentence = "запись YAML нарушена: проверьте отступы, кавычки, скобки и двоеточия здесь и строкой выше."
        raise BrokenPacks([*reader.read.faults, Fault(path.name, line, "", sentence)]) from None
    return reader.read


def _text(path: FilePath) -> str:
    """The content of a file that may be YAML."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except OSError:
        raise _broken(path, 0, "файл не найден или не читается.") from None
    if size > LARGEST:
        raise _broken(path, 0, f"файл больше {LARGEST // 1000} КБ: это не пакет регламента.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _broken(path, line, "файл не в кодировке UTF-8: сохраните его в UTF-8.") from None
    if not text.strip():
        raise _broken(path, 0, "файл пуст.")
    tabs = [
        number for number, line in enumerate(text.splitlines(), 1) if "\t" in line[: len(line) - len(line.lstrip())]
    ]
    if tabs:
        sentence = "отступ сделан табуляцией: замените её пробелами."
        raise BrokenPacks(Fault(path.name, line, "", sentence) for line in tabs)
    return text


def _broken(path: FilePath, line: int, sentence: str) -> BrokenPacks:
    return BrokenPacks([Fault(path.name, line, "", sentence)])


def _line_of_sign(text: str, error: yaml.YAMLError) -> int:
    """The line of a sign that may not stand in YAML at all."""
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position) + 1


class _Reader:
    """Builds data from the parser's events; the depth is ours to bound, not the stack's."""

    def __init__(self, file: str, text: str) -> None:
        self.read = Read()
        self._file = file
        self._events: Iterator[Event] = yaml.parse(text, Loader=_Loader)
        self._resolver = Resolver()

    def document(self) -> None:
        for event in self._events:
            if isinstance(event, StreamStartEvent | DocumentStartEvent):
                continue
            if isinstance(event, StreamEndEvent):
                self._stop(event, (), "в файле нет ничего, кроме примечаний.")
            break
        self.read.data = self._value(event, ())
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._stop(event, (), "в файле несколько документов: оставьте один, без строк «---» внутри.")

    def _value(self, event: Event, path: Path) -> Any:
        self.read.lines.setdefault(path, _line(event))
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            self._stop(event, path, "ссылки (& и *) не поддерживаются: повторите значение.")
        if tag := getattr(event, "tag", None):
            self._stop(event, path, f"указание типа «{tag}» не поддерживается: уберите его.")
        if len(path) > DEEPEST:
            self._stop(event, path, "слишком много вложенных уровней.")
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        assert isinstance(event, ScalarEvent)  # An event that opens a value is none of the others.
        return self._scalar(event)

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                self._stop(event, path, "имя поля должно быть одним словом.")
            key, inner = event.value, (*path, event.value)
            is_new = key not in found
            if is_new:
                self.read.lines[inner] = _line(event)
            else:
                first = self.read.lines[inner]
                self._note(event, inner, f"поле записано дважды, впервые в строке {first}: оставьте одно.")
            value = self._value(next(self._events), inner)
            if is_new:
                found[key] = value
        return found

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _scalar(self, event: ScalarEvent) -> Any:
        """Text, whole or decimal number, truth or nothing; what YAML takes for a time stays text."""
        resolve: Callable[..., str] = self._resolver.resolve
        tag = resolve(ScalarNode, event.value, event.implicit).rpartition(":")[2]
        try:
            if tag == "int":
                return int(event.value)
            if tag == "float":
                return float(event.value)
        except ValueError:  # 0x1F, 12:30
            return event.value
        if tag == "bool":
            return event.value.lower() in _TRUE
        return None if tag == "null" else event.value

    def _note(self, event: Event, path: Path, sentence: str) -> None:
        self.read.faults.append(Fault(self._file, _line(event), shown(path), sentence))

    def _stop(self, event: Event, path: Path, sentence: str) -> NoReturn:
        self._note(event, path, sentence)
        raise _Stop


def _line(event: Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1
