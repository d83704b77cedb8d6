"""What a row of a half-year form changes in a card: compared with what the card says on the day, written as of it.

An empty cell changes nothing. Texts are compared with what the form itself would print from the card, so a form that
was printed here and comes back unaltered changes nothing either.
"""

from models.graduates import Graduate
from services.importing.parsed import ParsedGraduate
from services.imports import facts, person, situation
from services.imports.changes import Change, Statement

FACTS = (
    facts.study,
    facts.employment,
    facts.family,
    facts.housing,
    facts.address,
    situation.problems,
    situation.work_done,
)


def compare(card: Graduate, said: ParsedGraduate, statement: Statement) -> list[Change]:
    """Every difference between the card on the day and what the office says, in the order of the columns."""
    found = [*person.identity(card, said), person.stays(card, said)]
    found += [look(card, said, statement) for look in FACTS]
    return [change for change in found if change is not None]
