"""Folding of texts: what stays the same for the reader although it was typed differently."""

import re
import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
EMPTY_MARKS = {"", "-", "--", "---", ".", "х", "x", "/"}


def fold_spaces(text: str) -> str:
    """One ordinary space for every run of spaces, hard spaces and line breaks."""
    return " ".join(text.translate(INVISIBLE).split())


def plain(text: str) -> str:
    """Lower case, ё as е, ordinary dashes and spaces: for looking wordings up, never for showing."""
    compatible = "№".join(unicodedata.normalize("NFKC", part) for part in text.split("№"))  # or «№» becomes «No»
    return fold_spaces(compatible.translate(DASHES).lower().replace("ё", "е"))


def squash(text: str) -> str:
    """Letters and digits only, so that «Обеспечен-\nность  жильём:» is «обеспеченностьжильем»."""
    return "".join(character for character in plain(text) if character.isalnum())


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
    return plain(text) in EMPTY_MARKS or re.fullmatch(r"[-_.\s]*", plain(text)) is not None
