"""What is true: tables, constraints and pure value objects. Importing the package loads every table."""

from models import (
    audit,
    circumstances,
    deadlines,
    derived,
    dictionaries,
    graduates,
    imports,
    notifications,
    people,
    production_calendar,
    regulations,
    support,
    territory,
    users,
)
from models.base import Model

__all__ = [
    "Model",
    "audit",
    "circumstances",
    "deadlines",
    "derived",
    "dictionaries",
    "graduates",
    "imports",
    "notifications",
    "people",
    "production_calendar",
    "regulations",
    "support",
    "territory",
    "users",
]
