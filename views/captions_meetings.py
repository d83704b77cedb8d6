"""Russian captions of councils, meetings and their decisions."""

Captions = dict[str, str | tuple[str, str]]

TABLES: dict[str, tuple[str, Captions]] = {}
