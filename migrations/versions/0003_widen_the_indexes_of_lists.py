"""Widen the indexes of lists, so that people whom somebody may not see are passed over without being read.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEPT = sa.text("deleted_at IS NULL")
ACCESS = ["agency_id", "district_id", "origin_district_id"]
# table, index, columns before, columns after; those of the cards leave out the deleted ones.
INDEXES = [
    ("graduate", "ix_graduate_list", ["name_key", "id"], ["name_key", "id", *ACCESS]),
    ("graduate", "ix_graduate_birth_date", ["birth_date", "id"], ["birth_date", "id", *ACCESS]),
    ("responsibility", "ix_responsibility_agency_id_ends_on", ["agency_id", "ends_on"],
     ["agency_id", "ends_on", "graduate_id"]),
    ("assignment", "ix_assignment_user_id_starts_on", ["user_id", "starts_on", "ends_on"],
     ["user_id", "starts_on", "ends_on", "graduate_id"]),
]


def _create(table, name, columns):
    options = {"sqlite_where": KEPT, "postgresql_where": KEPT} if table == "graduate" else {}
    op.create_index(name, table, columns, **options)


def upgrade():
    for table, name, _, after in INDEXES:
        op.drop_index(name, table_name=table)
        _create(table, name, after)
    _create("graduate", "ix_graduate_access", [*ACCESS, "id"])


def downgrade():
    op.drop_index("ix_graduate_access", table_name="graduate")
    for table, name, before, _ in INDEXES:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, before)
