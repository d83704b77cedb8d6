"""Russian captions of letters between organisations."""

Captions = dict[str, str | tuple[str, str]]

TABLES: dict[str, tuple[str, Captions]] = {}
