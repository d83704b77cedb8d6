"""Russian captions of daily work."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {}
