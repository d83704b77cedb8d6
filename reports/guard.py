"""Text that a spreadsheet might take for a formula."""

import re

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# A phone number, a negative number, a lone dash: they begin with a sign and are nothing to run.
_NUMBER_LIKE = re.compile(r"[+-]\s*(?:[\d(](?:(?![А-Яа-яЁё._]\()[^=+|!@\"'*^&<>%{}\[\]\\A-Za-z])*)?")


def looks_like_formula(text: str) -> bool:
    """Whether a program that opens the text could run it; a phone number and a minus are left alone."""
    if not text.startswith(STARTS_FORMULA):
        return False
    return _NUMBER_LIKE.fullmatch(text) is None


def guarded(text: str) -> str:
    """The text with an apostrophe before what looks like a formula, as spreadsheets mark text."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) and looks_like_formula(text) else text
