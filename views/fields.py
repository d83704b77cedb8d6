"""Form fields as Russian offices type, and the converter that makes them from columns."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import wtforms
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.form import FormOpts
from sqlalchemy import Boolean, Column, Date, Enum, Integer, Numeric, String, Text
from sqlalchemy import Date as SqlDate
from sqlalchemy.orm import ColumnProperty
from sqlalchemy.orm.attributes import set_committed_value
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from models.text import digits
from views import labels
from views.captions import caption
from views.formats import snils

__all__ = ["Converter", "FormOpts", "RuDateField", "VersionField"]

REQUIRED = "Заполните это поле."
BAD_DATE = "Введите дату в виде 23.05.1998."
_DATE = re.compile(r"^\s*(\d{1,2})[.,/\- ](\d{1,2})[.,/\- ](\d{4}|\d{2})\s*(?:г\.?|г\.р\.)?\s*$")
_SOLID = re.compile(r"^\s*(\d{2})(\d{2})(\d{4}|\d{2})\s*$")
_ISO = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})\s*$")
_BREAKS = re.compile("[\x0b\x0c]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
FIRST_YEAR, LAST_YEAR = 1900, 2100


def parse_date(text: str) -> date:
    """A date as people type it: 23.05.1998, 230598, 1998-05-23. Two digits of a year: 00–49 are 2000s. ValueError."""
    iso = _ISO.match(text)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        found = _DATE.match(text) or _SOLID.match(text)
        if not found:
            raise ValueError(text)
        day, month, year = (int(part) for part in found.groups())
        if len(found.group(3)) == 2:
            year += 2000 if year < 50 else 1900
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    return date(year, month, day)


class RuDateField(wtforms.Field):
    widget = wtforms.widgets.TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "render_kw", {"data-date": "", "inputmode": "numeric", "autocomplete": "off", "maxlength": "12"}
        )
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%d.%m.%Y}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0].strip()
        self.data = None
        if text:
            try:
                self.data = parse_date(text)
            except ValueError:
                raise ValueError(BAD_DATE) from None


def printable(text: str, line_break: str = "\n") -> str:
    """Without the signs that no page and no file may hold; Word's breaks of lines and pages come as such signs."""
    return _UNPRINTABLE.sub("", _BREAKS.sub(line_break, text))


class TextField(wtforms.StringField):
    """Folded at the ends; never None."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = printable((valuelist or [""])[0], line_break=" ").strip()


class SnilsField(TextField):
    """Typed as 112-233-445 95, kept as 11 digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"data-mask": "snils", "inputmode": "numeric", "autocomplete": "off"})
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        return snils(self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = digits((valuelist or [""])[0])[:20]


class LongField(wtforms.TextAreaField):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"rows": "3", "data-wide": True})
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = printable((valuelist or [""])[0]).strip().replace("\r\n", "\n")


class NumberField(wtforms.IntegerField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0].strip().replace("\xa0", "").replace(" ", "")
        self.data = None
        if text:
            try:
                self.data = int(text)
            except ValueError:
                raise ValueError("Введите целое число.") from None
            if abs(self.data) > 2_000_000_000:
                raise ValueError("Число слишком велико.")


class MoneyField(wtforms.DecimalField):
    """«1 234,50» as well as 1234.50; a browser's field for numbers would drop the comma and the value with it."""

    widget = wtforms.widgets.TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0].replace("\xa0", "").replace(" ", "").replace(",", ".")
        self.data = None
        if text:
            try:
                self.data = Decimal(text).quantize(Decimal("0.01"))
            except InvalidOperation:
                raise ValueError("Введите сумму в рублях, например 1234,50.") from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")


