"""Invented numbers that are well formed: their check digits are right, their ranges belong to nobody."""

TENS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
SCRAMBLE = 7_368_787  # Neighbours on the list get numbers that do not look like neighbours.
PRIME = 99_999_989


def inn(number: int) -> str:
    """ИНН of an organisation in the non-existent tax office 3500."""
    body = f"3500{number:05d}"
    check = sum(weight * int(digit) for weight, digit in zip(TENS, body, strict=True)) % 11 % 10
    return f"{body}{check}"


def ogrn(number: int) -> str:
    """ОГРН of 2002 in Vologda oblast with the non-existent inspection 00."""
    body = f"1023500{number:05d}"
    return f"{body}{int(body) % 11 % 10}"


def snils(number: int) -> str:
    """СНИЛС in the range 9xx, far beyond those that have been issued."""
    body = f"{900_000_000 + number * SCRAMBLE % PRIME:09d}"
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), body, strict=True))
    check = total % 101
    return f"{body}{0 if check == 100 else check:02d}"


def passport(number: int, year: int) -> tuple[str, str]:
    """Series and number; no region has the code 00."""
    return f"00 {year % 100:02d}", f"{number * 389_173 % 1_000_000:06d}"


def mobile(number: int) -> str:
    """A phone in the code 975, which no operator has."""
    tail = f"{number * 6_700_417 % 9_999_991:07d}"
    return f"+7 975 {tail[:3]}-{tail[3:5]}-{tail[5:]}"
