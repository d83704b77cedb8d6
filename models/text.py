"""One way to compare Russian names and to search in them, and words as Russian counts them."""

import re
from functools import lru_cache

# Signs of a telephone number that the search text does not keep.
_TELEPHONE = str.maketrans("+()", "   ")
_FOLD = str.maketrans({"ё": "е", "\xa0": " ", "‑": "-", "–": "-", "—": "-"})


def fold_spaces(text: str) -> str:
    """Hard and repeated spaces and line breaks become one space; none at the ends."""
    return " ".join(text.replace("\xa0", " ").split())


@lru_cache(maxsize=2048)  # Names of districts and headings come again with every row of a workbook.
def normalise(text: str) -> str:
    """Lower case, ё as е, hyphens and all spaces as one space: «Сизов-Петров  Артём» → «сизов петров артем»."""
    return " ".join(text.lower().translate(_FOLD).replace("-", " ").split())


def name_key(last_name: str, first_name: str, patronymic: str) -> str:
    """What two spellings of one person's name have in common; the order of lists."""
    return normalise(f"{last_name} {first_name} {patronymic}")


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def search_terms(query: str) -> list[str]:
    """Fragments of a query as they are looked for, in any order: «елк дар 2007» → three."""
    return normalise(query.translate(_TELEPHONE)).split()[:8]


def plural(number: int, one: str, few: str, many: str) -> str:
    """«1 запись, 2 записи, 5 записей»."""
    number = abs(int(number))
    if number % 10 == 1 and number % 100 != 11:
        return one
    return few if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else many
