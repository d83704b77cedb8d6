"""A list of people from which nobody can be told (order 140 of Roskomnadzor of 19.06.2025; domain §8.1).

A random code stands for the name, a group of ages for the birth date, the district for the address; free texts, numbers
and dates are not there at all. People of a group (age, sex, district, category) of fewer than LEAST are left out, and a
value that fewer than LEAST people of a district have is hidden. The order is random, and so tells nothing either.
Nothing keeps which code stands for whom.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from models.dictionaries import EmploymentStatus, HousingStatus, LegalStatus, MaritalStatus, SupportCategory
from models.graduates import Graduate, Sex, SupportStage
from models.reckoning import years_later
from models.territory import District
from reports.base import Cell, Column, Kind

LEAST = 3
CHUNK = 2000
HIDDEN = "скрыто"
UNTOLD = "не указано"
# Last full year of age of a group, and how it is called.
AGES = ((17, "до 18 лет"), (19, "18–19 лет"), (22, "20–22 года"), (26, "23–26 лет"), (200, "27 лет и старше"))
SEXES = {sex.value: sex.label for sex in Sex}
STAGES = {stage.value: stage.label for stage in SupportStage}

COLUMNS = (
    Column("Код", "code", 20),
    Column("Возраст", "age", 16),
    Column("Пол", "sex", 12),
    Column("Район проживания", "district", 26),
    Column("Категория сопровождения", "category", 22),
    Column("Этап сопровождения", "stage", 18),
    Column("Правовой статус", "legal", 34),
    Column("Занятость", "employment", 26),
    Column("Семейное положение", "marital", 22),
    Column("Обеспеченность жильём", "housing", 30),
    Column("Детей", "children", 9),
    Column("Открытых проблем", "problems", 11, Kind.NUMBER),
)


def age_group(birth_date: Any, on: date) -> ColumnElement[str]:
    """The group of ages on a day; whose birthday it is has become a year older."""
    bounds = [(birth_date > years_later(on, -(last + 1)), literal(name)) for last, name in AGES[:-1]]
    return case(*bounds, else_=literal(AGES[-1][1]))


def query(conditions: Sequence[ColumnElement[bool]], *, on: date) -> Select[Any]:
    """One row per person, with the size of each group in which it stands: a single look at the register."""
    g = Graduate
    people = select(
        age_group(g.birth_date, on).label("age"),
        g.sex.label("sex"),
        g.district_id.label("district"),
        g.category_code.label("category"),
        g.stage.label("stage"),
        g.legal_status_code.label("legal"),
        g.current_employment_code.label("employment"),
        g.current_marital_code.label("marital"),
        g.current_housing_code.label("housing"),
        case((g.current_children > 2, 3), else_=g.current_children).label("children"),
        case((g.open_problems > 5, 5), else_=g.open_problems).label("problems"),
    )
    p = people.where(*conditions).subquery("p")
    group = func.count().over(partition_by=[p.c.age, p.c.sex, p.c.district, p.c.category]).label("group_size")
    alike = [func.count().over(partition_by=[p.c.district, p.c[name]]).label(f"{name}_alike") for name in RARE]
    return select(p, group, *alike).order_by(func.random())


RARE = ("stage", "legal", "employment", "marital", "housing", "children", "problems")
LABELLED = {
    "district": (District, "id", "short_name"),
    "category": (SupportCategory, "code", "label"),
    "legal": (LegalStatus, "code", "label"),
    "employment": (EmploymentStatus, "code", "label"),
    "marital": (MaritalStatus, "code", "label"),
    "housing": (HousingStatus, "code", "label"),
}


def rows(session: Session, conditions: Sequence[ColumnElement[bool]], *, on: date) -> Iterator[tuple[Cell, ...] | None]:
    """The cells of each person; None for one who is left out because the group is too small."""
    words = _words(session)
    statement = query(conditions, on=on).execution_options(yield_per=CHUNK)
    for found in session.execute(statement):
        said = found._mapping
        yield None if said["group_size"] < LEAST else (secrets.token_hex(8), *_cells(said, words))


def _cells(said: Any, words: dict[str, dict[Any, str]]) -> Iterator[Cell]:
    for column in COLUMNS[1:]:
        name = column.key
        is_rare = name in RARE and said[f"{name}_alike"] < LEAST
        yield _hidden(column) if is_rare else _told(name, said[name], said["sex"], words)


def _hidden(column: Column) -> Cell:
    return None if column.kind is Kind.NUMBER else HIDDEN


def _told(name: str, value: Any, sex: Sex, words: dict[str, dict[Any, str]]) -> Cell:
    if name == "problems":
        return int(value)
    if name == "children":
        return "3 и больше" if value > 2 else str(value)
    if name == "marital" and sex is Sex.FEMALE:
        name = "marital_of_her"
    if name in words:
        return UNTOLD if value is None else words[name].get(getattr(value, "value", value), UNTOLD)
    return str(value)


def _words(session: Session) -> dict[str, dict[Any, str]]:
    found: dict[str, dict[Any, str]] = {"sex": SEXES, "stage": STAGES}
    of_her = func.coalesce(func.nullif(MaritalStatus.label_female, ""), MaritalStatus.label)
    found["marital_of_her"] = {row[0]: row[1] for row in session.execute(select(MaritalStatus.code, of_her))}
    for name, (model, key, label) in LABELLED.items():
        entry = aliased(model)
        found[name] = {row[0]: row[1] for row in session.execute(select(getattr(entry, key), getattr(entry, label)))}
    return found
