"""What the database refuses about letters between organisations, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {}
UNIQUE: dict[str, tuple[str | None, str]] = {}
