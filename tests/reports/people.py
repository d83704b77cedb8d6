"""A person with a history, for the papers."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.circumstances import Address, Employment, FamilyStatus, Housing, Placement, Situation, Study
from models.graduates import Graduate
from models.support import Problem
from tests.factories import make_graduate

STATED = date(2026, 2, 1)


def foster_stay(starts_on: date, ends_on: date | None = None, form: str = "foster_family") -> Placement:
    return Placement(form_code=form, starts_on=starts_on, ends_on=ends_on)


def make_person(session: Session, name: str = "Кузнецова Дарья Игоревна", **fields: Any) -> Graduate:
    """Somebody who grew up in a foster family; `facts` are child rows beside it."""
    facts = fields.pop("facts", ())
    graduate = make_graduate(session, name, **fields)
    for fact in (foster_stay(date(2015, 4, 23), date(2025, 8, 14)), *facts):
        fact.graduate = graduate
        session.add(fact)
    session.flush()
    session.refresh(graduate)
    return graduate


def known_facts(**words: Any) -> list[Any]:
    """One fact of each kind, as somebody typed them into the card."""
    return [
        Study(
            level_code="basic", status_code="studying", organisation="ПОО «Приозёрский колледж»", course=1,
            profession="Повар, кондитер", starts_on=STATED,
        ),
        Employment(status_code="studying", starts_on=STATED),
        FamilyStatus(status_code="single", children=0, starts_on=STATED),
        Housing(status_code="waiting_list", starts_on=STATED),
        Address(text="г. Сокол, ул. Лесная, д. 1", starts_on=STATED),
        Problem(description="Удалённость от семьи", found_on=STATED),
        Situation(problems="Удалённость от семьи", work_done="Постановка на гособеспечение", starts_on=STATED, **words),
    ]  # fmt: skip
