"""${message}

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
Timeouts of locks and statements are set in env.py; a long change is split so that it never waits with a lock held.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
