"""Keep submissions, long work and the library

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
Timeouts of locks and statements are set in env.py; a long change is split so that it never waits with a lock held.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


NEW_JOURNALS = ('orders', 'publications')
JOURNALS = (
    'applications', 'contracts', 'refusals', 'accepted', 'group-sessions', 'consultations', 'appeals', 'incoming',
    'outgoing', 'notices', 'meetings', 'visits', 'services', 'consultation-minutes', 'plans', 'conclusions', 'surveys',
    'urgent-acts',
)
NEW_NOTICES = ('submission', 'file', 'weekly')
NOTICES = (
    'opened', 'due_soon', 'overdue', 'urgent', 'recomputed', 'expected', 'calendar', 'letter', 'emergency',
)
# A number once given stays in its journal, whoever writes to the database (0005 made the function).
NUMBERED = ('curator_order', 'publication')
SENTENCE = 'a numbered record is annulled, never deleted'


def allow(table: str, column: str, values: tuple[str, ...]) -> None:
    listed = ', '.join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f'ck_{table}_{column}_is_known'), type_='check')
        batch_op.create_check_constraint(op.f(f'ck_{table}_{column}_is_known'), f'{column} IN ({listed})')


def forbid_deleting() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in NUMBERED:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
            + (
                f"WHEN old.number IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                if is_sqlite
                else "FOR EACH ROW WHEN (old.number IS NOT NULL) EXECUTE FUNCTION keep_numbered()"
            )
        )


# What was approved stays as it was approved, whoever writes to the database.
FROZEN = (
    'report', 'title', 'agency_id', 'agency_name', 'period_key', 'period_from', 'period_to', 'specialist_id', 'options',
    'edition', 'is_nil', 'content', 'texts', 'rules', 'sha256', 'approved_at', 'approved_by_name',
)
FROZEN_SENTENCE = 'what was approved is frozen'
IS_APPROVED = "EXISTS (SELECT 1 FROM submission WHERE id = old.submission_id AND status <> 'draft')"


def freeze_submissions() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    differs = 'new.{0} IS NOT old.{0}' if is_sqlite else 'new.{0}::text IS DISTINCT FROM old.{0}::text'
    changed = ' OR '.join(differs.format(column) for column in FROZEN)
    went_back = "(old.status NOT IN ('draft', 'approved') AND new.status IN ('draft', 'approved'))"
    stays = f"(old.status <> 'draft' AND new.status <> 'draft' AND ({changed}))"
    triggers = [
        ('submission_is_frozen', 'UPDATE ON submission', f'{went_back} OR {stays}'),
        ('submission_is_kept', 'DELETE ON submission', "old.status <> 'draft'"),
        ('submission_row_is_frozen', 'UPDATE ON submission_row', IS_APPROVED),
        ('submission_row_is_kept', 'DELETE ON submission_row', IS_APPROVED),
    ]
    if is_sqlite:
        for name, when, condition in triggers:
            act = f"SELECT RAISE(ABORT, '{FROZEN_SENTENCE}')"
            op.execute(f'CREATE TRIGGER {name} BEFORE {when} WHEN {condition} BEGIN {act}; END')
        return
    for name, when, condition in triggers:  # A WHEN of PostgreSQL asks no other table.
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{FROZEN_SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN old; END IF; RETURN new; END $$ LANGUAGE plpgsql"
        )
        op.execute(f'CREATE TRIGGER {name} BEFORE {when} FOR EACH ROW EXECUTE FUNCTION {name}()')


def unfreeze_submissions() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table, names in {
        'submission': ('submission_is_frozen', 'submission_is_kept'),
        'submission_row': ('submission_row_is_frozen', 'submission_row_is_kept'),
    }.items():
        for name in names:
            op.execute(f'DROP TRIGGER {name}' if is_sqlite else f'DROP TRIGGER {name} ON {table}')
            if not is_sqlite:
                op.execute(f'DROP FUNCTION {name}()')


def upgrade() -> None:
    allow('journal_counter', 'journal', (*JOURNALS, *NEW_JOURNALS))
    allow('notification', 'kind', (*NOTICES, *NEW_NOTICES))
    allow('notification_setting', 'kind', (*NOTICES, *NEW_NOTICES))
    op.create_table('job',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='Which work it is: report, register, journal, papers …'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False, comment='What was asked for, as plain JSON'),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'done', 'failed', 'cancelled', name='jobstate', native_enum=False, length=40), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False, comment='Rows or papers finished'),
    sa.Column('total', sa.Integer(), nullable=True, comment='Of how many; empty: not known yet'),
    sa.Column('message', sa.String(length=500), nullable=False, comment='Why it failed, or what is to be known of the file'),
    sa.Column('attempts', sa.Integer(), nullable=False, comment='How many times a worker has begun it'),
    sa.Column('token', sa.String(length=32), nullable=True, comment='Of the worker that has it'),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True, comment="The worker's last sign of life"),
    sa.Column('is_cancel_asked', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rights', sa.String(length=64), nullable=False, comment="Digest of the owner's rights when the file was made: a later change closes it"),
    sa.Column('file_name', sa.String(length=200), nullable=False, comment='As it is offered for download'),
    sa.Column('file_path', sa.String(length=500), nullable=False, comment='Within DATA_DIR; empty: no file, or it has been removed'),
    sa.Column('file_size', sa.BigInteger(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=True, comment='How many rows or papers the file holds'),
    sa.Column('keep_until', sa.Date(), nullable=True, comment='The last day on which the file can be downloaded'),
    sa.CheckConstraint("(file_path = '') = (file_name = '')", name=op.f('ck_job_file_has_name')),
    sa.CheckConstraint("(state = 'running') = (beat_at IS NOT NULL)", name=op.f('ck_job_running_has_beat')),
    sa.CheckConstraint("(state = 'running') = (token IS NOT NULL)", name=op.f('ck_job_running_has_worker')),
    sa.CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name=op.f('ck_job_ended_has_moment')),
    sa.CheckConstraint("kind <> '' AND title <> ''", name=op.f('ck_job_has_kind_and_title')),
    sa.CheckConstraint("state <> 'failed' OR message <> ''", name=op.f('ck_job_failed_has_message')),
    sa.CheckConstraint("state = 'done' OR file_path = ''", name=op.f('ck_job_unfinished_has_no_file')),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_job_state_is_known')),
    sa.CheckConstraint('done >= 0 AND (total IS NULL OR total >= 0)', name=op.f('ck_job_counts_are_not_negative')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_job_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_job_owner_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index('ix_job_owner_id', ['owner_id', 'id'], unique=False)
        batch_op.create_index('ix_job_state', ['state', 'id'], unique=False)

    op.create_table('library_document',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Whose it is'),
    sa.Column('kind', sa.Enum('legal-base', 'local-regulation', 'unified-forms', 'methods', 'practices', 'booklets', 'projects', 'draft-acts', 'state-programmes', 'mentoring', 'year-plan', 'control-acts', name='librarykind', native_enum=False, length=40), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('number', sa.String(length=500), nullable=False, comment='Of an act'),
    sa.Column('document_on', sa.Date(), nullable=True),
    sa.Column('author', sa.String(length=500), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False, comment='What a practice gave, what a check remarked'),
    sa.Column('participants', sa.Text(), nullable=False, comment='Of a project: who takes part, one in a line'),
    sa.Column('link', sa.String(length=500), nullable=False),
    sa.Column('stage', sa.Enum('draft', 'agreement', 'in_force', 'done', 'repealed', name='documentstage', native_enum=False, length=40), nullable=False),
    sa.Column('audience', sa.Enum('agency', 'participants', 'everybody', name='audience', native_enum=False, length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True, comment='In force from'),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='In force to, the last day'),
    sa.Column('is_mandatory', sa.Boolean(), nullable=False, comment='Everybody must use it from that day'),
    sa.Column('about_agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Of an act of a check: whom it checked'),
    sa.Column('remarks_due_on', sa.Date(), nullable=True, comment='Until when remarks are to be put right'),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("audience IN ('agency', 'participants', 'everybody')", name=op.f('ck_library_document_audience_is_known')),
    sa.CheckConstraint("kind IN ('legal-base', 'local-regulation', 'unified-forms', 'methods', 'practices', 'booklets', 'projects', 'draft-acts', 'state-programmes', 'mentoring', 'year-plan', 'control-acts')", name=op.f('ck_library_document_kind_is_known')),
    sa.CheckConstraint("stage IN ('draft', 'agreement', 'in_force', 'done', 'repealed')", name=op.f('ck_library_document_stage_is_known')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_library_document_has_title')),
    sa.CheckConstraint('NOT is_mandatory OR starts_on IS NOT NULL', name=op.f('ck_library_document_mandatory_has_day')),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_library_document_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['about_agency_id'], ['agency.id'], name=op.f('fk_library_document_about_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_library_document_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_library_document_created_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_document')),
    sa.UniqueConstraint('form_token', name=op.f('uq_library_document_form_token'))
    )
    with op.batch_alter_table('library_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_library_document_about_agency_id'), ['about_agency_id'], unique=False)
        batch_op.create_index('ix_library_document_agency_id', ['agency_id', 'kind'], unique=False)
        batch_op.create_index('ix_library_document_kind', ['kind', 'id'], unique=False)

    op.create_table('publication',
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.Column('medium', sa.Enum('press', 'broadcast', 'site', 'social', 'stand', 'leaflet', 'meeting', name='medium', native_enum=False, length=40), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=False, comment='Which paper, site, stand'),
    sa.Column('link', sa.String(length=500), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Who is responsible: name and position as printed'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True, comment='Numbers begin anew with each calendar year'),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('annulled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_publication_annulled_has_reason')),
    sa.CheckConstraint("medium IN ('press', 'broadcast', 'site', 'social', 'stand', 'leaflet', 'meeting')", name=op.f('ck_publication_medium_is_known')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_publication_has_title')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_publication_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_publication_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_publication_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_publication_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_publication_created_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_publication_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_publication_form_token'))
    )
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index('ix_publication_agency_id_published_on', ['agency_id', 'published_on'], unique=False)

    op.create_table('resource',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Who keeps the line'),
    sa.Column('district_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('place', 'club', 'camp', 'trip', 'action', 'mentoring', 'practice', 'housing', 'specialist', 'other', name='resourcekind', native_enum=False, length=40), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('owner_name', sa.String(length=500), nullable=False, comment='Who offers it'),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('schedule', sa.String(length=500), nullable=False),
    sa.Column('contacts', sa.String(length=500), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False, comment='For whom, for how much'),
    sa.Column('capacity', sa.Integer(), nullable=True, comment='Places'),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("kind IN ('place', 'club', 'camp', 'trip', 'action', 'mentoring', 'practice', 'housing', 'specialist', 'other')", name=op.f('ck_resource_kind_is_known')),
    sa.CheckConstraint("title <> '' AND owner_name <> ''", name=op.f('ck_resource_has_title_and_owner')),
    sa.CheckConstraint('capacity IS NULL OR capacity BETWEEN 1 AND 100000', name=op.f('ck_resource_capacity_is_positive')),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_resource_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_resource_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_resource_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_resource_district_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource')),
    sa.UniqueConstraint('form_token', name=op.f('uq_resource_form_token'))
    )
    with op.batch_alter_table('resource', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resource_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resource_district_id'), ['district_id'], unique=False)
        batch_op.create_index('ix_resource_kind', ['kind', 'id'], unique=False)

    op.create_table('training',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('employee', sa.String(length=500), nullable=False, comment='Name and position; stays when the user leaves'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('organiser', sa.String(length=500), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=True),
    sa.Column('document', sa.String(length=500), nullable=False, comment='Certificate: number and date'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("employee <> '' AND title <> ''", name=op.f('ck_training_has_employee_and_title')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_training_ends_after_it_starts')),
    sa.CheckConstraint('hours IS NULL OR hours BETWEEN 1 AND 2000', name=op.f('ck_training_hours_are_1_to_2000')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_training_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_training_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_training_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training')),
    sa.UniqueConstraint('form_token', name=op.f('uq_training_form_token'))
    )
    with op.batch_alter_table('training', schema=None) as batch_op:
        batch_op.create_index('ix_training_agency_id_ends_on', ['agency_id', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_training_user_id'), ['user_id'], unique=False)

    op.create_table('benefit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Who helped to get it'),
    sa.Column('measure', sa.String(length=500), nullable=False, comment='Which assistance'),
    sa.Column('applied_on', sa.Date(), nullable=True),
    sa.Column('recognised_on', sa.Date(), nullable=True, comment='Day of the decision that recognises the need'),
    sa.Column('decision', sa.String(length=500), nullable=False, comment='Number and body of that decision'),
    sa.Column('granted_on', sa.Date(), nullable=True),
    sa.Column('amount', sa.Integer(), nullable=True, comment='Roubles, whole'),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='Until when it is paid'),
    sa.Column('refused_on', sa.Date(), nullable=True),
    sa.Column('refusal', sa.String(length=500), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_benefit_annulled_has_reason')),
    sa.CheckConstraint("(recognised_on IS NULL) = (decision = '')", name=op.f('ck_benefit_recognised_has_decision')),
    sa.CheckConstraint("measure <> ''", name=op.f('ck_benefit_has_measure')),
    sa.CheckConstraint("refused_on IS NULL OR (granted_on IS NULL AND refusal <> '')", name=op.f('ck_benefit_refused_has_reason')),
    sa.CheckConstraint('amount IS NULL OR amount BETWEEN 1 AND 100000000', name=op.f('ck_benefit_amount_is_positive')),
    sa.CheckConstraint('granted_on IS NULL OR applied_on IS NULL OR granted_on >= applied_on', name=op.f('ck_benefit_granted_after_application')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_benefit_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_benefit_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_benefit_graduate_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit')),
    sa.UniqueConstraint('form_token', name=op.f('uq_benefit_form_token'))
    )
    with op.batch_alter_table('benefit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_benefit_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_benefit_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('document_approval',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False, comment='Which edition was asked about; 0: none yet'),
    sa.Column('status', sa.Enum('asked', 'agreed', 'remarks', 'informed', name='approvalstatus', native_enum=False, length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('remarks', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('who', sa.String(length=500), nullable=False, comment='Who answered: name and position, as they were'),
    sa.CheckConstraint("(answered_at IS NULL) = (status IN ('asked', 'informed'))", name=op.f('ck_document_approval_answered_has_moment')),
    sa.CheckConstraint("status <> 'remarks' OR remarks <> ''", name=op.f('ck_document_approval_remarks_are_told')),
    sa.CheckConstraint("status IN ('asked', 'agreed', 'remarks', 'informed')", name=op.f('ck_document_approval_status_is_known')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_document_approval_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_document_approval_answered_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['document_id'], ['library_document.id'], name=op.f('fk_document_approval_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_approval')),
    sa.UniqueConstraint('document_id', 'agency_id', 'edition', name=op.f('uq_document_approval_document_id_agency_id_edition'))
    )
    with op.batch_alter_table('document_approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_approval_agency_id'), ['agency_id'], unique=False)

    op.create_table('document_edition',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False, comment='What is different'),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False, comment='As its bytes say, not its name'),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('number > 0', name=op.f('ck_document_edition_number_is_positive')),
    sa.CheckConstraint('size > 0', name=op.f('ck_document_edition_is_not_empty')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user_account.id'], name=op.f('fk_document_edition_added_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['document_id'], ['library_document.id'], name=op.f('fk_document_edition_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_edition')),
    sa.UniqueConstraint('document_id', 'number', name=op.f('uq_document_edition_document_id_number'))
    )
    with op.batch_alter_table('document_edition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_edition_sha256'), ['sha256'], unique=False)

    op.create_table('enrolment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('resource_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='The last day'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_enrolment_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_enrolment_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_enrolment_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_enrolment_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_enrolment_resource_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('form_token', name=op.f('uq_enrolment_form_token'))
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolment_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index('uq_enrolment_open', ['resource_id', 'graduate_id'], unique=True, sqlite_where=sa.text('ends_on IS NULL'), postgresql_where=sa.text('ends_on IS NULL'))

    op.create_table('housing_document',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('needed', 'requested', 'collected', 'handed_in', 'not_needed', name='paperstate', native_enum=False, length=40), nullable=False),
    sa.Column('got_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("state IN ('needed', 'requested', 'collected', 'handed_in', 'not_needed')", name=op.f('ck_housing_document_state_is_known')),
    sa.CheckConstraint("state NOT IN ('collected', 'handed_in') OR got_on IS NOT NULL", name=op.f('ck_housing_document_collected_has_day')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_housing_document_has_title')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_housing_document_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_housing_document_graduate_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_housing_document')),
    sa.UniqueConstraint('graduate_id', 'title', name=op.f('uq_housing_document_graduate_id_title'))
    )
    with op.batch_alter_table('housing_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_housing_document_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_housing_document_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('success_verdict',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('is_successful', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_success_verdict_has_reason')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_success_verdict_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_success_verdict_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_success_verdict_graduate_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_success_verdict')),
    sa.UniqueConstraint('form_token', name=op.f('uq_success_verdict_form_token'))
    )
    with op.batch_alter_table('success_verdict', schema=None) as batch_op:
        batch_op.create_index('ix_success_verdict_agency_id', ['agency_id', 'decided_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_success_verdict_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('curator_order',
    sa.Column('ordered_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.Enum('curator', 'mentor', 'district_specialist', name='assignmentkind', native_enum=False, length=40), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=500), nullable=False, comment='Who is appointed; stays when the user leaves'),
    sa.Column('position', sa.String(length=500), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='The last day'),
    sa.Column('ground', sa.String(length=500), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True, comment='Numbers begin anew with each calendar year'),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('annulled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_curator_order_annulled_has_reason')),
    sa.CheckConstraint("kind IN ('curator', 'mentor', 'district_specialist')", name=op.f('ck_curator_order_kind_is_known')),
    sa.CheckConstraint("name <> ''", name=op.f('ck_curator_order_has_name')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_curator_order_ends_after_it_starts')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_curator_order_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_curator_order_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_curator_order_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_curator_order_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_curator_order_assignment_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_curator_order_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_curator_order_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_curator_order_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_curator_order')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_curator_order_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_curator_order_form_token'))
    )
    with op.batch_alter_table('curator_order', schema=None) as batch_op:
        batch_op.create_index('ix_curator_order_agency_id_ordered_on', ['agency_id', 'ordered_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_curator_order_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_curator_order_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_curator_order_user_id'), ['user_id'], unique=False)

    op.create_table('submission',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('report', sa.String(length=40), nullable=False, comment='Code of the report'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_name', sa.String(length=500), nullable=False, comment='As it was called then'),
    sa.Column('period_key', sa.String(length=60), nullable=False, comment="2026-H2, 2026-11, 2026-10-01; of a specialist's report also whose: 2026-11/17"),
    sa.Column('period_from', sa.Date(), nullable=False, comment='First day of the period; the day itself of a list'),
    sa.Column('period_to', sa.Date(), nullable=False, comment='Last day of the period, or the day on which the list holds'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Whose monthly report it is'),
    sa.Column('options', sa.JSON(), nullable=False, comment="The report's own parameters"),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('previous_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The obligation for which it was drawn up'),
    sa.Column('status', sa.Enum('draft', 'approved', 'sent', 'accepted', 'partly', 'returned', name='submissionstatus', native_enum=False, length=40), nullable=False),
    sa.Column('is_nil', sa.Boolean(), nullable=False, comment='«Нет сведений»: an empty return is a valid one'),
    sa.Column('content', sa.JSON(), nullable=False, comment='Headings, figures, who was left out: all that is printed besides the rows'),
    sa.Column('texts', sa.JSON(), nullable=False, comment='Own words: difficulties, next plan …'),
    sa.Column('rules', sa.JSON(), nullable=False, comment='Regulations and their digests then'),
    sa.Column('sha256', sa.String(length=64), nullable=False, comment='Of everything that is frozen'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=False, comment='When the draft last read the cards'),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_by_name', sa.String(length=500), nullable=False, comment='Name and position, as they were'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(approved_at IS NULL) = (approved_by_name = '')", name=op.f('ck_submission_approved_has_name')),
    sa.CheckConstraint("(sent_at IS NULL) = (status IN ('draft', 'approved'))", name=op.f('ck_submission_sent_has_moment')),
    sa.CheckConstraint("(status = 'draft') = (approved_at IS NULL)", name=op.f('ck_submission_approved_has_moment')),
    sa.CheckConstraint("(status = 'draft') = (sha256 = '')", name=op.f('ck_submission_approved_has_digest')),
    sa.CheckConstraint("report <> '' AND title <> '' AND period_key <> ''", name=op.f('ck_submission_has_report_and_period')),
    sa.CheckConstraint("status IN ('draft', 'approved', 'sent', 'accepted', 'partly', 'returned')", name=op.f('ck_submission_status_is_known')),
    sa.CheckConstraint('(edition = 1) = (previous_id IS NULL)', name=op.f('ck_submission_later_edition_has_previous')),
    sa.CheckConstraint('edition > 0', name=op.f('ck_submission_edition_is_positive')),
    sa.CheckConstraint('period_from <= period_to', name=op.f('ck_submission_period_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_submission_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user_account.id'], name=op.f('fk_submission_approved_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_submission_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_submission_deadline_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['previous_id'], ['submission.id'], name=op.f('fk_submission_previous_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_submission_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('agency_id', 'report', 'period_key', 'edition', name=op.f('uq_submission_agency_id_report_period_key_edition')),
    sa.UniqueConstraint('form_token', name=op.f('uq_submission_form_token'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index('ix_submission_agency_id', ['agency_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_deadline_id'), ['deadline_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_previous_id'), ['previous_id'], unique=False)
        batch_op.create_index('ix_submission_report', ['report', 'period_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_specialist_id'), ['specialist_id'], unique=False)
        batch_op.create_index('uq_submission_draft', ['agency_id', 'report', 'period_key'], unique=True, sqlite_where=sa.text("status = 'draft'"), postgresql_where=sa.text("status = 'draft'"))

    op.create_table('discrepancy',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Of the guardianship'),
    sa.Column('second_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Of the social centre'),
    sa.Column('kind', sa.Enum('only_first', 'only_second', 'differs', name='discrepancykind', native_enum=False, length=40), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_key', sa.String(length=250), nullable=False, comment='Card or folded name and birth date'),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('column_key', sa.String(length=40), nullable=False, comment='Empty: one of them has no such person'),
    sa.Column('column_title', sa.String(length=500), nullable=False),
    sa.Column('first_value', sa.Text(), nullable=False),
    sa.Column('second_value', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('resolution', sa.String(length=500), nullable=False, comment='Who is right, what was corrected'),
    sa.CheckConstraint("(resolved_at IS NULL) = (resolution = '')", name=op.f('ck_discrepancy_resolved_has_resolution')),
    sa.CheckConstraint("kind IN ('only_first', 'only_second', 'differs')", name=op.f('ck_discrepancy_kind_is_known')),
    sa.CheckConstraint("name <> ''", name=op.f('ck_discrepancy_has_name')),
    sa.ForeignKeyConstraint(['first_id'], ['submission.id'], name=op.f('fk_discrepancy_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_discrepancy_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['user_account.id'], name=op.f('fk_discrepancy_resolved_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['second_id'], ['submission.id'], name=op.f('fk_discrepancy_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discrepancy')),
    sa.UniqueConstraint('first_id', 'second_id', 'person_key', 'column_key', name=op.f('uq_discrepancy_first_id_second_id_person_key_column_key'))
    )
    with op.batch_alter_table('discrepancy', schema=None) as batch_op:
        batch_op.create_index('ix_discrepancy_graduate_id', ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_discrepancy_second_id'), ['second_id'], unique=False)

    op.create_table('submission_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.Enum('drawn_up', 'refreshed', 'reworded', 'asked', 'approved', 'reopened', 'sent', 'received', 'accepted', 'partly', 'returned', 'revoked', name='submissionstep', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('who', sa.String(length=500), nullable=False, comment='Name and organisation, as they were'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint("step IN ('drawn_up', 'refreshed', 'reworded', 'asked', 'approved', 'reopened', 'sent', 'received', 'accepted', 'partly', 'returned', 'revoked')", name=op.f('ck_submission_event_step_is_known')),
    sa.CheckConstraint("who <> ''", name=op.f('ck_submission_event_has_who')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_submission_event_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_submission_event_submission_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_submission_event_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_event'))
    )
    with op.batch_alter_table('submission_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_event_submission_id'), ['submission_id'], unique=False)

    op.create_table('submission_recipient',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', sa.Enum('draft', 'approved', 'sent', 'accepted', 'partly', 'returned', name='submissionstatus', native_enum=False, length=40), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True, comment='First opened or registered there'),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('who', sa.String(length=500), nullable=False, comment='Who decided: name and organisation, as they were'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("(decided_at IS NULL) = (status = 'sent')", name=op.f('ck_submission_recipient_decided_has_moment')),
    sa.CheckConstraint("status IN ('draft', 'approved', 'sent', 'accepted', 'partly', 'returned')", name=op.f('ck_submission_recipient_status_is_known')),
    sa.CheckConstraint("status NOT IN ('draft', 'approved')", name=op.f('ck_submission_recipient_was_sent')),
    sa.CheckConstraint("status NOT IN ('partly', 'returned') OR note <> ''", name=op.f('ck_submission_recipient_returned_has_note')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_submission_recipient_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_submission_recipient_decided_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_submission_recipient_referral_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_submission_recipient_submission_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_recipient')),
    sa.UniqueConstraint('submission_id', 'agency_id', name=op.f('uq_submission_recipient_submission_id_agency_id'))
    )
    with op.batch_alter_table('submission_recipient', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_recipient_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_recipient_referral_id'), ['referral_id'], unique=False)

    op.create_table('submission_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('cells', sa.JSON(), nullable=False, comment='Column key → what the cards say'),
    sa.Column('wording', sa.JSON(), nullable=False, comment="Column key → the office's own words"),
    sa.Column('worded_over', sa.JSON(), nullable=False, comment='Column key → what the cards said when the own words were written'),
    sa.Column('state', sa.Enum('included', 'blocked', 'left_out', name='rowstate', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False, comment='Why it is blocked or left out'),
    sa.Column('is_by_hand', sa.Boolean(), nullable=False, comment='Left out by somebody, not by a rule'),
    sa.Column('change', sa.Enum('new', 'changed', 'same', 'gone', name='rowchange', native_enum=False, length=40), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False, comment='What differs from the last submission: column, was, now'),
    sa.CheckConstraint("change IN ('new', 'changed', 'same', 'gone')", name=op.f('ck_submission_row_change_is_known')),
    sa.CheckConstraint("name <> ''", name=op.f('ck_submission_row_has_name')),
    sa.CheckConstraint("state = 'included' OR reason <> ''", name=op.f('ck_submission_row_other_than_included_has_reason')),
    sa.CheckConstraint("state IN ('included', 'blocked', 'left_out')", name=op.f('ck_submission_row_state_is_known')),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_submission_row_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_submission_row_submission_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_row'))
    )
    with op.batch_alter_table('submission_row', schema=None) as batch_op:
        batch_op.create_index('ix_submission_row_graduate_id', ['graduate_id', 'submission_id'], unique=False)
        batch_op.create_index('ix_submission_row_submission_id', ['submission_id', 'position'], unique=False)

    op.create_table('returned_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recipient_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_returned_row_has_reason')),
    sa.ForeignKeyConstraint(['recipient_id'], ['submission_recipient.id'], name=op.f('fk_returned_row_recipient_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['row_id'], ['submission_row.id'], name=op.f('fk_returned_row_row_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returned_row')),
    sa.UniqueConstraint('recipient_id', 'row_id', name=op.f('uq_returned_row_recipient_id_row_id'))
    )
    with op.batch_alter_table('returned_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_returned_row_row_id'), ['row_id'], unique=False)

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notification_submission_id'), ['submission_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_submission_id'), 'submission', ['submission_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_notification_job_id'), 'job', ['job_id'], ['id'], ondelete='CASCADE')

    forbid_deleting()
    freeze_submissions()


def downgrade() -> None:
    unfreeze_submissions()
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_job_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_notification_submission_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_submission_id'))
        batch_op.drop_index(batch_op.f('ix_notification_job_id'))
        batch_op.drop_column('job_id')
        batch_op.drop_column('submission_id')

    with op.batch_alter_table('returned_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_returned_row_row_id'))

    op.drop_table('returned_row')
    with op.batch_alter_table('submission_row', schema=None) as batch_op:
        batch_op.drop_index('ix_submission_row_submission_id')
        batch_op.drop_index('ix_submission_row_graduate_id')

    op.drop_table('submission_row')
    with op.batch_alter_table('submission_recipient', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_recipient_referral_id'))
        batch_op.drop_index(batch_op.f('ix_submission_recipient_agency_id'))

    op.drop_table('submission_recipient')
    with op.batch_alter_table('submission_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_event_submission_id'))

    op.drop_table('submission_event')
    with op.batch_alter_table('discrepancy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_discrepancy_second_id'))
        batch_op.drop_index('ix_discrepancy_graduate_id')

    op.drop_table('discrepancy')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index('uq_submission_draft', sqlite_where=sa.text("status = 'draft'"), postgresql_where=sa.text("status = 'draft'"))
        batch_op.drop_index(batch_op.f('ix_submission_specialist_id'))
        batch_op.drop_index('ix_submission_report')
        batch_op.drop_index(batch_op.f('ix_submission_previous_id'))
        batch_op.drop_index(batch_op.f('ix_submission_deadline_id'))
        batch_op.drop_index('ix_submission_agency_id')

    op.drop_table('submission')
    with op.batch_alter_table('curator_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_curator_order_user_id'))
        batch_op.drop_index(batch_op.f('ix_curator_order_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_curator_order_assignment_id'))
        batch_op.drop_index('ix_curator_order_agency_id_ordered_on')

    op.drop_table('curator_order')
    with op.batch_alter_table('success_verdict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_success_verdict_graduate_id'))
        batch_op.drop_index('ix_success_verdict_agency_id')

    op.drop_table('success_verdict')
    with op.batch_alter_table('housing_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_housing_document_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_housing_document_agency_id'))

    op.drop_table('housing_document')
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index('uq_enrolment_open', sqlite_where=sa.text('ends_on IS NULL'), postgresql_where=sa.text('ends_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_enrolment_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_enrolment_agency_id'))

    op.drop_table('enrolment')
    with op.batch_alter_table('document_edition', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_edition_sha256'))

    op.drop_table('document_edition')
    with op.batch_alter_table('document_approval', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_approval_agency_id'))

    op.drop_table('document_approval')
    with op.batch_alter_table('benefit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_benefit_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_benefit_agency_id'))

    op.drop_table('benefit')
    with op.batch_alter_table('training', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_user_id'))
        batch_op.drop_index('ix_training_agency_id_ends_on')

    op.drop_table('training')
    with op.batch_alter_table('resource', schema=None) as batch_op:
        batch_op.drop_index('ix_resource_kind')
        batch_op.drop_index(batch_op.f('ix_resource_district_id'))
        batch_op.drop_index(batch_op.f('ix_resource_agency_id'))

    op.drop_table('resource')
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index('ix_publication_agency_id_published_on')

    op.drop_table('publication')
    with op.batch_alter_table('library_document', schema=None) as batch_op:
        batch_op.drop_index('ix_library_document_kind')
        batch_op.drop_index('ix_library_document_agency_id')
        batch_op.drop_index(batch_op.f('ix_library_document_about_agency_id'))

    op.drop_table('library_document')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_state')
        batch_op.drop_index('ix_job_owner_id')
        batch_op.drop_index(batch_op.f('ix_job_agency_id'))

    op.drop_table('job')
    op.execute(f"DELETE FROM journal_counter WHERE journal IN {NEW_JOURNALS}")
    op.execute(f"UPDATE file_index SET journal = NULL WHERE journal IN {NEW_JOURNALS}")
    op.execute(f"DELETE FROM notification WHERE kind IN {NEW_NOTICES}")
    op.execute(f"DELETE FROM notification_setting WHERE kind IN {NEW_NOTICES}")
    allow('notification_setting', 'kind', NOTICES)
    allow('notification', 'kind', NOTICES)
    allow('journal_counter', 'journal', JOURNALS)
