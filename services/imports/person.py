"""Who the person is, and the stays in foster families."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from models.circumstances import Placement
from models.graduates import Graduate
from models.text import name_key, normalise
from reports import wording
from services.importing.layout import HEADINGS
from services.importing.parsed import ParsedGraduate
from services.imports.changes import LONGEST_LINE, Change, put, same

FOSTER_FAMILY = "foster_family"  # The form of Приложение 1 is of foster families.
Period = tuple[date, date | None]


def identity(card: Graduate, said: ParsedGraduate) -> Iterable[Change | None]:
    yield _name(card, said)
    yield _former_names(card, said)
    if said.birth_date != card.birth_date:
        new = said.birth_date
        yield Change(
            HEADINGS["birth_date"],
            f"{card.birth_date:%d.%m.%Y}",
            f"{new:%d.%m.%Y}",
            lambda: setattr(card, "birth_date", new),
        )
    if said.snils and not card.snils:
        yield Change(HEADINGS["snils"], "", said.snils, lambda: setattr(card, "snils", said.snils))


def _name(card: Graduate, said: ParsedGraduate) -> Change | None:
    """Another name than by its spelling: only where СНИЛС has shown who it is."""
    if name_key(card.last_name, card.first_name, card.patronymic) == said.identity[0]:
        return None
    patronymic = said.patronymic or card.patronymic
    new = " ".join(part for part in (said.last_name, said.first_name, patronymic) if part)
    if same(card.full_name, new):
        return None

    def write() -> None:
        if not same(card.last_name, said.last_name):
            card.former_names = _joined(card.former_names, [card.last_name])
        card.last_name, card.first_name, card.patronymic = said.last_name, said.first_name, patronymic

    return Change(HEADINGS["name"], card.full_name, new, write)


def _former_names(card: Graduate, said: ParsedGraduate) -> Change | None:
    new = _joined(card.former_names, said.former_names)
    if new == (card.former_names or ""):
        return None
    return Change("Прежние фамилии", card.former_names or "", new, lambda: setattr(card, "former_names", new))


def _joined(known: str | None, more: Iterable[str]) -> str:
    names = [part.strip() for part in (known or "").split(",") if part.strip()]
    for name in more:
        if normalise(name) not in map(normalise, names):
            names.append(name)
    return ", ".join(names)[:LONGEST_LINE]


def stays(card: Graduate, said: ParsedGraduate) -> Change | None:
    known = [p for p in card.placements if p.form_code == FOSTER_FAMILY or (p.form is not None and p.form.is_family)]
    writes = [write for stay in dict.fromkeys(said.stays) for write in _stay(card, known, stay, len(said.stays))]
    if not writes:
        return None
    old = "; ".join(wording.period_text(p.starts_on, p.ends_on) for p in sorted(known, key=lambda p: p.starts_on))
    new = "; ".join(wording.period_text(begin, end) for begin, end in said.stays)
    return Change(HEADINGS["stays"], old, new, lambda: run(writes))


def _stay(card: Graduate, known: Sequence[Placement], stay: Period, stated: int) -> list[Callable[[], None]]:
    """A stay is known by its first day; the only stay that overlaps the only stated one is corrected."""
    begin, end = stay
    same = next((p for p in known if p.starts_on == begin), None)
    if same is None and stated == len(known) == 1 and _overlap(known[0], stay):
        same = known[0]
    if same is None:
        placement = {"form_code": FOSTER_FAMILY, "starts_on": begin, "ends_on": end}
        return [lambda: card.placements.append(Placement(**placement))]
    kept = end if end is not None else same.ends_on
    if kept is not None and kept < begin:
        kept = None
    if (same.starts_on, same.ends_on) == (begin, kept):
        return []
    return [lambda: put(same, starts_on=begin, ends_on=kept)]


def _overlap(known: Placement, stay: Period) -> bool:
    begin, end = stay
    return known.starts_on <= (end or date.max) and begin <= (known.ends_on or date.max)


def run(writes: Iterable[Callable[[], None]]) -> None:
    for write in writes:
        write()
