"""What is true: tables, constraints and pure value objects. Importing the package loads every table."""

from models import (
    audit,
    circumstances,
    derived,
    dictionaries,
    graduates,
    imports,
    people,
    production_calendar,
    support,
    territory,
    users,
)
from models.base import Model

__all__ = [
    "Model",
    "audit",
    "circumstances",
    "derived",
    "dictionaries",
    "graduates",
    "imports",
    "people",
    "production_calendar",
    "support",
    "territory",
    "users",
]
