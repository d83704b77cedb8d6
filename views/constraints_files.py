"""What the database refuses about files, templates and forms of names, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {}
UNIQUE: dict[str, tuple[str | None, str]] = {}
