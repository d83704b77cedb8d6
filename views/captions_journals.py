"""Russian captions of journals and their counters."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {}
