"""Names and positions in the cases of Russian, by rule. A form that the rules do not know stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pymorphy3 import MorphAnalyzer
from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from models.files import DeclinedKind
from models.graduates import Sex
from models.text import fold_spaces
from reports.wording import sex_of

# case → how pytrovich and pymorphy call it
CASES: dict[str, tuple[Case, str]] = {
    "genitive": (Case.GENITIVE, "gent"),
    "dative": (Case.DATIVE, "datv"),
    "accusative": (Case.ACCUSATIVE, "accs"),
    "instrumental": (Case.INSTRUMENTAL, "ablt"),
}
GENDERS = {DeclinedKind.MAN: Gender.MALE, DeclinedKind.WOMAN: Gender.FEMALE}
KINDS = {Sex.MALE: DeclinedKind.MAN, Sex.FEMALE: DeclinedKind.WOMAN}
INITIALS = re.compile(r"(?:[А-ЯЁ]\.-?){1,3}")
TURKIC = re.compile(r"[\s-](?:оглы|оглу|огли|кызы|гызы|кизи|угли|уулу|улы)$", re.IGNORECASE)
PATRONYMIC = re.compile(r"(?:вич|ьич|мич|тич|ович|евич|вна|чна|шна)$", re.IGNORECASE)
# «директор МБУ «Центр» Петрова Анна Ивановна», «директор Петрова А.И.», «директор А. И. Петрова»
WORD = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
POSITION_AND_NAME = re.compile(
    rf"(?P<position>.+?),?\s+(?P<name>{WORD}(?:\s{WORD}){{1,2}}|{WORD}\s(?:[А-ЯЁ]\.\s?){{1,2}}|(?:[А-ЯЁ]\.\s?){{1,2}}{WORD})"
)
UPPER_ABBREVIATION = re.compile(r"[А-ЯЁA-Z]{2,}")


@dataclass(frozen=True)
class PersonName:
    """Parts of a name; `first` may be initials."""

    last: str
    first: str = ""
    patronymic: str = ""
    is_first_first: bool = False  # «А.Р. Ахметова», «Анна Петрова»

    def __str__(self) -> str:
        given = [self.first, self.patronymic]
        return " ".join(part for part in ([*given, self.last] if self.is_first_first else [self.last, *given]) if part)

    @property
    def initials(self) -> str:
        """«А.Р. Ахметова»."""
        signs = "".join(_initial(part) for part in (self.first, self.patronymic) if part)
        return f"{signs} {self.last}".strip()


def _initial(part: str) -> str:
    return part.replace(" ", "") if INITIALS.fullmatch(part.replace(" ", "")) else f"{part[0].upper()}."


def split_name(text: str) -> PersonName:
    """Parts of a name written in one line: «Петрова Анна Ивановна», «Анна Петрова», «Петрова А.И.», «А. И. Петрова»."""
    text = re.sub(r"(?<=[А-ЯЁ]\.) (?=[А-ЯЁ]\.)", "", fold_spaces(text))
    words = text.split(" ")
    if len(words) == 1:
        return PersonName(text)
    if INITIALS.fullmatch(words[0]):
        return PersonName(" ".join(words[1:]), words[0], is_first_first=True)
    if INITIALS.fullmatch(words[-1]):
        return PersonName(" ".join(words[:-1]), words[-1])
    if len(words) == 2:
        is_first_first = _is_first_name(words[0]) and not _is_first_name(words[1])
        return PersonName(words[1], words[0], is_first_first=True) if is_first_first else PersonName(words[0], words[1])
    if len(words) == 3 and PATRONYMIC.search(words[1]) and not PATRONYMIC.search(words[2]):
        return PersonName(words[2], words[0], words[1], is_first_first=True)
    return PersonName(words[0], words[1], " ".join(words[2:]))


def split_signatory(text: str) -> tuple[str, str]:
    """A position and a name written in one line; no name where none is seen."""
    text = fold_spaces(text)
    found = POSITION_AND_NAME.fullmatch(text)
    return (found["position"], found["name"].strip()) if found else (text, "")


def kind_of(name: PersonName, sex: Sex = Sex.UNKNOWN) -> DeclinedKind | None:
    """A man's or a woman's name: by the card, by the patronymic, by the first and last name; None: not to be told."""
    if (known := KINDS.get(sex_of(sex, name.patronymic))) is not None:
        return known
    given = "" if INITIALS.fullmatch(name.first) else name.first
    found = _detector().detect(firstname=given or None, lastname=name.last or None)
    return next((kind for kind, gender in GENDERS.items() if gender is found), None)


def name_forms(name: PersonName, kind: DeclinedKind) -> dict[str, str]:
    """The name in each case; a first name that is only initials stays."""
    return {case: str(_in_case(name, GENDERS[kind], wanted)) for case, (wanted, _) in CASES.items()}


def _in_case(name: PersonName, gender: Gender, case: Case) -> PersonName:
    first = name.first if INITIALS.fullmatch(name.first) else _part(NamePart.FIRSTNAME, gender, case, name.first)
    patronymic = name.patronymic
    if not TURKIC.search(f" {patronymic}"):
        patronymic = _part(NamePart.MIDDLENAME, gender, case, patronymic)
    return PersonName(_part(NamePart.LASTNAME, gender, case, name.last), first, patronymic, name.is_first_first)


def _part(part: NamePart, gender: Gender, case: Case, text: str) -> str:
    return " ".join(_maker().make(part, gender, case, word) if word else "" for word in text.split(" "))


# -- Positions -------------------------------------------------------------------------------------------------------


def position_forms(text: str) -> dict[str, str]:
    """«заместитель директора по воспитательной работе» → «заместителя …»: the head word and its adjectives."""
    return {case: _position_in(text, wanted) for case, (_, wanted) in CASES.items()}


def _position_in(text: str, case: str) -> str:
    plain, quote, rest = text.partition("«")  # What is quoted is a name.
    return ", ".join(_phrase_in(phrase, case) for phrase in plain.split(", ")) + quote + rest


def _phrase_in(phrase: str, case: str) -> str:
    """Adjectives in the nominative and the noun that they agree with; what follows is governed by it and stays."""
    words = phrase.split(" ")
    adjectives: list[tuple[int, Any]] = []
    for place, word in enumerate(words):
        noun = _noun(word)
        if noun is not None and all(_agree(adjective, noun) for _, adjective in adjectives):
            made = {at: _inflected(words[at], adjective, case) for at, adjective in adjectives}
            made[place] = _hyphened(word, case)
            return " ".join(made.get(at, word) for at, word in enumerate(words))
        adjective = _parsed(word, {"ADJF", "PRTF"})
        if adjective is None or (adjectives and not _agree(adjectives[0][1], adjective)):
            break
        adjectives.append((place, adjective))
    if not adjectives:
        return phrase
    made = {at: _inflected(words[at], adjective, case) for at, adjective in adjectives}  # «заведующая отделением»
    return " ".join(made.get(at, word) for at, word in enumerate(words))


def _noun(word: str) -> Any:
    """How a known noun in the nominative singular parses; of a hyphened word, its last part."""
    parts = word.split("-")
    found = [_parsed(part, {"NOUN"}) for part in parts]
    return found[-1] if all(parse is not None for parse in found) else None


def _parsed(word: str, speech: set[str]) -> Any:
    if not word or not _morphology().word_is_known(word) or UPPER_ABBREVIATION.fullmatch(word):
        return None
    fit = [parse for parse in _morphology().parse(word) if parse.tag.POS in speech and _is_a_thing_named(parse.tag)]
    return next((parse for parse in fit if "anim" in parse.tag), fit[0] if fit else None)


def _is_a_thing_named(tag: Any) -> Any:
    return {"nomn", "sing"} in tag and tag.grammemes.isdisjoint({"Name", "Surn", "Abbr"})


def _agree(adjective: Any, other: Any) -> bool:
    return bool(adjective.tag.gender == other.tag.gender)


def _hyphened(word: str, case: str) -> str:
    return "-".join(_inflected(part, _parsed(part, {"NOUN"}), case) for part in word.split("-"))


def _inflected(word: str, parse: Any, case: str) -> str:
    wanted = {case, "anim"} if case == "accs" and parse.tag.POS != "NOUN" and parse.tag.gender == "masc" else {case}
    found = parse.inflect(wanted)
    if found is None:
        return word
    return _cased(found.word, word)


def _cased(made: str, like: str) -> str:
    return made.capitalize() if like[:1].isupper() else made


def _is_first_name(word: str) -> bool:
    return any("Name" in parse.tag for parse in _morphology().parse(word) if "nomn" in parse.tag)


@cache
def _morphology() -> Any:
    return MorphAnalyzer()


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@cache
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()
