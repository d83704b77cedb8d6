"""Fill the directions of support: the groups of measures of a plan.

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# code, label, the short mark that plans print
DIRECTIONS = [
    ("legal", "юридическая помощь", "ЮР"),
    ("education", "содействие в получении образования", "ОБР"),
    ("employment", "содействие в трудоустройстве", "ТР"),
    ("housing", "содействие в реализации права на жилое помещение", "ЖИЛ"),
    ("adaptation", "навыки адаптации, досуг, развитие", "АДП"),
    ("difficulty", "решение трудных жизненных ситуаций, защита прав", "ТЖС"),
    ("health", "охрана здоровья", "ЗДР"),
    ("family", "поддержка молодой семьи, родительства", "СЕМ"),
    ("material", "материальная и вещевая помощь", "МАТ"),
]


def upgrade() -> None:
    names = ("code", "label", "note", "position", "is_retired")
    table = sa.table("direction", *(sa.column(name) for name in names))
    standing = set(op.get_bind().scalars(sa.select(table.c.code)))
    filled = [
        dict(zip(names, (code, label, mark, place * 10, False), strict=True))
        for place, (code, label, mark) in enumerate(DIRECTIONS, start=1)
    ]
    op.bulk_insert(table, [row for row in filled if row["code"] not in standing])


def downgrade() -> None:
    """The lines stay: measures refer to them. They go with their table."""
