"""Russian captions of personal files, attachments, templates and forms of names."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {}
