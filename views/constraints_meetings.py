"""What the database refuses about councils and meetings, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {}
UNIQUE: dict[str, tuple[str | None, str]] = {}
