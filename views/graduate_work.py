"""The tab «Работа»: appeals, talks, sessions, visits, services."""

from collections.abc import Iterable
from typing import Any

from models.graduates import Graduate


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html."""
    return ()
