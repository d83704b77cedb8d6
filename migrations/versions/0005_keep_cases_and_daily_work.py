"""Keep cases, plans, daily work and papers

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
Timeouts of locks and statements are set in env.py; a long change is split so that it never waits with a lock held.
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

STAGES = ('application', 'contract', 'plan', 'support', 'conclusion', 'removed')
# A number once given stays in its journal, whoever writes to the database.
NUMBERED = (
    'application', 'appeal', 'conclusion', 'consultation', 'consultation_minutes', 'contract', 'group_session',
    'housing_survey', 'plan', 'refusal', 'support_episode', 'urgent_act', 'visit',
)
SENTENCE = 'a numbered record is annulled, never deleted'


def forbid_deleting() -> None:
    """Graduate was not rebuilt but altered in place, for the sake of the triggers of its search."""
    if op.get_bind().dialect.name == 'sqlite':
        for table in NUMBERED:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} WHEN old.number IS NOT NULL "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION keep_numbered() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{SENTENCE}' "
        "USING ERRCODE = 'restrict_violation'; END $$ LANGUAGE plpgsql"
    )
    for table in NUMBERED:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW WHEN (old.number IS NOT NULL) "
            "EXECUTE FUNCTION keep_numbered()"
        )


def allow_deleting() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for table in NUMBERED:
            op.execute(f"DROP TRIGGER {table}_is_kept")
        return
    for table in NUMBERED:
        op.execute(f"DROP TRIGGER {table}_is_kept ON {table}")
    op.execute("DROP FUNCTION keep_numbered()")


def upgrade() -> None:
    op.create_table('declined_form',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('man', 'woman', 'position', name='declinedkind', native_enum=False, length=40), nullable=False),
    sa.Column('nominative', sa.String(length=500), nullable=False),
    sa.Column('genitive', sa.String(length=500), nullable=False, comment='в лице кого'),
    sa.Column('dative', sa.String(length=500), nullable=False, comment='кому'),
    sa.Column('accusative', sa.String(length=500), nullable=False, comment='назначить кого'),
    sa.Column('instrumental', sa.String(length=500), nullable=False, comment='с кем'),
    sa.Column('is_checked', sa.Boolean(), nullable=False, comment='Somebody has looked at it'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("kind IN ('man', 'woman', 'position')", name=op.f('ck_declined_form_kind_is_known')),
    sa.CheckConstraint("nominative <> ''", name=op.f('ck_declined_form_has_nominative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declined_form')),
    sa.UniqueConstraint('kind', 'nominative', name=op.f('uq_declined_form_kind_nominative'))
    )
    op.create_table('direction',
    sa.Column('code', sa.String(length=40), nullable=False, comment='Stable: records, packs and files use it'),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_retired', sa.Boolean(), nullable=False, comment='Not offered for new records'),
    sa.CheckConstraint("code <> ''", name=op.f('ck_direction_has_code')),
    sa.CheckConstraint("label <> ''", name=op.f('ck_direction_has_label')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_direction'))
    )
    op.create_table('file_index',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False, comment='«05-12»'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('journal', sa.Enum('applications', 'contracts', 'refusals', 'accepted', 'group-sessions', 'consultations', 'appeals', 'visits', 'services', 'consultation-minutes', 'plans', 'conclusions', 'surveys', 'urgent-acts', name='journal', native_enum=False, length=40), nullable=True, comment='The journal kept under this index'),
    sa.Column('keep_years', sa.Integer(), nullable=False, comment='Years of keeping (domain §8.4)'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("code <> '' AND title <> ''", name=op.f('ck_file_index_has_code_and_title')),
    sa.CheckConstraint("journal IS NULL OR journal <> ''", name=op.f('ck_file_index_journal_is_not_blank')),
    sa.CheckConstraint('keep_years BETWEEN 1 AND 100', name=op.f('ck_file_index_kept_1_to_100_years')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_file_index_agency_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_index')),
    sa.UniqueConstraint('agency_id', 'code', name=op.f('uq_file_index_agency_id_code'))
    )
    op.create_table('journal_counter',
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('journal', sa.Enum('applications', 'contracts', 'refusals', 'accepted', 'group-sessions', 'consultations', 'appeals', 'visits', 'services', 'consultation-minutes', 'plans', 'conclusions', 'surveys', 'urgent-acts', name='journal', native_enum=False, length=40), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('starts_after', sa.Integer(), nullable=False, comment='The last number of the paper journal kept before us'),
    sa.CheckConstraint("journal IN ('applications', 'contracts', 'refusals', 'accepted', 'group-sessions', 'consultations', 'appeals', 'visits', 'services', 'consultation-minutes', 'plans', 'conclusions', 'surveys', 'urgent-acts')", name=op.f('ck_journal_counter_journal_is_known')),
    sa.CheckConstraint('last_number >= starts_after', name=op.f('ck_journal_counter_counts_upwards')),
    sa.CheckConstraint('starts_after >= 0', name=op.f('ck_journal_counter_starts_at_one_or_later')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_journal_counter_agency_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('agency_id', 'journal', 'year', name=op.f('pk_journal_counter'))
    )
    op.create_table('group_session',
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True, comment='How long it lasted'),
    sa.Column('topic', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.Enum('training', 'practice', 'meeting', 'thematic', 'employment_centre', 'programme', 'seminar', 'leisure', name='sessionkind', native_enum=False, length=40), nullable=False),
    sa.Column('programme', sa.String(length=500), nullable=False, comment='«Ты не один» …'),
    sa.Column('place', sa.String(length=500), nullable=False),
    sa.Column('invited', sa.String(length=500), nullable=False, comment='Specialists of other organisations'),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('service_kind_code', sa.String(length=40), nullable=True, comment="Of each participant's service"),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_group_session_annulled_has_reason')),
    sa.CheckConstraint("kind IN ('training', 'practice', 'meeting', 'thematic', 'employment_centre', 'programme', 'seminar', 'leisure')", name=op.f('ck_group_session_kind_is_known')),
    sa.CheckConstraint("topic <> ''", name=op.f('ck_group_session_has_topic')),
    sa.CheckConstraint('minutes IS NULL OR minutes BETWEEN 1 AND 1440', name=op.f('ck_group_session_lasts_a_day_at_most')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_group_session_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_group_session_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_group_session_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_group_session_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_group_session_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['service_kind_code'], ['service_kind.code'], name=op.f('fk_group_session_service_kind_code')),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_group_session_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_session')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_group_session_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_group_session_form_token'))
    )
    with op.batch_alter_table('group_session', schema=None) as batch_op:
        batch_op.create_index('ix_group_session_agency_id_held_on', ['agency_id', 'held_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_session_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('paper_template',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('paper', sa.String(length=40), nullable=False, comment='Code of the paper'),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("paper <> ''", name=op.f('ck_paper_template_has_paper')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['user_account.id'], name=op.f('fk_paper_template_uploaded_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_template')),
    sa.UniqueConstraint('paper', name=op.f('uq_paper_template_paper'))
    )
    op.create_table('appeal',
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('received_time', sa.Time(), nullable=True),
    sa.Column('channel_code', sa.String(length=40), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('wanted_kind_code', sa.String(length=40), nullable=True, comment='Kind of help asked for'),
    sa.Column('urgency', sa.Enum('ordinary', 'urgent', 'at_once', name='urgency', native_enum=False, length=40), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False, comment='«Принятое решение, оказанная помощь»'),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('outcome_code', sa.String(length=40), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_appeal_annulled_has_reason')),
    sa.CheckConstraint("content <> ''", name=op.f('ck_appeal_has_content')),
    sa.CheckConstraint("urgency IN ('ordinary', 'urgent', 'at_once')", name=op.f('ck_appeal_urgency_is_known')),
    sa.CheckConstraint('(done_on IS NULL) = (outcome_code IS NULL)', name=op.f('ck_appeal_done_has_outcome')),
    sa.CheckConstraint('done_on IS NULL OR done_on >= received_on', name=op.f('ck_appeal_done_after_it_was_received')),
    sa.CheckConstraint('due_on IS NULL OR due_on >= received_on', name=op.f('ck_appeal_due_after_it_was_received')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_appeal_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_appeal_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_appeal_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_appeal_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['channel_code'], ['channel.code'], name=op.f('fk_appeal_channel_code')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_appeal_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_appeal_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['outcome_code'], ['outcome.code'], name=op.f('fk_appeal_outcome_code')),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_appeal_specialist_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['wanted_kind_code'], ['service_kind.code'], name=op.f('fk_appeal_wanted_kind_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_appeal_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_appeal_form_token'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index('ix_appeal_agency_id_received_on', ['agency_id', 'received_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('application',
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('channel_code', sa.String(length=40), nullable=True),
    sa.Column('request', sa.Text(), nullable=False, comment="What help is asked for, in the graduate's words"),
    sa.Column('directions', sa.String(length=500), nullable=False, comment='Codes of directions asked for, by spaces'),
    sa.Column('documents', sa.Text(), nullable=False, comment='What was handed in: one paper in a line'),
    sa.Column('is_identity_shown', sa.Boolean(), nullable=False, comment='The identity document was shown (aistenok 8)'),
    sa.Column('right_ground_code', sa.String(length=40), nullable=True),
    sa.Column('right_document', sa.String(length=500), nullable=False, comment='Order of leaving, act of guardianship: number and date'),
    sa.Column('received_by', sa.String(length=500), nullable=False, comment='Who took it in: name and position'),
    sa.Column('answer_by', sa.String(length=500), nullable=False, comment='How the graduate wants to be told'),
    sa.Column('registered_on', sa.Date(), nullable=True),
    sa.Column('notified_on', sa.Date(), nullable=True),
    sa.Column('notified_how', sa.String(length=500), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True, comment='The graduate took it back before a decision'),
    sa.Column('note', sa.Text(), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_application_annulled_has_reason')),
    sa.CheckConstraint('(number IS NULL) = (year IS NULL)', name=op.f('ck_application_number_has_year')),
    sa.CheckConstraint('(registered_on IS NULL) = (number IS NULL)', name=op.f('ck_application_registered_has_number')),
    sa.CheckConstraint('notified_on IS NULL OR notified_on >= received_on', name=op.f('ck_application_notified_after_it_was_received')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_application_number_is_positive')),
    sa.CheckConstraint('registered_on IS NULL OR registered_on >= received_on', name=op.f('ck_application_registered_after_it_was_received')),
    sa.CheckConstraint('withdrawn_on IS NULL OR withdrawn_on >= received_on', name=op.f('ck_application_withdrawn_after_it_was_received')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_application_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_application_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['channel_code'], ['channel.code'], name=op.f('fk_application_channel_code')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_application_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_application_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['right_ground_code'], ['exit_ground.code'], name=op.f('fk_application_right_ground_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_application_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_application_form_token'))
    )
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index('ix_application_agency_id_received_on', ['agency_id', 'received_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('identity', 'status', 'application', 'contract', 'plan', 'consent', 'conclusion', 'act', 'minutes', 'health', 'housing', 'education', 'letter', 'other', name='attachmentkind', native_enum=False, length=40), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('document_on', sa.Date(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False, comment='Sheets, for the inventory'),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False, comment='As its bytes say, not its name'),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False, comment='Table of the record it belongs to'),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('removed_reason', sa.String(length=500), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(removed_on IS NULL) = (removed_reason = '')", name=op.f('ck_attachment_removed_has_reason')),
    sa.CheckConstraint("kind IN ('identity', 'status', 'application', 'contract', 'plan', 'consent', 'conclusion', 'act', 'minutes', 'health', 'housing', 'education', 'letter', 'other')", name=op.f('ck_attachment_kind_is_known')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_attachment_has_title')),
    sa.CheckConstraint('size > 0', name=op.f('ck_attachment_is_not_empty')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user_account.id'], name=op.f('fk_attachment_added_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_attachment_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_attachment_graduate_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('form_token', name=op.f('uq_attachment_form_token'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index('ix_attachment_subject', ['subject', 'subject_id'], unique=False)

    op.create_table('consultation',
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.Enum('talk', 'informing', 'legal', 'psychological', 'pedagogical', 'social', 'employment', 'medical', 'diagnostics', name='consultationkind', native_enum=False, length=40), nullable=False),
    sa.Column('channel_code', sa.String(length=40), nullable=True, comment='In person, by phone …'),
    sa.Column('topic', sa.String(length=500), nullable=False),
    sa.Column('content', sa.Text(), nullable=False, comment='«Содержание помощи, рекомендации»'),
    sa.Column('outcome_code', sa.String(length=40), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_consultation_annulled_has_reason')),
    sa.CheckConstraint("kind IN ('talk', 'informing', 'legal', 'psychological', 'pedagogical', 'social', 'employment', 'medical', 'diagnostics')", name=op.f('ck_consultation_kind_is_known')),
    sa.CheckConstraint("topic <> ''", name=op.f('ck_consultation_has_topic')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_consultation_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_consultation_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_consultation_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_consultation_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['channel_code'], ['channel.code'], name=op.f('fk_consultation_channel_code')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_consultation_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_consultation_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['outcome_code'], ['outcome.code'], name=op.f('fk_consultation_outcome_code')),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_consultation_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_consultation_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_consultation_form_token'))
    )
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.create_index('ix_consultation_agency_id_held_on', ['agency_id', 'held_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('examination',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('number', sa.String(length=500), nullable=False),
    sa.Column('commission', sa.String(length=500), nullable=False),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_examination_annulled_has_reason')),
    sa.CheckConstraint("number <> ''", name=op.f('ck_examination_has_number')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= held_on', name=op.f('ck_examination_valid_after_it_was_held')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_examination_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_examination_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_examination_graduate_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_examination')),
    sa.UniqueConstraint('form_token', name=op.f('uq_examination_form_token'))
    )
    with op.batch_alter_table('examination', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_examination_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_examination_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('group_participant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_group_participant_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['session_id'], ['group_session.id'], name=op.f('fk_group_participant_session_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_participant')),
    sa.UniqueConstraint('session_id', 'graduate_id', name=op.f('uq_group_participant_session_id_graduate_id'))
    )
    with op.batch_alter_table('group_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_participant_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('monitoring_card',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('filled_on', sa.Date(), nullable=False),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_monitoring_card_annulled_has_reason')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_monitoring_card_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_monitoring_card_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_monitoring_card_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_monitoring_card_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monitoring_card')),
    sa.UniqueConstraint('form_token', name=op.f('uq_monitoring_card_form_token'))
    )
    with op.batch_alter_table('monitoring_card', schema=None) as batch_op:
        batch_op.create_index('ix_monitoring_card_agency_id_filled_on', ['agency_id', 'filled_on'], unique=False)
        batch_op.create_index('uq_monitoring_card_day', ['graduate_id', 'agency_id', 'filled_on'], unique=True, sqlite_where=sa.text('annulled_on IS NULL'), postgresql_where=sa.text('annulled_on IS NULL'))
        batch_op.create_index(batch_op.f('ix_monitoring_card_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_monitoring_card_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('personal_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='Runs through the years of the organisation'),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('index_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint('closed_on IS NULL OR closed_on >= opened_on', name=op.f('ck_personal_file_closed_after_it_was_opened')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_personal_file_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_personal_file_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['index_id'], ['file_index.id'], name=op.f('fk_personal_file_index_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_file')),
    sa.UniqueConstraint('agency_id', 'graduate_id', name=op.f('uq_personal_file_agency_id_graduate_id')),
    sa.UniqueConstraint('agency_id', 'number', name=op.f('uq_personal_file_agency_id_number'))
    )
    with op.batch_alter_table('personal_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_file_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_personal_file_index_id'), ['index_id'], unique=False)

    op.create_table('readiness_assessment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('examination', sa.String(length=500), nullable=False, comment='ПМПК: number and date'),
    sa.Column('is_final', sa.Boolean(), nullable=False, comment='«Итоговая оценка»'),
    sa.Column('recommendations', sa.Text(), nullable=False),
    sa.Column('sent_to', sa.String(length=500), nullable=False, comment='To whom, outgoing number'),
    sa.Column('sent_on', sa.Date(), nullable=True),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_readiness_assessment_annulled_has_reason')),
    sa.CheckConstraint('sent_on IS NULL OR sent_on >= assessed_on', name=op.f('ck_readiness_assessment_sent_after_it_was_made')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_readiness_assessment_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_readiness_assessment_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_readiness_assessment_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_readiness_assessment_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readiness_assessment')),
    sa.UniqueConstraint('form_token', name=op.f('uq_readiness_assessment_form_token'))
    )
    with op.batch_alter_table('readiness_assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readiness_assessment_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_readiness_assessment_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_readiness_assessment_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('urgent_act',
    sa.Column('provided_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False, comment='What happened'),
    sa.Column('source', sa.String(length=500), nullable=False, comment='Application of the person, or which organisation told'),
    sa.Column('is_signed', sa.Boolean(), nullable=False, comment='By the recipient'),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_urgent_act_annulled_has_reason')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_urgent_act_has_reason')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_urgent_act_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_urgent_act_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_urgent_act_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_urgent_act_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_urgent_act_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_urgent_act_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_urgent_act_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_urgent_act')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_urgent_act_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_urgent_act_form_token'))
    )
    with op.batch_alter_table('urgent_act', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_urgent_act_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_urgent_act_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('visit',
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('purpose', sa.String(length=500), nullable=False),
    sa.Column('category_code', sa.String(length=40), nullable=True, comment='On that day'),
    sa.Column('is_opened', sa.Boolean(), nullable=False, comment='«дверь открыта»: the person was met'),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('companions', sa.String(length=500), nullable=False, comment='Other specialists'),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_visit_annulled_has_reason')),
    sa.CheckConstraint("purpose <> ''", name=op.f('ck_visit_has_purpose')),
    sa.CheckConstraint('next_on IS NULL OR next_on > visited_on', name=op.f('ck_visit_next_visit_is_later')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_visit_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_visit_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_visit_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_visit_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['category_code'], ['support_category.code'], name=op.f('fk_visit_category_code')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_visit_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_visit_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_visit_specialist_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_visit_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_visit_form_token'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index('ix_visit_agency_id_visited_on', ['agency_id', 'visited_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_specialist_id'), ['specialist_id'], unique=False)

    op.create_table('consultation_minutes',
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drawn_on', sa.Date(), nullable=False),
    sa.Column('time_from', sa.Time(), nullable=True),
    sa.Column('time_to', sa.Time(), nullable=True),
    sa.Column('place', sa.String(length=500), nullable=False),
    sa.Column('present', sa.String(length=500), nullable=False),
    sa.Column('initiative', sa.String(length=500), nullable=False, comment='«Повод (по инициативе …)»'),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('course', sa.Text(), nullable=False, comment='«Ход, сведения со слов»'),
    sa.Column('explained', sa.Text(), nullable=False),
    sa.Column('recommendations', sa.Text(), nullable=False),
    sa.Column('agreements', sa.Text(), nullable=False, comment='«Что / Кто / Срок», one in a line'),
    sa.Column('referred_to', sa.String(length=500), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('is_signed', sa.Boolean(), nullable=False, comment='By the graduate'),
    sa.Column('is_remote', sa.Boolean(), nullable=False, comment='«дистанционно» instead of a signature'),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_consultation_minutes_annulled_has_reason')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_consultation_minutes_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_consultation_minutes_number_is_positive')),
    sa.CheckConstraint('time_to IS NULL OR time_from IS NULL OR time_to >= time_from', name=op.f('ck_consultation_minutes_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_consultation_minutes_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_consultation_minutes_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultation.id'], name=op.f('fk_consultation_minutes_consultation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_consultation_minutes_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_consultation_minutes_graduate_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation_minutes')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_consultation_minutes_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_consultation_minutes_form_token'))
    )
    with op.batch_alter_table('consultation_minutes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_minutes_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index('uq_consultation_minutes_standing', ['consultation_id'], unique=True, sqlite_where=sa.text('annulled_on IS NULL'), postgresql_where=sa.text('annulled_on IS NULL'))

    op.create_table('contract',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place', sa.String(length=500), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False, comment='The last day; never past the last eligible day (domain §8.5)'),
    sa.Column('signatory', sa.String(length=500), nullable=False, comment='Who signs for the organisation: position and name, as in «в лице …»'),
    sa.Column('signatory_basis', sa.String(length=500), nullable=False, comment='«Устава», «доверенности № 3 от 01.02.2026»'),
    sa.Column('legal_status_code', sa.String(length=40), nullable=True),
    sa.Column('right_ground_code', sa.String(length=40), nullable=True),
    sa.Column('right_document', sa.String(length=500), nullable=False),
    sa.Column('category_code', sa.String(length=40), nullable=True, comment='On the day of signing'),
    sa.Column('curator', sa.String(length=500), nullable=False, comment='Name, position, phone'),
    sa.Column('curator_order', sa.String(length=500), nullable=False, comment='Order: number and date'),
    sa.Column('guardianship_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('guardian', sa.String(length=500), nullable=False, comment='Who consents for somebody under age: name and document'),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('handed_on', sa.Date(), nullable=True, comment='The graduate got a copy'),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('termination_ground_code', sa.String(length=40), nullable=True),
    sa.Column('termination_note', sa.String(length=500), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_contract_annulled_has_reason')),
    sa.CheckConstraint('(ended_on IS NULL) = (termination_ground_code IS NULL)', name=op.f('ck_contract_ended_has_ground')),
    sa.CheckConstraint('(number IS NULL) = (year IS NULL)', name=op.f('ck_contract_number_has_year')),
    sa.CheckConstraint('(signed_on IS NULL) = (number IS NULL)', name=op.f('ck_contract_signed_has_number')),
    sa.CheckConstraint('copies BETWEEN 1 AND 9', name=op.f('ck_contract_copies_are_1_to_9')),
    sa.CheckConstraint('ended_on IS NULL OR ended_on >= signed_on', name=op.f('ck_contract_ended_after_it_was_signed')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_contract_ends_after_it_starts')),
    sa.CheckConstraint('handed_on IS NULL OR handed_on >= signed_on', name=op.f('ck_contract_handed_after_it_was_signed')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_contract_number_is_positive')),
    sa.CheckConstraint('signed_on IS NULL OR starts_on >= signed_on', name=op.f('ck_contract_starts_when_it_is_signed')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_contract_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_contract_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_contract_application_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['category_code'], ['support_category.code'], name=op.f('fk_contract_category_code')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_contract_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_contract_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['guardianship_id'], ['agency.id'], name=op.f('fk_contract_guardianship_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['legal_status_code'], ['legal_status.code'], name=op.f('fk_contract_legal_status_code')),
    sa.ForeignKeyConstraint(['right_ground_code'], ['exit_ground.code'], name=op.f('fk_contract_right_ground_code')),
    sa.ForeignKeyConstraint(['termination_ground_code'], ['termination_ground.code'], name=op.f('fk_contract_termination_ground_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_contract_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_contract_form_token'))
    )
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.create_index('ix_contract_agency_id_ends_on', ['agency_id', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index('uq_contract_open', ['graduate_id', 'agency_id'], unique=True, sqlite_where=sa.text('number IS NOT NULL AND ended_on IS NULL AND annulled_on IS NULL'), postgresql_where=sa.text('number IS NOT NULL AND ended_on IS NULL AND annulled_on IS NULL'))

    op.create_table('housing_survey',
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('surveyed_on', sa.Date(), nullable=False),
    sa.Column('ground', sa.String(length=500), nullable=False, comment='Planned or not, and why'),
    sa.Column('commission', sa.Text(), nullable=False, comment='Name and position, one in a line'),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('cohabitants', sa.Text(), nullable=False, comment='Kinship, name, year of birth, one in a line'),
    sa.Column('dwelling', sa.String(length=500), nullable=False, comment='Flat, room, place; floor'),
    sa.Column('area_total', sa.Integer(), nullable=True, comment='Square metres'),
    sa.Column('area_living', sa.Integer(), nullable=True),
    sa.Column('rooms', sa.Integer(), nullable=True),
    sa.Column('title_right', sa.String(length=500), nullable=False, comment='Owned, leased until …, dormitory …'),
    sa.Column('amenities', sa.String(length=500), nullable=False, comment='Water, heating, sewerage, gas, electricity'),
    sa.Column('sanitary', sa.Text(), nullable=False),
    sa.Column('belongings', sa.Text(), nullable=False, comment='Furniture, appliances, bed, food'),
    sa.Column('utility_debt', sa.String(length=500), nullable=False),
    sa.Column('income', sa.String(length=500), nullable=False),
    sa.Column('relations', sa.Text(), nullable=False),
    sa.Column('children', sa.Text(), nullable=False),
    sa.Column('risks', sa.Text(), nullable=False),
    sa.Column('own_housing', sa.Text(), nullable=False, comment='Whether the assigned or own dwelling is kept safe'),
    sa.Column('own_words', sa.Text(), nullable=False, comment='«Со слов выпускника»'),
    sa.Column('outcome', sa.Enum('fit', 'needs_work', 'unfit', name='surveyoutcome', native_enum=False, length=40), nullable=False),
    sa.Column('recommendations', sa.Text(), nullable=False),
    sa.Column('recommended_until', sa.Date(), nullable=True),
    sa.Column('is_agreed', sa.Boolean(), nullable=False, comment='The person agreed to the visit and signed'),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_housing_survey_annulled_has_reason')),
    sa.CheckConstraint("outcome IN ('fit', 'needs_work', 'unfit')", name=op.f('ck_housing_survey_outcome_is_known')),
    sa.CheckConstraint('area_total IS NULL OR area_total >= 0', name=op.f('ck_housing_survey_area_is_not_negative')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_housing_survey_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_housing_survey_number_is_positive')),
    sa.CheckConstraint('rooms IS NULL OR rooms BETWEEN 0 AND 50', name=op.f('ck_housing_survey_rooms_are_0_to_50')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_housing_survey_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_housing_survey_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_housing_survey_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_housing_survey_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_housing_survey_specialist_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_housing_survey_visit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_housing_survey')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_housing_survey_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_housing_survey_form_token'))
    )
    with op.batch_alter_table('housing_survey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_housing_survey_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_housing_survey_specialist_id'), ['specialist_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_housing_survey_visit_id'), ['visit_id'], unique=False)

    op.create_table('monitoring_score',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('card_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False, comment="Code of the pack's indicator"),
    sa.Column('title', sa.String(length=500), nullable=False, comment='As it was called then'),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('value IS NULL OR value BETWEEN 0 AND 9', name=op.f('ck_monitoring_score_value_is_0_to_9')),
    sa.ForeignKeyConstraint(['card_id'], ['monitoring_card.id'], name=op.f('fk_monitoring_score_card_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monitoring_score')),
    sa.UniqueConstraint('card_id', 'indicator', name=op.f('uq_monitoring_score_card_id_indicator'))
    )
    op.create_table('readiness_score',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sphere', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint('value BETWEEN 0 AND 2', name=op.f('ck_readiness_score_value_is_0_to_2')),
    sa.ForeignKeyConstraint(['assessment_id'], ['readiness_assessment.id'], name=op.f('fk_readiness_score_assessment_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readiness_score')),
    sa.UniqueConstraint('assessment_id', 'sphere', name=op.f('uq_readiness_score_assessment_id_sphere'))
    )
    op.create_table('refusal',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('graduate', 'agency', name='refusalkind', native_enum=False, length=40), nullable=False),
    sa.Column('refused_on', sa.Date(), nullable=False),
    sa.Column('reason_code', sa.String(length=40), nullable=True, comment='Why there is no right'),
    sa.Column('graduate_reason_code', sa.String(length=40), nullable=True, comment='The graduate need not give one'),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('clause', sa.String(length=500), nullable=False, comment="Of the organisation's regulation"),
    sa.Column('notified_on', sa.Date(), nullable=True),
    sa.Column('notified_how', sa.String(length=500), nullable=False),
    sa.Column('is_return_explained', sa.Boolean(), nullable=False, comment='Told that one may apply again'),
    sa.Column('responsible', sa.String(length=500), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_refusal_annulled_has_reason')),
    sa.CheckConstraint("(kind = 'agency') = (reason_code IS NOT NULL)", name=op.f('ck_refusal_agencys_refusal_has_reason')),
    sa.CheckConstraint("kind = 'graduate' OR graduate_reason_code IS NULL", name=op.f('ck_refusal_graduates_reason_is_the_graduates')),
    sa.CheckConstraint("kind IN ('graduate', 'agency')", name=op.f('ck_refusal_kind_is_known')),
    sa.CheckConstraint('notified_on IS NULL OR notified_on >= refused_on', name=op.f('ck_refusal_notified_after_it_was_refused')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_refusal_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_refusal_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_refusal_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_refusal_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_refusal_application_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_refusal_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_refusal_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_reason_code'], ['graduate_refusal_reason.code'], name=op.f('fk_refusal_graduate_reason_code')),
    sa.ForeignKeyConstraint(['reason_code'], ['refusal_reason.code'], name=op.f('fk_refusal_reason_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refusal')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_refusal_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_refusal_form_token'))
    )
    with op.batch_alter_table('refusal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refusal_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refusal_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('contract_amendment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('old_ends_on', sa.Date(), nullable=True),
    sa.Column('new_ends_on', sa.Date(), nullable=True, comment='Empty: the term stays'),
    sa.CheckConstraint("subject <> ''", name=op.f('ck_contract_amendment_has_subject')),
    sa.CheckConstraint('number > 0', name=op.f('ck_contract_amendment_number_is_positive')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_amendment_contract_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_amendment')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_contract_amendment_contract_id_number'))
    )
    op.create_table('contract_suspension',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ground_code', sa.String(length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='The last day of the pause'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_contract_suspension_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_suspension_contract_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['ground_code'], ['termination_ground.code'], name=op.f('fk_contract_suspension_ground_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_suspension'))
    )
    with op.batch_alter_table('contract_suspension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_suspension_contract_id'), ['contract_id'], unique=False)

    op.create_table('plan',
    sa.Column('kind', sa.Enum('individual', 'social_services', 'joint', name='plankind', native_enum=False, length=40), nullable=False),
    sa.Column('state', sa.Enum('draft', 'review', 'approved', 'closed', name='planstate', native_enum=False, length=40), nullable=False),
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('previous_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('edition_reason', sa.String(length=500), nullable=False, comment='Why a new edition: after a year, at the end of the contract …'),
    sa.Column('goals', sa.Text(), nullable=False, comment="In the graduate's own words (kizil, principle 1)"),
    sa.Column('resources', sa.Text(), nullable=False, comment='Strengths and people to lean on (kizil, principle 7)'),
    sa.Column('curator', sa.String(length=500), nullable=False),
    sa.Column('foreign_number', sa.String(length=500), nullable=False, comment='Of an ИППСУ issued by somebody else: number and date'),
    sa.Column('foreign_issuer', sa.String(length=500), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=True, comment='ИППСУ: at least once in three years (442-ФЗ, art. 16)'),
    sa.Column('agreed_on', sa.Date(), nullable=True, comment='The graduate agreed and signed'),
    sa.Column('submitted_on', sa.Date(), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True),
    sa.Column('approved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closing_note', sa.Text(), nullable=False, comment='Analysis of what was done (kizil stage 3)'),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_plan_annulled_has_reason')),
    sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f('ck_plan_closed_has_day')),
    sa.CheckConstraint("(state IN ('approved', 'closed')) = (number IS NOT NULL)", name=op.f('ck_plan_approved_has_number')),
    sa.CheckConstraint("kind IN ('individual', 'social_services', 'joint')", name=op.f('ck_plan_kind_is_known')),
    sa.CheckConstraint("state IN ('draft', 'review', 'approved', 'closed')", name=op.f('ck_plan_state_is_known')),
    sa.CheckConstraint('(edition = 1) = (previous_id IS NULL)', name=op.f('ck_plan_later_edition_has_previous')),
    sa.CheckConstraint('(number IS NULL) = (approved_on IS NULL)', name=op.f('ck_plan_approved_has_day')),
    sa.CheckConstraint('(number IS NULL) = (year IS NULL)', name=op.f('ck_plan_number_has_year')),
    sa.CheckConstraint('edition > 0', name=op.f('ck_plan_edition_is_positive')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_plan_ends_after_it_starts')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_plan_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_plan_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_plan_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user_account.id'], name=op.f('fk_plan_approved_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_plan_contract_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_plan_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_plan_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['previous_id'], ['plan.id'], name=op.f('fk_plan_previous_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_plan_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_plan_form_token')),
    sa.UniqueConstraint('previous_id', name=op.f('uq_plan_previous_id'))
    )
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.create_index('ix_plan_agency_id_ends_on', ['agency_id', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('support_episode',
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('accepted_on', sa.Date(), nullable=False),
    sa.Column('origin', sa.String(length=500), nullable=False, comment='From where the person left, or who told of him'),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('removal_ground_code', sa.String(length=40), nullable=True),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_support_episode_annulled_has_reason')),
    sa.CheckConstraint('(removed_on IS NULL) = (removal_ground_code IS NULL)', name=op.f('ck_support_episode_removed_has_ground')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_support_episode_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_support_episode_number_is_positive')),
    sa.CheckConstraint('removed_on IS NULL OR removed_on >= accepted_on', name=op.f('ck_support_episode_removed_after_it_was_accepted')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_support_episode_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_support_episode_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_support_episode_contract_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_support_episode_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_support_episode_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['removal_ground_code'], ['termination_ground.code'], name=op.f('fk_support_episode_removal_ground_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_episode')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_support_episode_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_support_episode_form_token'))
    )
    with op.batch_alter_table('support_episode', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_episode_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_support_episode_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index('uq_support_episode_open', ['graduate_id', 'agency_id'], unique=True, sqlite_where=sa.text('removed_on IS NULL AND annulled_on IS NULL'), postgresql_where=sa.text('removed_on IS NULL AND annulled_on IS NULL'))

    op.create_table('conclusion',
    sa.Column('contract_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_to', sa.Date(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False, comment='Measures of the plan when it was approved'),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('done_partly', sa.Integer(), nullable=False),
    sa.Column('not_done', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('category_from_code', sa.String(length=40), nullable=True),
    sa.Column('category_to_code', sa.String(length=40), nullable=True),
    sa.Column('score_from', sa.Integer(), nullable=True, comment='Points of the first monitoring card of the period'),
    sa.Column('score_to', sa.Integer(), nullable=True, comment='Points of the last one'),
    sa.Column('results', sa.Text(), nullable=False, comment='Result by each direction'),
    sa.Column('achieved', sa.Text(), nullable=False),
    sa.Column('unresolved', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Enum('stop', 'extend', 'pass_on', 'other', name='conclusionoutcome', native_enum=False, length=40), nullable=False),
    sa.Column('recommendations', sa.Text(), nullable=False),
    sa.Column('own_opinion', sa.Text(), nullable=False, comment="The graduate's"),
    sa.Column('curator', sa.String(length=500), nullable=False),
    sa.Column('approved_on', sa.Date(), nullable=True, comment='Signed by the curator and the head'),
    sa.Column('approved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_signed_on', sa.Date(), nullable=True),
    sa.Column('handed_on', sa.Date(), nullable=True),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_conclusion_annulled_has_reason')),
    sa.CheckConstraint("outcome IN ('stop', 'extend', 'pass_on', 'other')", name=op.f('ck_conclusion_outcome_is_known')),
    sa.CheckConstraint('(approved_on IS NULL) = (number IS NULL)', name=op.f('ck_conclusion_approved_has_number')),
    sa.CheckConstraint('(number IS NULL) = (year IS NULL)', name=op.f('ck_conclusion_number_has_year')),
    sa.CheckConstraint('graduate_signed_on IS NULL OR graduate_signed_on >= approved_on', name=op.f('ck_conclusion_graduate_signs_what_is_approved')),
    sa.CheckConstraint('handed_on IS NULL OR handed_on >= approved_on', name=op.f('ck_conclusion_handed_after_it_was_approved')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_conclusion_number_is_positive')),
    sa.CheckConstraint('period_to >= period_from', name=op.f('ck_conclusion_period_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_conclusion_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_conclusion_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user_account.id'], name=op.f('fk_conclusion_approved_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['category_from_code'], ['support_category.code'], name=op.f('fk_conclusion_category_from_code')),
    sa.ForeignKeyConstraint(['category_to_code'], ['support_category.code'], name=op.f('fk_conclusion_category_to_code')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_conclusion_contract_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_conclusion_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_conclusion_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_conclusion_plan_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conclusion')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_conclusion_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_conclusion_form_token'))
    )
    with op.batch_alter_table('conclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conclusion_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conclusion_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conclusion_plan_id'), ['plan_id'], unique=False)

    op.create_table('measure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('direction_code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('expected', sa.Text(), nullable=False, comment='«Содержание, ожидаемый результат»'),
    sa.Column('service_kind_code', sa.String(length=40), nullable=True),
    sa.Column('volume', sa.String(length=500), nullable=False, comment='«Объём предоставления услуги» of an ИППСУ'),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('periodicity', sa.String(length=500), nullable=False),
    sa.Column('executor', sa.String(length=500), nullable=False),
    sa.Column('partners', sa.String(length=500), nullable=False, comment='«Привлекаемые организации»'),
    sa.Column('status', sa.Enum('planned', 'in_work', 'done', 'done_partly', 'not_done', 'refused', 'moved', 'excluded', name='measurestatus', native_enum=False, length=40), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('refused_on', sa.Date(), nullable=True),
    sa.Column('refusal_reason_code', sa.String(length=40), nullable=True),
    sa.Column('refusal_note', sa.String(length=500), nullable=False),
    sa.Column('is_refusal_signed', sa.Boolean(), nullable=False),
    sa.Column('carried_from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The line of the edition before'),
    sa.Column('template_code', sa.String(), nullable=False, comment="regulation/code of the pack's measure"),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(status = 'refused') = (refused_on IS NOT NULL)", name=op.f('ck_measure_refused_has_day')),
    sa.CheckConstraint("(status IN ('done', 'done_partly')) = (done_on IS NOT NULL)", name=op.f('ck_measure_done_has_day')),
    sa.CheckConstraint("status IN ('planned', 'in_work', 'done', 'done_partly', 'not_done', 'refused', 'moved', 'excluded')", name=op.f('ck_measure_status_is_known')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_measure_has_title')),
    sa.CheckConstraint('refused_on IS NULL OR is_refusal_signed', name=op.f('ck_measure_refusal_is_signed')),
    sa.CheckConstraint('starts_on IS NULL OR due_on IS NULL OR due_on >= starts_on', name=op.f('ck_measure_due_after_it_starts')),
    sa.ForeignKeyConstraint(['carried_from_id'], ['measure.id'], name=op.f('fk_measure_carried_from_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['direction_code'], ['direction.code'], name=op.f('fk_measure_direction_code')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_measure_plan_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['refusal_reason_code'], ['graduate_refusal_reason.code'], name=op.f('fk_measure_refusal_reason_code')),
    sa.ForeignKeyConstraint(['service_kind_code'], ['service_kind.code'], name=op.f('fk_measure_service_kind_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure'))
    )
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measure_carried_from_id'), ['carried_from_id'], unique=False)
        batch_op.create_index('ix_measure_plan_id_position', ['plan_id', 'position'], unique=False)
        batch_op.create_index('ix_measure_status_due_on', ['status', 'due_on'], unique=False)

    op.create_table('plan_comment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_return', sa.Boolean(), nullable=False, comment='With it the plan went back to its author'),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_plan_comment_has_text')),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_plan_comment_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_comment_plan_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_comment'))
    )
    with op.batch_alter_table('plan_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_comment_plan_id'), ['plan_id'], unique=False)

    op.create_table('plan_partner',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_plan_partner_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_partner_plan_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_partner')),
    sa.UniqueConstraint('plan_id', 'agency_id', name=op.f('uq_plan_partner_plan_id_agency_id'))
    )
    with op.batch_alter_table('plan_partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_partner_agency_id'), ['agency_id'], unique=False)

    op.create_table('plan_sphere',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sphere', sa.String(length=500), nullable=False),
    sa.Column('situation', sa.Text(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('resources', sa.Text(), nullable=False),
    sa.Column('need', sa.Text(), nullable=False),
    sa.CheckConstraint("sphere <> ''", name=op.f('ck_plan_sphere_has_sphere')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_sphere_plan_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_sphere'))
    )
    with op.batch_alter_table('plan_sphere', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_sphere_plan_id'), ['plan_id'], unique=False)

    op.create_table('plan_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('measure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_on', sa.Date(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('ground', sa.String(length=500), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("what <> ''", name=op.f('ck_plan_change_has_what')),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_plan_change_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_plan_change_measure_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_change_plan_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_change'))
    )
    with op.batch_alter_table('plan_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_change_measure_id'), ['measure_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_change_plan_id'), ['plan_id'], unique=False)

    op.create_table('service_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provided_on', sa.Date(), nullable=False),
    sa.Column('kind_code', sa.String(length=40), nullable=False),
    sa.Column('form_code', sa.String(length=40), nullable=True, comment='Follows housing (syzran 4.3–4.5)'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(length=500), nullable=False),
    sa.Column('measure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('appeal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('urgent_act_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('specialist', sa.String(length=500), nullable=False, comment='Name and position as printed; stays when the user leaves'),
    sa.Column('specialist_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_service_record_annulled_has_reason')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_service_record_has_title')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 1000', name=op.f('ck_service_record_quantity_is_1_to_1000')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_service_record_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_service_record_appeal_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultation.id'], name=op.f('fk_service_record_consultation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_service_record_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['form_code'], ['service_form.code'], name=op.f('fk_service_record_form_code')),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_service_record_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['kind_code'], ['service_kind.code'], name=op.f('fk_service_record_kind_code')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_service_record_measure_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['session_id'], ['group_session.id'], name=op.f('fk_service_record_session_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['specialist_id'], ['user_account.id'], name=op.f('fk_service_record_specialist_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['urgent_act_id'], ['urgent_act.id'], name=op.f('fk_service_record_urgent_act_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_service_record_visit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_record')),
    sa.UniqueConstraint('form_token', name=op.f('uq_service_record_form_token'))
    )
    with op.batch_alter_table('service_record', schema=None) as batch_op:
        batch_op.create_index('ix_service_record_agency_id_provided_on', ['agency_id', 'provided_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_appeal_id'), ['appeal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_consultation_id'), ['consultation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index('ix_service_record_graduate_id_provided_on', ['graduate_id', 'provided_on'], unique=False)
        batch_op.create_index('ix_service_record_measure_id', ['measure_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_specialist_id'), ['specialist_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_urgent_act_id'), ['urgent_act_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_record_visit_id'), ['visit_id'], unique=False)

    checked = "CONSTRAINT ck_graduate_stage_is_known CHECK (stage IN ({}))".format(", ".join(f"'{s}'" for s in STAGES))
    op.execute(f"ALTER TABLE graduate ADD COLUMN stage VARCHAR(40) {checked}")
    op.add_column('graduate', sa.Column('support_ends_on', sa.Date(), nullable=True, comment='The last day of the contract in force'))
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("COMMENT ON COLUMN graduate.stage IS 'How far support has come'")
    op.create_index('ix_graduate_stage', 'graduate', ['stage', 'name_key', 'id'], unique=False)
    forbid_deleting()



def downgrade() -> None:
    allow_deleting()
    op.drop_index('ix_graduate_stage', table_name='graduate')
    op.execute("ALTER TABLE graduate DROP COLUMN support_ends_on")
    op.execute("ALTER TABLE graduate DROP COLUMN stage")

    with op.batch_alter_table('service_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_record_visit_id'))
        batch_op.drop_index(batch_op.f('ix_service_record_urgent_act_id'))
        batch_op.drop_index(batch_op.f('ix_service_record_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_service_record_session_id'))
        batch_op.drop_index('ix_service_record_measure_id')
        batch_op.drop_index('ix_service_record_graduate_id_provided_on')
        batch_op.drop_index(batch_op.f('ix_service_record_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_service_record_consultation_id'))
        batch_op.drop_index(batch_op.f('ix_service_record_appeal_id'))
        batch_op.drop_index('ix_service_record_agency_id_provided_on')

    op.drop_table('service_record')
    with op.batch_alter_table('plan_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_change_plan_id'))
        batch_op.drop_index(batch_op.f('ix_plan_change_measure_id'))

    op.drop_table('plan_change')
    with op.batch_alter_table('plan_sphere', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_sphere_plan_id'))

    op.drop_table('plan_sphere')
    with op.batch_alter_table('plan_partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_partner_agency_id'))

    op.drop_table('plan_partner')
    with op.batch_alter_table('plan_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_comment_plan_id'))

    op.drop_table('plan_comment')
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.drop_index('ix_measure_status_due_on')
        batch_op.drop_index('ix_measure_plan_id_position')
        batch_op.drop_index(batch_op.f('ix_measure_carried_from_id'))

    op.drop_table('measure')
    with op.batch_alter_table('conclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conclusion_plan_id'))
        batch_op.drop_index(batch_op.f('ix_conclusion_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_conclusion_contract_id'))

    op.drop_table('conclusion')
    with op.batch_alter_table('support_episode', schema=None) as batch_op:
        batch_op.drop_index('uq_support_episode_open', sqlite_where=sa.text('removed_on IS NULL AND annulled_on IS NULL'), postgresql_where=sa.text('removed_on IS NULL AND annulled_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_support_episode_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_support_episode_contract_id'))

    op.drop_table('support_episode')
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_plan_contract_id'))
        batch_op.drop_index('ix_plan_agency_id_ends_on')

    op.drop_table('plan')
    with op.batch_alter_table('contract_suspension', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_suspension_contract_id'))

    op.drop_table('contract_suspension')
    op.drop_table('contract_amendment')
    with op.batch_alter_table('refusal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_refusal_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_refusal_application_id'))

    op.drop_table('refusal')
    op.drop_table('readiness_score')
    op.drop_table('monitoring_score')
    with op.batch_alter_table('housing_survey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_housing_survey_visit_id'))
        batch_op.drop_index(batch_op.f('ix_housing_survey_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_housing_survey_graduate_id'))

    op.drop_table('housing_survey')
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.drop_index('uq_contract_open', sqlite_where=sa.text('number IS NOT NULL AND ended_on IS NULL AND annulled_on IS NULL'), postgresql_where=sa.text('number IS NOT NULL AND ended_on IS NULL AND annulled_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_contract_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_contract_application_id'))
        batch_op.drop_index('ix_contract_agency_id_ends_on')

    op.drop_table('contract')
    with op.batch_alter_table('consultation_minutes', schema=None) as batch_op:
        batch_op.drop_index('uq_consultation_minutes_standing', sqlite_where=sa.text('annulled_on IS NULL'), postgresql_where=sa.text('annulled_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_consultation_minutes_graduate_id'))

    op.drop_table('consultation_minutes')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_visit_graduate_id'))
        batch_op.drop_index('ix_visit_agency_id_visited_on')

    op.drop_table('visit')
    with op.batch_alter_table('urgent_act', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_urgent_act_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_urgent_act_graduate_id'))

    op.drop_table('urgent_act')
    with op.batch_alter_table('readiness_assessment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_readiness_assessment_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_readiness_assessment_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_readiness_assessment_agency_id'))

    op.drop_table('readiness_assessment')
    with op.batch_alter_table('personal_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_file_index_id'))
        batch_op.drop_index(batch_op.f('ix_personal_file_graduate_id'))

    op.drop_table('personal_file')
    with op.batch_alter_table('monitoring_card', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_monitoring_card_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_monitoring_card_graduate_id'))
        batch_op.drop_index('uq_monitoring_card_day', sqlite_where=sa.text('annulled_on IS NULL'), postgresql_where=sa.text('annulled_on IS NULL'))
        batch_op.drop_index('ix_monitoring_card_agency_id_filled_on')

    op.drop_table('monitoring_card')
    with op.batch_alter_table('group_participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_participant_graduate_id'))

    op.drop_table('group_participant')
    with op.batch_alter_table('examination', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_examination_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_examination_agency_id'))

    op.drop_table('examination')
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consultation_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_consultation_graduate_id'))
        batch_op.drop_index('ix_consultation_agency_id_held_on')

    op.drop_table('consultation')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_attachment_subject')
        batch_op.drop_index(batch_op.f('ix_attachment_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_attachment_agency_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_graduate_id'))
        batch_op.drop_index('ix_application_agency_id_received_on')

    op.drop_table('application')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_specialist_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_graduate_id'))
        batch_op.drop_index('ix_appeal_agency_id_received_on')

    op.drop_table('appeal')
    op.drop_table('paper_template')
    with op.batch_alter_table('group_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_session_specialist_id'))
        batch_op.drop_index('ix_group_session_agency_id_held_on')

    op.drop_table('group_session')
    op.drop_table('journal_counter')
    op.drop_table('file_index')
    op.drop_table('direction')
    op.drop_table('declined_form')
