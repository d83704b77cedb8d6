"""What the database refuses about journals and their counters, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {}
UNIQUE: dict[str, tuple[str | None, str]] = {}
