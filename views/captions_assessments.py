"""Russian captions of monitoring, readiness and examinations."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {}
