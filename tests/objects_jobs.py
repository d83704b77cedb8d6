"""Jobs, made as a test asks for them by name."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from models.jobs import JobState
from tests.factories import Cast
from tests.jobs_factories import kept

OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "anna's job": lambda session, cast: kept(session, cast.anna, JobState.RUNNING).id,
}
