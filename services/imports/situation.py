"""Columns 11 and 12: the problems and the work done, in the office's words and as single records."""

from models.circumstances import Situation, as_of
from models.graduates import Graduate
from models.support import Problem
from models.text import normalise
from reports import wording
from services.importing.layout import HEADINGS
from services.importing.parsed import ParsedGraduate
from services.importing.problems import problem_kind
from services.imports.changes import LONGEST_LINE, Change, Statement, put, same

FROM_FORM = "form"  # The dictionary's code: it became known from a half-year form.


def problems(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    if not said.problems:
        return None
    on = statement.on
    printed = wording.problems(card, on, statement.agency_id)
    if not statement.is_new and same(printed, said.problems):
        return None
    opened = wording.open_problems(card, on)
    named = {_key(text): text for text in said.problem_list}
    new = [text for key, text in named.items() if key not in {_key(p.description) for p in opened}]
    gone = [p for p in opened if p.source_code == FROM_FORM and _key(p.description) not in named]
    own = _own_statement(card, statement)
    if not new and not gone and own is not None and same(own.problems, said.problems):
        return None

    def write() -> None:
        for problem in gone:
            put(problem, resolved_on=on, resolution=f"Не названа в форме на {on:%d.%m.%Y}")
        for text in new:
            card.problems.append(
                Problem(
                    description=text[:LONGEST_LINE], kind_code=problem_kind(text), found_on=on, source_code=FROM_FORM
                )
            )
        _state(card, statement, problems=said.problems)

    return Change(HEADINGS["problems"], printed, said.problems, write)


def _key(text: str) -> str:
    return "".join(character for character in normalise(text[:LONGEST_LINE]) if character.isalnum())


def work_done(card: Graduate, said: ParsedGraduate, statement: Statement) -> Change | None:
    old, new = wording.work_done(card, statement.on, statement.agency_id), said.work_done
    if not new or same(old, new):
        return None
    return Change(HEADINGS["work_done"], old, new, lambda: _state(card, statement, work_done=new))


def _own_statement(card: Graduate, statement: Statement) -> Situation | None:
    own = [s for s in card.situations if s.agency_id == statement.agency_id]
    return as_of(own, statement.on)


def _state(card: Graduate, statement: Statement, **values: str) -> None:
    """The office's words of the day; what it does not say anew holds on."""
    own = _own_statement(card, statement)
    if own is not None and own.starts_on == statement.on:
        put(own, **values)
        return
    said_before = {"problems": own.problems, "work_done": own.work_done} if own else {}
    card.situations.append(
        Situation(
            starts_on=statement.on,
            is_start_known=False,
            agency_id=statement.agency_id,
            **{"problems": "", "work_done": "", **said_before, **values},
        )
    )
