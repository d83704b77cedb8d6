"""Shares and averages as papers print them: half-up to a tenth, and a dash where there is nothing to divide by."""

from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
DASH = "—"


def tenths(value: Decimal | float | int) -> Decimal:
    """Half-up to a tenth: 68.75 → 68.8."""
    return Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in per cent; None where there is no whole (domain §6.4: never 0 %)."""
    return tenths(Decimal(part) * 100 / Decimal(whole)) if whole else None


def comma(value: Decimal | None) -> str:
    """«80,0»; a dash for nothing."""
    return DASH if value is None else str(value).replace(".", ",")
