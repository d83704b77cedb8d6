"""Where the pages of the desk are."""

from __future__ import annotations

from flask import url_for


def letter_url(number: int) -> str:
    return url_for("referral.details_view", id=number)


def desk_url() -> str:
    return url_for("inbox.index_view")


def desk_crumb() -> tuple[str, str | None]:
    """The beginning of the path of every page of the desk."""
    return "Обмен", desk_url()
