"""What the words of a cell mean: codes for the statuses, numbers of children, employers, single problems."""

import re
from dataclasses import dataclass

from services.importing import wordings
from services.importing.text import fold_spaces, is_blank, plain

UNKNOWN = "unknown"
QUOTES = re.compile(r"[«\"“„][^»\"”“]*[»\"”“]?")
WORK_VERB = re.compile(
    r"^(?:(?:официально|временно|постоянно|сейчас|ныне)\s+)*(?:работает|работа|трудоустроен[а]?|трудоустроен\(а\)|устроен[а]?|трудится)"
    r"(?:\s+(?:официально|временно|постоянно))*(?:\s+(?:в|во|на|у))?[\s:-]+",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+(?=[^\d\s])")


@dataclass(frozen=True)
class Meaning:
    """A code and whether the wording was recognised."""

    code: str
    recognised: bool = True


@dataclass(frozen=True)
class Family:
    status: str
    children: int
    doubts: tuple[str, ...] = ()


MOST_CHILDREN = 20


def employment_status(text: str) -> Meaning:
    looked = plain(text)
    remaining = wordings.DENIED_EMPLOYMENT.sub(" ", looked)
    code = wordings.find_code(wordings.EMPLOYMENT, remaining)
    if code in ("none", "employment_centre") and wordings.DISABLED.search(remaining) and code == "none":
        code = "disabled"
    if code in ("informal", "none") and wordings.STUDYING.search(looked):
        code = "studying"
    if code is None and remaining != looked:
        code = "none"
    return Meaning(code or UNKNOWN, code is not None)


def employer_and_position(text: str, *, status: str) -> tuple[str, str]:
    """«ООО «Северный лес», разнорабочий» → («ООО «Северный лес»», «разнорабочий»)."""
    if status not in ("employed", "informal"):
        return "", ""
    shown = WORK_VERB.sub("", fold_spaces(text)).strip(" .")
    bracketed = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", shown)
    if bracketed and _is_organisation(bracketed[1]):
        return bracketed[1], bracketed[2]
    parts = _split_outside_quotes(shown)
    if len(parts) == 1:
        return _one_part(shown)
    first, rest = parts[0], ", ".join(parts[1:])
    if _is_organisation(rest) and not _is_organisation(first):
        return rest, first
    return first, rest


def _one_part(shown: str) -> tuple[str, str]:
    before, _, after = shown.partition(" в ") if " в " in shown else shown.partition(" на ")
    if after and _is_organisation(after) and not _is_organisation(before):
        return after, before
    if _is_organisation(shown):
        return shown, ""
    return ("", shown) if re.search(wordings.POSITION, plain(shown)) else ("", "")


def _is_organisation(text: str) -> bool:
    return bool(re.search(wordings.ORGANISATION_FORM, plain(text)) or QUOTES.search(text))


def _split_outside_quotes(text: str) -> list[str]:
    """Cut at commas, semicolons and spaced dashes that do not stand inside a quoted name."""
    hidden = QUOTES.sub(lambda match: "\u0000" * len(match[0]), text)
    cuts = [match.span() for match in re.finditer(r"\s*[,;]\s*|\s+[-–—]\s*|\s*[–—]\s+", hidden)]
    starts = [0] + [end for _, end in cuts]
    ends = [start for start, _ in cuts] + [len(text)]
    return [part for start, end in zip(starts, ends, strict=True) if (part := text[start:end].strip())] or [text]


def family(text: str) -> Family:
    looked = wordings.DENIED_FAMILY.sub("не состоит", plain(text))
    code = wordings.find_code(wordings.MARITAL, looked)
    children, doubts = _children(looked)
    if children > MOST_CHILDREN:
        children, doubts = 0, (f"Число детей {children} не похоже на правду и не принято.",)
    if code is None:
        doubts = (f"Семейное положение «{fold_spaces(text)}» не распознано.", *doubts)
    return Family(code or UNKNOWN, children, tuple(doubts))


def _children(looked: str) -> tuple[int, tuple[str, ...]]:
    if wordings.NO_CHILDREN.search(looked):
        return 0, ()
    for pattern in (wordings.COUNT_BEFORE, wordings.COUNT_AFTER):
        match = pattern.search(looked)
        if match:
            return _number(match[1]), ()
    by_sex = [_number(match[1]) for match in wordings.CHILD_BY_SEX.finditer(looked)]
    if by_sex:
        return sum(by_sex), ()
    if wordings.TWINS.search(looked):
        return (3 if "тройн" in looked else 2), ()
    if wordings.ONE_CHILD.search(looked):
        return looked.count("ребенок") or 1, ()
    if wordings.MANY_CHILDREN.search(looked):
        return 3, ("Число детей не указано, для многодетной семьи принято 3.",)
    if wordings.SOME_CHILDREN.search(looked):
        return 1, ("Число детей не указано, принято 1.",)
    return 0, ()


def _number(word: str | None) -> int:
    if word is None:
        return 1
    return int(word) if word.isdigit() else wordings.NUMBER_WORDS[word]


def housing_status(text: str) -> Meaning:
    looked = plain(text)
    remaining = wordings.DENIED_HOUSING.sub(" ", looked).strip(" ,;.")
    code = wordings.find_code(wordings.HOUSING, remaining)
    if code is None and remaining != looked:
        code = "homeless"
    return Meaning(code or UNKNOWN, code is not None)


def problem_list(text: str) -> list[str]:
    """The single problems; «нет» and its kin open none."""
    lines = NUMBERED.sub("\n", text.translate({0xA0: " "}))
    parts = (fold_spaces(part).strip(" .,") for part in re.split(r"[;\n\r]+", lines))
    return [part for part in parts if not is_blank(part) and not wordings.NO_PROBLEMS.fullmatch(plain(part))]
