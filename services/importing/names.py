"""Names as offices type them, brought to «Сизов-Петров Артём Сергеевич»."""

import re
from dataclasses import dataclass

from services.importing.text import DASHES, fold_spaces

# Words that stand inside a patronymic in small letters.
PATRONYMIC_WORDS = {"оглы", "оглу", "углы", "кызы", "кизи", "гызы", "кзы", "уулу", "улы"}
SURNAME_PARTICLES = {"де", "фон", "ван", "дер", "ди", "да", "ла", "ле", "эль", "аль", "бен", "ибн"}
PATRONYMIC_ENDINGS = ("ович", "евич", "ьич", "овна", "евна", "ична")
FORMER_WORDS = {"до", "брака", "ранее", "бывшая", "бывший", "урожд", "урожденная", "урождённая", "девичья", "дев",
                "фамилия", "фам", "была", "был", "прежняя", "прежде", "года", "г", "по", "браку", "в", "с",
                "и"}  # fmt: skip
LOOKALIKES = str.maketrans("ABCEHKMOPTXaceopxyABCEHKMOPTX", "АВСЕНКМОРТХасеорхуАВСЕНКМОРТХ")
CYRILLIC, LATIN = re.compile("[а-яёА-ЯЁ]"), re.compile("[A-Za-z]")
BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]?")
INITIALS = re.compile(r"[^\W\d_](?:\.?|\.\s*[^\W\d_]\.?)")


@dataclass(frozen=True)
class Name:
    last_name: str
    first_name: str
    patronymic: str
    former_names: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class UnusableName(Exception):
    """Why no name can be read; one Russian sentence."""


def parse_name(text: str) -> Name:
    """The name in its parts; raises UnusableName when there is none or only one word of it."""
    text = fold_spaces(DASHES.sub("-", text))
    former = tuple(name for inside in BRACKETS.findall(text) if (name := _former_name(inside)))
    words = _words(BRACKETS.sub(" ", text))
    if not words:
        raise UnusableName("Не указаны фамилия и имя.")
    if len(words) == 1:
        raise UnusableName(f"Указано только одно слово «{words[0]}», нужны фамилия и имя.")
    last, rest = _surname(words)
    if not rest:
        raise UnusableName(f"Указана только фамилия «{last}», нужно имя.")
    if INITIALS.fullmatch(rest[0]) or "." in rest[0]:
        raise UnusableName("Вместо имени стоят инициалы, нужны полные имя и отчество.")
    first, patronymic = _given(rest)
    return Name(last, first, patronymic, former, tuple(_doubts(last, first, patronymic)))


def name_of_parts(last: str, first: str, patronymic: str) -> Name:
    """A name from three columns."""
    return parse_name(" ".join(part for part in (last, first, patronymic) if part))


def capitalise(word: str) -> str:
    """«СИЗОВ-ПЕТРОВ» → «Сизов-Петров», «д'артаньян» → «Д'Артаньян», «ОГЛЫ» → «оглы»."""
    parts = word.split("-")
    return "-".join(
        part.lower() if i and part.lower() in PATRONYMIC_WORDS else _part(part) for i, part in enumerate(parts)
    )


def _part(part: str) -> str:
    head, mark, tail = part.partition("'")
    if mark and len(head) == 1 and tail:
        return head.upper() + mark + tail[:1].upper() + tail[1:].lower()
    return part[:1].upper() + part[1:].lower()


def _words(text: str) -> list[str]:
    text = re.sub(r"^\s*\d+\s*[.)]\s*", "", text)
    text = re.sub(r"\s*-\s*", "-", text.replace("’", "'").replace("`", "'"))
    text = re.sub(r"[,;:*\"«»]", " ", text)
    words = (word.strip("-'").lstrip(".") for word in text.split())
    words = (word if INITIALS.fullmatch(word) or "." in word[:-1] else word.rstrip(".") for word in words)
    return [capitalise(_one_alphabet(word)) for word in words if any(letter.isalpha() for letter in word)]


def _one_alphabet(word: str) -> str:
    """A Latin letter inside a Cyrillic word is a slip of the keyboard: it would make another person of her."""
    if CYRILLIC.search(word) and LATIN.search(word):
        return word.translate(LOOKALIKES)
    return word


def _former_name(inside: str) -> str:
    words = [word for word in _words(re.sub(r"\d+", " ", inside)) if word.lower().rstrip(".") not in FORMER_WORDS]
    return " ".join(words)


def _surname(words: list[str]) -> tuple[str, list[str]]:
    taken = 0
    while taken < len(words) - 2 and words[taken].lower() in SURNAME_PARTICLES:
        taken += 1
    particles = [word.lower() if i else word for i, word in enumerate(words[:taken])]
    return " ".join([*particles, words[taken]]), words[taken + 1 :]


def _given(words: list[str]) -> tuple[str, str]:
    """First name and patronymic; a second first name is told by the patronymic's ending after it."""
    words = [word.lower() if word.lower() in PATRONYMIC_WORDS and i else word for i, word in enumerate(words)]
    if len(words) == 3 and looks_like_patronymic(words[2]) and not looks_like_patronymic(words[1]):
        return " ".join(words[:2]), words[2]
    return words[0], " ".join(words[1:])


def looks_like_patronymic(word: str) -> bool:
    return word.lower().endswith(PATRONYMIC_ENDINGS)


def _doubts(last: str, first: str, patronymic: str) -> list[str]:
    whole = f"{last} {first} {patronymic}"
    doubts = []
    if re.search(r"[^\w\s.'-]|[\d_]", whole):
        doubts.append("В имени есть посторонние знаки, проверьте его.")
    if looks_like_patronymic(first) and patronymic and not looks_like_patronymic(patronymic):
        doubts.append("Похоже, слова имени стоят в другом порядке, проверьте фамилию, имя и отчество.")
    if re.search(r"\b\w\.", patronymic):
        doubts.append("Вместо отчества стоит инициал.")
    return doubts
