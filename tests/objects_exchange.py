"""Records of the exchange desk, made as a test asks for them by name."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.factories import Cast

OBJECTS: dict[str, Callable[[Session, Cast], object]] = {}
