"""СНИЛС: eleven digits, the last two of which check the rest."""

import re

FIRST_CHECKED = 1_001_998  # numbers up to 001-001-998 were given out without a check


def parse_snils(text: str) -> str | None:
    """The eleven digits, or None where they are not a СНИЛС."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 10 and text.strip().isdigit():  # a number cell loses its leading zero
        digits = "0" + digits
    if len(digits) != 11 or re.search(r"[^\d\s-]", text):
        return None
    return digits if is_valid(digits) else None


def is_valid(digits: str) -> bool:
    number = int(digits[:9])
    if number <= FIRST_CHECKED:
        return number > 0
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True))
    return total % 101 % 100 == int(digits[9:])
