"""Russian captions of applications, refusals, contracts, conclusions, episodes of support."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {}