class OfferedField(wtforms.SelectField):
    """A select whose options are made when it is shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[], coerce=self._coerce, validate_choice=False, **kwargs)

    def _coerce(self, value: Any) -> Any:
        raise NotImplementedError

    def has_groups(self) -> bool:
        return False

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Выберите значение из списка.") from None


class CodeField(OfferedField):
    """A line of a dictionary, a district or an agency: offered by label, kept by code or id."""

    def __init__(self, *, table: str = "", is_number: bool = False, nullable: bool = True, **kwargs: Any) -> None:
        self.table, self.is_number, self.nullable = table, is_number, nullable
        super().__init__(**kwargs)

    def _coerce(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        return int(value) if self.is_number else str(value)

    def iter_choices(self) -> Any:
        yield ("", "", self.data is None, {})
        for code, text in labels.options(self.table, keep=self.data):
            yield (code, text, str(self.data) == code, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and str(self.data) not in labels.labels().get(self.table, {}):
            raise ValidationError("Выберите значение из списка.")


class EnumField(OfferedField):
    def __init__(self, *, enum: Any, **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(**kwargs)

    def _coerce(self, value: Any) -> Any:
        return self.enum(value) if value not in (None, "") else None

    def iter_choices(self) -> Any:
        chosen = self.data or self.default
        if chosen is None:
            yield ("", "", True, {})  # Nothing is chosen for the user by standing first.
        for value, text in self.enum.choices():
            yield (value, text, chosen == value, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.default is not None:
            self.data = self.default


class TernaryField(OfferedField):
    """Yes, no, unknown."""

    def _coerce(self, value: Any) -> bool | None:
        return value if isinstance(value, bool) else {"1": True, "0": False}.get(value)

    def iter_choices(self) -> Any:
        for value, text, data in (("", "неизвестно", None), ("1", "да", True), ("0", "нет", False)):
            yield (value, text, self.data is data, {})


class VersionField(wtforms.Field):
    """Which version of the record the form shows: an older one is a conflict, never an overwrite."""

    widget = wtforms.widgets.HiddenInput()
    data: int | None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0]
        self.data = int(text) if text.isdecimal() and len(text) < 10 else None

    def pre_validate(self, form: Any) -> None:
        if getattr(form, "_obj", None) is not None and self.data is None:
            raise StopValidation("Форма устарела: откройте запись заново.")

    def populate_obj(self, obj: Any, name: str) -> None:
        if self.data is not None:
            set_committed_value(obj, name, self.data)


def field_for(column: Column[Any], name: str, args: dict[str, Any], override: Any = None) -> wtforms.Field:
    """The unbound field of a column, with its Russian caption."""
    label, help_text = caption(column.table.name, name)
    kwargs: dict[str, Any] = {"label": label, "description": help_text, **args}
    validators = list(kwargs.pop("validators", []))
    is_required = not column.nullable and column.default is None and not isinstance(column.type, Boolean)
    validators.insert(0, InputRequired(REQUIRED) if is_required else Optional())
    kwargs["validators"] = validators
    if column.foreign_keys and override is None:
        target = next(iter(column.foreign_keys)).column
        return CodeField(
            table=target.table.name,
            is_number=isinstance(target.type, Integer),
            nullable=bool(column.nullable),
            **kwargs,
        )
    return override(**kwargs) if override is not None else _plain_field(column, kwargs)


def _plain_field(column: Column[Any], kwargs: dict[str, Any]) -> wtforms.Field:
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return EnumField(enum=kind.enum_class, default=_default(column), **kwargs)
    if isinstance(kind, Boolean):
        if column.nullable:
            return TernaryField(**kwargs)
        return wtforms.BooleanField(default=bool(_default(column)), **kwargs)
    if isinstance(kind, Date | SqlDate):
        return RuDateField(**kwargs)
    if isinstance(kind, Numeric):
        return MoneyField(places=None, **kwargs)
    if isinstance(kind, Integer):
        return NumberField(**kwargs)
    if isinstance(kind, Text):
        kwargs["validators"].append(Length(max=20000, message="Не длиннее 20 000 знаков."))
        return LongField(**kwargs)
    assert isinstance(kind, String), column
    kwargs["validators"].append(Length(max=kind.length or 500, message=f"Не длиннее {kind.length} знаков."))
    return TextField(**kwargs)


def _default(column: Column[Any]) -> Any:
    return getattr(column.default, "arg", None)


class Converter(AdminModelConverter):
    """Every column that a view names becomes a field of ours; nothing vanishes from a form."""

    def convert(self, model: Any, mapper: Any, name: str, prop: Any, field_args: Any, hidden_pk: bool) -> Any:
        is_column = isinstance(prop, ColumnProperty) and isinstance(prop.columns[0], Column)
        if not is_column or (prop.columns[0].primary_key and hidden_pk):
            return super().convert(model, mapper, name, prop, field_args, hidden_pk)
        if name not in (getattr(self.view, "form_columns", None) or ()):
            return None
        override = self._get_field_override(name)
        return field_for(prop.columns[0], name, dict(field_args or {}), override)


class NumberedField(OfferedField):
    """One of the records that `offered` lists."""

    def offered(self) -> Sequence[tuple[int, str]]:
        raise NotImplementedError

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        for number, text in self.offered():
            yield (number, text, number == self.data, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in {number for number, _ in self.offered()}:
            raise ValidationError("Выберите значение из списка.")
