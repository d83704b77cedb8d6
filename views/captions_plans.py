"""Russian captions of plans and their measures."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {}
