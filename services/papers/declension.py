"""The cases of names and positions as papers print them: made by rule once, kept, corrected by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.files import DeclinedForm, DeclinedKind
from models.graduates import Graduate, Sex
from models.text import fold_spaces
from services.papers import spelling
from services.papers.spelling import PersonName, split_name, split_signatory
from services.upserting import insert_into

LONGEST = 500  # of a column

Key = tuple[DeclinedKind, str]


@dataclass(frozen=True)
class Forms:
    """A name or a position in all its cases."""

    nominative: str
    genitive: str
    dative: str
    accusative: str
    instrumental: str


@dataclass
class Declension:
    """Reads the kept forms; those that it had to make are `made`, to be kept by `keep`."""

    session: Session
    made: dict[Key, Forms] = field(default_factory=dict)

    def person(self, graduate: Graduate) -> Forms:
        name = PersonName(graduate.last_name, graduate.first_name, graduate.patronymic)
        return self.name(name, sex=graduate.sex)

    def name(self, name: PersonName | str, *, sex: Sex = Sex.UNKNOWN) -> Forms:
        """A name whose sex cannot be told stays as it is."""
        parts = split_name(name) if isinstance(name, str) else name
        kind = spelling.kind_of(parts, sex) if str(parts) else None
        if kind is None:
            return Forms(*[str(parts)] * 5)
        return self._kept(kind, str(parts)) or self._make(kind, str(parts), spelling.name_forms(parts, kind))

    def position(self, text: str) -> Forms:
        text = fold_spaces(text)
        if not text:
            return Forms(*[""] * 5)
        kind = DeclinedKind.POSITION
        return self._kept(kind, text) or self._make(kind, text, spelling.position_forms(text))

    def signatory(self, text: str) -> tuple[str, str, str]:
        """Of «директор Петрова Анна Ивановна»: in whose person, the position, the name.

        What is written in the genitive already stays, and its position and name are not told.
        """
        position, name = split_signatory(text)
        declined = self.position(position)
        if not name or declined.genitive == declined.nominative:
            return fold_spaces(text), "", ""
        return f"{declined.genitive} {self.name(name).genitive}", position, name

    def _kept(self, kind: DeclinedKind, text: str) -> Forms | None:
        if (kind, text) in self.made:
            return self.made[kind, text]
        query = select(DeclinedForm).where(DeclinedForm.kind == kind, DeclinedForm.nominative == text)
        row = self.session.scalars(query).one_or_none()
        if row is None:
            return None
        cases = (row.genitive, row.dative, row.accusative, row.instrumental)
        return Forms(text, *(case or text for case in cases))

    def _make(self, kind: DeclinedKind, text: str, forms: dict[str, str]) -> Forms:
        made = Forms(nominative=text, **forms)
        self.made[kind, text] = made
        return made


def keep(session: Session, made: dict[Key, Forms]) -> None:
    """Keep new forms, without committing. Of two who print the same name at once, the first one's stay."""
    rows = [
        {
            "kind": kind,
            "nominative": forms.nominative,
            "genitive": forms.genitive,
            "dative": forms.dative,
            "accusative": forms.accusative,
            "instrumental": forms.instrumental,
            "is_checked": False,
            "note": "",
            "version": 1,
        }
        for (kind, _), forms in sorted(made.items())
        if max(len(form) for form in vars(forms).values()) <= LONGEST
    ]
    if rows:
        session.execute(insert_into(session, DeclinedForm).values(rows).on_conflict_do_nothing())
