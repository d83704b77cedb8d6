"""The form of a deadline rule, by its kind; from what was typed to the fields of a pack and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import wtforms
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, StopValidation

from models.reckoning import Roll, Unit
from models.rule_terms import EvidenceKind, Period, RuleKind, RuleTerms
from models.territory import AgencyKind
from services.regulations.pack import Pack
from views.fields import REQUIRED, EnumField, NumberField, RuDateField, TextField
from views.rule_fields import ClauseField, DayMonthField, DaysField, Direction, PartiesField, UnitField

OF_WHOLE_YEAR = 366
LONGEST = 3660
Values = dict[str, Any]

# What a pack leaves out.
DEFAULTS: Values = {
    "early": False,
    "offset": 0,
    "unit": Unit.CALENDAR.value,
    "roll": Roll.NEXT.value,
    "soon": 5,
    "default_term": False,
    "recommended": [],
    "amount_to": None,
    "in_force_to": None,
}


def _number(label: str, least: int, most: int, **kwargs: Any) -> NumberField:
    limits = NumberRange(least, most, f"Введите число от {least} до {most}.")
    return NumberField(label, validators=[kwargs.pop("presence", Optional()), _readable, limits], **kwargs)


def _readable(_form: wtforms.Form, field: wtforms.Field) -> None:
    """What is no number has been told already."""
    if field.data is None:
        raise StopValidation


class RuleForm(wtforms.Form):
    """All fields; those of other kinds of rules are taken away by `fitted`."""

    code = TextField("Код правила", validators=[DataRequired(REQUIRED)], description="Латинская буква и две цифры")
    clause = ClauseField(label="Пункт регламента", validators=[DataRequired(REQUIRED)])
    title = TextField(
        "Что сделать", validators=[DataRequired(REQUIRED), Length(max=160, message="Не длиннее 160 знаков.")]
    )
    obliged = PartiesField("Кто исполняет", validators=[DataRequired(REQUIRED)])
    recipients = PartiesField("Кому", description="Можно оставить пустым")
    opens = DayMonthField("Окно открывается", validators=[InputRequired(REQUIRED)], description="День и месяц: 25.09")
    closes = DayMonthField(
        "Окно закрывается",
        validators=[InputRequired(REQUIRED)],
        description="Если раньше открытия, окно переходит на новый год",
    )
    evidence = EnumField(label="Чем исполняется", enum=EvidenceKind, default=EvidenceKind.SUBMISSION)
    early = wtforms.BooleanField("Можно исполнить до открытия окна")
    period = EnumField(label="Период", enum=Period, validators=[DataRequired(REQUIRED)])
    offset = _number("Дней после конца периода", 0, OF_WHOLE_YEAR, description="0 – исполнить до конца самого периода")
    at_least = _number("Не менее раз за период", 1, 100, presence=InputRequired(REQUIRED))
    recommended = DaysField("Рекомендуемые дни", description="Через запятую: 15.05, 15.12")
    direction = EnumField(label="Когда", enum=Direction, default=Direction.AFTER)
    amount = _number("Сколько", 0, LONGEST, description="При «незамедлительно» не заполняется")
    amount_to = _number("По какой день", 1, LONGEST, description="Только если срок – промежуток: от и до")
    unit = UnitField(label="Чего", default=Unit.CALENDAR)
    shown_by = TextField(
        "Чем подтверждается", validators=[DataRequired(REQUIRED), Length(max=160, message="Не длиннее 160 знаков.")]
    )
    roll = EnumField(label="Если последний день нерабочий", enum=Roll, default=Roll.NEXT)
    soon = _number("Напоминать за, рабочих дней", 0, OF_WHOLE_YEAR, presence=InputRequired(REQUIRED))
    default_term = wtforms.BooleanField("Срок установлен нами", description="В документе числа дней нет")
    in_force_from = RuDateField("Условия действуют с", validators=[InputRequired(REQUIRED)])
    in_force_to = RuDateField("Условия действуют по", description="Пусто – пока не изменят")
    why = TextField(
        "Почему изменено",
        validators=[DataRequired(REQUIRED), Length(max=500, message="Не длиннее 500 знаков.")],
        description="Останется в истории версий",
    )
    version = wtforms.HiddenField()
    seen = wtforms.HiddenField()


_OF_KIND = {
    RuleKind.WINDOW: ("opens", "closes", "early", "roll", "soon"),
    RuleKind.PERIOD: ("period", "offset", "unit", "roll", "soon"),
    RuleKind.QUOTA: ("period", "at_least", "recommended"),
    RuleKind.EVENT: ("amount", "unit", "direction", "amount_to", "roll", "soon"),
    RuleKind.STANDING: ("shown_by",),
}
_NEW = ("code", "clause", "obliged", "recipients", "evidence")
_ALWAYS = ("title", "default_term", "in_force_from", "in_force_to", "why", "version", "seen")


def fitted(form: RuleForm, kind: RuleKind, pack: Pack, *, is_new: bool) -> RuleForm:
    """The form with the fields of a kind of rule."""
    kept = {*_OF_KIND[kind], *_ALWAYS, *(_NEW if is_new else ())}
    if kind is RuleKind.STANDING:
        kept.discard("default_term")
    for name in [field.name for field in form if field.name not in kept]:
        del form[name]
    if kind is RuleKind.PERIOD:
        form.unit.offered = (Unit.CALENDAR, Unit.WORKING)
    if is_new:
        form.clause.clauses = tuple(
            (f"{c.ref.number}|{c.ref.occurrence}", f"{c.ref} {c.heading}") for c in pack.clauses
        )
        form.recipients.choices = parties(pack)
        form.obliged.choices = parties(pack)
    return form


def parties(pack: Pack) -> list[tuple[str, str]]:
    roles = [(f"role:{role['code']}", role["title"]) for role in pack.section("roles")]
    return [*((f"kind:{kind.value}", kind.label) for kind in AgencyKind), *roles]


# -- From the pack to the form ---------------------------------------------------------------------------------------


def data_of(entry: Mapping[str, Any], pack: Pack) -> Values:
    """What the form of a rule shows first."""
    terms = RuleTerms.of(entry)
    first, last = terms.amount, terms.amount_to
    is_before = first < 0
    if is_before:
        first, last = (-first, None) if last is None else (-last, -first)
    starts, ends = entry.get("in_force_from", pack.regulation["in_force_from"]), entry.get("in_force_to")
    return {
        "title": entry["title"],
        "opens": entry.get("opens"),
        "closes": entry.get("closes"),
        "early": terms.early,
        "period": terms.period,
        "offset": terms.offset,
        "at_least": terms.at_least,
        "recommended": list(entry.get("recommended", ())),
        "direction": Direction.BEFORE if is_before else Direction.AFTER,
        "amount": None if terms.unit is Unit.INSTANT else first,
        "amount_to": last,
        "unit": terms.unit,
        "shown_by": terms.shown_by,
        "roll": terms.roll,
        "soon": terms.soon,
        "default_term": terms.default_term,
        "in_force_from": date.fromisoformat(starts),
        "in_force_to": date.fromisoformat(ends) if ends else None,
    }


# -- From the form to the pack ---------------------------------------------------------------------------------------


def is_valid(form: RuleForm, kind: RuleKind) -> bool:
    """One sentence at each field that cannot be so."""
    is_fine = bool(form.validate())
    if kind is RuleKind.EVENT and form.unit.data is not Unit.INSTANT:
        amount, amount_to = form.amount.data, form.amount_to.data
        if amount is None and not form.amount.errors:
            form.amount.errors = [REQUIRED]
        if amount is not None and amount_to is not None and amount_to <= amount:
            form.amount_to.errors = ["Промежуток должен кончаться позже, чем начинается."]
    since, until = form.in_force_from.data, form.in_force_to.data
    if since and until and until < since:
        form.in_force_to.errors = ["Последний день действия не может быть раньше первого."]
    obliged = (form.obliged.data or []) if "obliged" in form else []
    if len(obliged) > 1 and any(one.startswith("role:") for one in obliged):
        form.obliged.errors = ["Выберите либо виды организаций, либо одно название из регламента."]
    return is_fine and not form.errors


def values_of(form: RuleForm, kind: RuleKind, entry: Mapping[str, Any], pack: Pack) -> Values:
    """The fields of the rule as a pack writes them; None: not written."""
    found: Values = {"title": form.title.data}
    plain = ("opens", "closes", "early", "offset", "at_least", "recommended", "shown_by", "soon", "default_term")
    found |= {name: form[name].data for name in plain if name in form}
    found |= {name: form[name].data.value for name in ("period", "roll", "unit", "evidence") if name in form}
    if kind is RuleKind.EVENT:
        found |= _amounts(form)
    found["offset"] = found.get("offset") or 0
    if kind is RuleKind.PERIOD and not found["offset"]:
        found["unit"] = DEFAULTS["unit"]
    since, until = form.in_force_from.data, form.in_force_to.data
    found["in_force_from"] = since.isoformat()
    found["in_force_to"] = until.isoformat() if until else None
    usual = {**DEFAULTS, "in_force_from": pack.regulation["in_force_from"]}
    return {
        name: None if value is None or (name not in entry and name in usual and value == usual[name]) else value
        for name, value in found.items()
    }


def _amounts(form: RuleForm) -> Values:
    amount, amount_to = form.amount.data or 0, form.amount_to.data
    if form.unit.data is Unit.INSTANT:
        return {"amount": 0, "amount_to": None}
    if form.direction.data is Direction.AFTER:
        return {"amount": amount, "amount_to": amount_to}
    return {"amount": -amount, "amount_to": None} if amount_to is None else {"amount": -amount_to, "amount_to": -amount}


def new_entry(form: RuleForm, pack: Pack) -> Values:
    """A new window of the year, one obligation for each organisation."""
    number, _, occurrence = form.clause.data.partition("|")
    clause: Any = {"number": number, "occurrence": int(occurrence)} if int(occurrence) > 1 else number
    values = values_of(form, RuleKind.WINDOW, {}, pack)
    obliged, recipients = list(form.obliged.data or ()), list(form.recipients.data or ())
    kinds = [one.partition(":")[2] for one in obliged if one.startswith("kind:")]
    return {
        "code": form.code.data,
        "clause": clause,
        "kind": RuleKind.WINDOW.value,
        "obliged": {"kind": kinds} if kinds else {"role": obliged[0].partition(":")[2]},
        "recipients": [_party(one) for one in recipients] or None,
        "per": "agency",
        **values,
    }


def _party(value: str) -> dict[str, Any]:
    name, _, code = value.partition(":")
    return {"kind": [code]} if name == "kind" else {"role": code}


def free_code(pack: Pack) -> str:
    """The first code of our own windows that the pack does not have."""
    taken = {entry["code"] for entry in pack.section("rules")}
    return next(code for number in range(1, 100) if (code := f"W{number:02d}") not in taken)
