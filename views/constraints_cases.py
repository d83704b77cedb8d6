"""What the database refuses about applications, contracts and conclusions, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {}
UNIQUE: dict[str, tuple[str | None, str]] = {}
