"""Folding of texts: what stays the same for the reader although it was typed differently."""

import re
import unicodedata
from functools import lru_cache

INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
DASHES = re.compile("[‐‑‒–—―−]")
EMPTY_MARKS = {"", "-", "--", "---", ".", "х", "x", "/"}
ONLY_MARKS = re.compile(r"[-_.\s]*")
LONGEST_MARK = 40  # A longer text says something.
REMEMBERED = 20_000  # Texts of one file repeat themselves, and one text is looked at from several sides.


def fold_spaces(text: str) -> str:
    """One ordinary space for every run of spaces, hard spaces and line breaks."""
    return " ".join(INVISIBLE.sub("", text).split())


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> str:
    """Lower case, ё as е, ordinary dashes and spaces: for looking wordings up, never for showing."""
    compatible = "№".join(unicodedata.normalize("NFKC", part) for part in text.split("№"))  # or «№» becomes «No»
    return fold_spaces(DASHES.sub("-", compatible).lower().replace("ё", "е"))


def squash(text: str) -> str:
    """Letters and digits only, so that «Обеспечен-\\nность  жильём:» is «обеспеченностьжильем»."""
    return re.sub(r"[\W_]+", "", plain(text))


def as_text(value: object) -> str:
    """A cell as the text that a person sees in it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    if hasattr(value, "strftime"):
        return str(value.strftime("%d.%m.%Y"))
    return fold_spaces(str(value))


def is_blank(text: str) -> bool:
    """Nothing, or a dash put where nothing is known."""
    return len(text) < LONGEST_MARK and (plain(text) in EMPTY_MARKS or ONLY_MARKS.fullmatch(plain(text)) is not None)
