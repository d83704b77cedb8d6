"""Keep regulations and deadlines

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
Timeouts of locks and statements are set in env.py; a long change is split so that it never waits with a lock held.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('calendar_day',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_working', sa.Boolean(), nullable=False),
    sa.Column('basis', sa.String(length=500), nullable=False, comment='What the day is: a holiday, «перенос 8 марта»'),
    sa.Column('source', sa.Enum('shipped', 'administrator', name='daysource', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False, comment='Why the administrator departs from what was shipped'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("source <> 'administrator' OR reason <> ''", name=op.f('ck_calendar_day_administrators_day_has_reason')),
    sa.CheckConstraint("source IN ('shipped', 'administrator')", name=op.f('ck_calendar_day_source_is_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_day')),
    sa.UniqueConstraint('day', name=op.f('uq_calendar_day_day'))
    )
    op.create_table('clock_part',
    sa.Column('first_id', sa.Integer(), autoincrement=False, nullable=False, comment='The lowest card number of the part'),
    sa.Column('fingerprint', sa.String(length=64), nullable=False, comment='SHA-256: unchanged, there is nothing to do that day'),
    sa.PrimaryKeyConstraint('first_id', name=op.f('pk_clock_part'))
    )
    op.create_table('calendar_year',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum('decreed', 'computed', name='yearkind', native_enum=False, length=40), nullable=False, comment='Computed by art. 112 of the Labour Code until the decree is there'),
    sa.Column('basis', sa.String(length=500), nullable=False, comment='The decree that moves days off'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("kind IN ('decreed', 'computed')", name=op.f('ck_calendar_year_kind_is_known')),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_calendar_year'))
    )
    op.create_table('regulation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('short_title', sa.String(length=200), nullable=False),
    sa.Column('issuer', sa.String(length=500), nullable=False),
    sa.Column('number', sa.String(length=500), nullable=False),
    sa.Column('adopted_on', sa.Date(), nullable=True),
    sa.Column('territory', sa.String(length=500), nullable=False),
    sa.Column('in_force_from', sa.Date(), nullable=False),
    sa.Column('in_force_to', sa.Date(), nullable=True),
    sa.CheckConstraint("title <> ''", name=op.f('ck_regulation_has_title')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regulation')),
    sa.UniqueConstraint('code', name=op.f('uq_regulation_code'))
    )
    op.create_table('agency_regulation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('regulation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_agency_regulation_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_regulation_agency_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], name=op.f('fk_agency_regulation_regulation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_regulation')),
    sa.UniqueConstraint('agency_id', 'regulation_id', 'starts_on', name=op.f('uq_agency_regulation_agency_id_regulation_id_starts_on'))
    )
    with op.batch_alter_table('agency_regulation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agency_regulation_regulation_id'), ['regulation_id'], unique=False)

    op.create_table('role_binding',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('regulation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('district_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='For people of this district only; empty: everywhere'),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_role_binding_agency_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_role_binding_district_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], name=op.f('fk_role_binding_regulation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_binding')),
    sa.UniqueConstraint('regulation_id', 'role', 'agency_id', name=op.f('uq_role_binding_regulation_id_role_agency_id'))
    )
    with op.batch_alter_table('role_binding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_binding_agency_id'), ['agency_id'], unique=False)

    op.create_table('deadline_rule',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('regulation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=90), nullable=False, comment='regulation/code: the same in all versions'),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('is_current', sa.Boolean(), nullable=False, comment='The newest version; only it makes obligations'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('clause', sa.String(length=60), nullable=False),
    sa.Column('clause_occurrence', sa.Integer(), nullable=False, comment='A number may repeat inside a document'),
    sa.Column('clause_heading', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.Enum('window', 'period', 'quota', 'event', 'standing', name='rulekind', native_enum=False, length=40), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False, comment='models.rule_terms.RuleTerms'),
    sa.Column('in_force_from', sa.Date(), nullable=False),
    sa.Column('in_force_to', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False, comment='Why this version was made'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('window', 'period', 'quota', 'event', 'standing')", name=op.f('ck_deadline_rule_kind_is_known')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_deadline_rule_has_title')),
    sa.CheckConstraint('in_force_to IS NULL OR in_force_to >= in_force_from', name=op.f('ck_deadline_rule_in_force_to_follows_from')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_deadline_rule_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], name=op.f('fk_deadline_rule_regulation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_rule')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_deadline_rule_key_version'))
    )
    with op.batch_alter_table('deadline_rule', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_rule_regulation_id', ['regulation_id', 'is_current'], unique=False)
        batch_op.create_index('uq_deadline_rule_current', ['key'], unique=True, sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))

    op.create_table('feed_token',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_feed_token_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_feed_token_digest'))
    )
    with op.batch_alter_table('feed_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_token_user_id'), ['user_id'], unique=False)

    op.create_table('notification_setting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('opened', 'due_soon', 'overdue', 'urgent', 'recomputed', 'expected', 'calendar', name='noticekind', native_enum=False, length=40), nullable=False),
    sa.Column('is_shown', sa.Boolean(), nullable=False),
    sa.Column('is_mailed', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('opened', 'due_soon', 'overdue', 'urgent', 'recomputed', 'expected', 'calendar')", name=op.f('ck_notification_setting_kind_is_known')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_notification_setting_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_setting')),
    sa.UniqueConstraint('user_id', 'kind', name=op.f('uq_notification_setting_user_id_kind'))
    )
    op.create_table('regulation_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('regulation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.Enum('file', 'editor', name='versionsource', native_enum=False, length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 of the content: the same file makes no version'),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False, comment='Why it was changed'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("source IN ('file', 'editor')", name=op.f('ck_regulation_version_source_is_known')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_regulation_version_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['regulation_id'], ['regulation.id'], name=op.f('fk_regulation_version_regulation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regulation_version')),
    sa.UniqueConstraint('regulation_id', 'number', name=op.f('uq_regulation_version_regulation_id_number'))
    )
    op.create_table('rule_switch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_key', sa.String(length=90), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False, comment='Duties that arise from this day on are not asked for'),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_rule_switch_has_reason')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_rule_switch_agency_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_rule_switch_created_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_switch')),
    sa.UniqueConstraint('rule_key', 'agency_id', name=op.f('uq_rule_switch_rule_key_agency_id'))
    )
    with op.batch_alter_table('rule_switch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_switch_agency_id'), ['agency_id'], unique=False)

    op.create_table('deadline',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_key', sa.String(length=90), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Obliged'),
    sa.Column('recipient_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recipient_text', sa.String(length=500), nullable=False, comment='The recipient in words, where it is none of our organisations'),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subject', sa.String(length=80), nullable=False, comment='g12, placement:7, with >r3 for a recipient'),
    sa.Column('period', sa.String(length=20), nullable=False, comment='2026, 2026-H2, 2026-Q3, 2026-11'),
    sa.Column('event_on', sa.Date(), nullable=True, comment='The day from which the term runs'),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('nominal_on', sa.Date(), nullable=False, comment='Before a day off moves it'),
    sa.Column('due_on', sa.Date(), nullable=False, comment='Legal date: the last day on which it is done in time'),
    sa.Column('control_on', sa.Date(), nullable=False, comment='Our earlier reminder'),
    sa.Column('soon_on', sa.Date(), nullable=False, comment='From this day it is «скоро»'),
    sa.Column('is_provisional', sa.Boolean(), nullable=False, comment="The year's calendar is not decreed yet"),
    sa.Column('required', sa.Integer(), nullable=False),
    sa.Column('achieved', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True, comment='The day of the evidence that completed it'),
    sa.Column('closing', sa.Enum('waived', 'not_applicable', name='closing', native_enum=False, length=40), nullable=True),
    sa.Column('closing_reason', sa.String(length=500), nullable=False),
    sa.Column('closed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: the system, because the fact is gone'),
    sa.Column('paused_on', sa.Date(), nullable=True),
    sa.Column('pause_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(closing IS NULL) = (closing_reason = '')", name=op.f('ck_deadline_closed_has_reason')),
    sa.CheckConstraint("(paused_on IS NULL) = (pause_reason = '')", name=op.f('ck_deadline_paused_has_reason')),
    sa.CheckConstraint("closing IN ('waived', 'not_applicable')", name=op.f('ck_deadline_closing_is_known')),
    sa.CheckConstraint('(done_on IS NULL) = (achieved < required)', name=op.f('ck_deadline_done_when_all_is_achieved')),
    sa.CheckConstraint('opens_on <= due_on', name=op.f('ck_deadline_opens_before_it_is_due')),
    sa.CheckConstraint('required > 0 AND achieved >= 0', name=op.f('ck_deadline_required_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_deadline_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user_account.id'], name=op.f('fk_deadline_closed_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_deadline_graduate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['recipient_id'], ['agency.id'], name=op.f('fk_deadline_recipient_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['rule_id'], ['deadline_rule.id'], name=op.f('fk_deadline_rule_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_deadline_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline')),
    sa.UniqueConstraint('rule_key', 'agency_id', 'subject', 'period', name=op.f('uq_deadline_rule_key_agency_id_subject_period'))
    )
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_agency_id', ['agency_id', 'due_on'], unique=False)
        batch_op.create_index('ix_deadline_due_on', ['due_on', 'agency_id'], unique=False)
        batch_op.create_index('ix_deadline_open', ['agency_id', 'due_on'], unique=False, sqlite_where=sa.text('done_on IS NULL AND closing IS NULL'), postgresql_where=sa.text('done_on IS NULL AND closing IS NULL'))
        batch_op.create_index('ix_deadline_graduate_id', ['graduate_id', 'due_on'], unique=False)
        batch_op.create_index('ix_deadline_recipient_id', ['recipient_id', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_deadline_rule_id'), ['rule_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deadline_user_id'), ['user_id'], unique=False)

    op.create_table('occurrence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trigger', sa.Enum('placement.ended', 'placement.planned_end', 'graduate.left', 'birthday.16', 'birthday.18', 'birthday.23', 'category.crisis', 'category.active', 'category.stable', 'category.decided', 'problem.found', 'problem.urgent', 'study.admitted', 'study.finished', 'study.leave_started', 'study.leave_ends', 'card.changed', 'graduate.arrived', 'housing.lease_ends', 'section.checked', 'agreement.ends', 'consent.ends', 'document.expires', 'application.received', 'application.registered', 'contract.started', 'contract.ends', 'request.received', 'service.applied', 'intake.received', 'decision.adopted', 'council.changed', 'difficulty.arose', 'obligation.breached', 'leaving_list.formed', 'readiness.assessed', 'contact.made', 'referral.sent', 'support.started', name='trigger', native_enum=False, length=40), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The other side: who asked, to whom it was sent'),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('number', sa.String(length=500), nullable=False, comment='Number of the paper'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('annulled_on', sa.Date(), nullable=True),
    sa.Column('annulled_reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_occurrence_annulled_has_reason')),
    sa.CheckConstraint("trigger IN ('placement.ended', 'placement.planned_end', 'graduate.left', 'birthday.16', 'birthday.18', 'birthday.23', 'category.crisis', 'category.active', 'category.stable', 'category.decided', 'problem.found', 'problem.urgent', 'study.admitted', 'study.finished', 'study.leave_started', 'study.leave_ends', 'card.changed', 'graduate.arrived', 'housing.lease_ends', 'section.checked', 'agreement.ends', 'consent.ends', 'document.expires', 'application.received', 'application.registered', 'contract.started', 'contract.ends', 'request.received', 'service.applied', 'intake.received', 'decision.adopted', 'council.changed', 'difficulty.arose', 'obligation.breached', 'leaving_list.formed', 'readiness.assessed', 'contact.made', 'referral.sent', 'support.started')", name=op.f('ck_occurrence_trigger_is_known')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_occurrence_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_occurrence_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_occurrence_graduate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['agency.id'], name=op.f('fk_occurrence_other_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occurrence'))
    )
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.create_index('ix_occurrence_agency_id', ['agency_id', 'happened_on'], unique=False)
        batch_op.create_index('ix_occurrence_graduate_id', ['graduate_id'], unique=False)
        batch_op.create_index('ix_occurrence_trigger_happened_on', ['trigger', 'happened_on'], unique=False)

    op.create_table('deadline_evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('submission', 'referral', 'notice', 'reply', 'contract', 'plan', 'registration', 'refusal', 'meeting', 'session', 'report', 'service', 'order', 'publication', 'material', 'assignment', 'review', 'mentor', 'consent', 'section_check', 'examination', 'assessment', 'monitoring', 'contact', 'act', 'conclusion', 'analysis', 'agreement', 'approval', 'acknowledgement', 'information', 'rating', 'remedy', name='evidencekind', native_enum=False, length=40), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False, comment='consent:5, assignment:7; mark:… by hand'),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('number', sa.String(length=500), nullable=False, comment='Outgoing number, number of the document'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('is_nil', sa.Boolean(), nullable=False, comment='A nil return: «нет сведений»'),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('submission', 'referral', 'notice', 'reply', 'contract', 'plan', 'registration', 'refusal', 'meeting', 'session', 'report', 'service', 'order', 'publication', 'material', 'assignment', 'review', 'mentor', 'consent', 'section_check', 'examination', 'assessment', 'monitoring', 'contact', 'act', 'conclusion', 'analysis', 'agreement', 'approval', 'acknowledgement', 'information', 'rating', 'remedy')", name=op.f('ck_deadline_evidence_kind_is_known')),
    sa.CheckConstraint("reference <> ''", name=op.f('ck_deadline_evidence_has_reference')),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_deadline_evidence_deadline_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['noted_by_id'], ['user_account.id'], name=op.f('fk_deadline_evidence_noted_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_evidence')),
    sa.UniqueConstraint('deadline_id', 'reference', name=op.f('uq_deadline_evidence_deadline_id_reference'))
    )
    op.create_table('notification',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('opened', 'due_soon', 'overdue', 'urgent', 'recomputed', 'expected', 'calendar', name='noticekind', native_enum=False, length=40), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False, comment='The same thing is told once'),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True, comment='Went out in a digest'),
    sa.CheckConstraint("kind IN ('opened', 'due_soon', 'overdue', 'urgent', 'recomputed', 'expected', 'calendar')", name=op.f('ck_notification_kind_is_known')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_notification_has_text')),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_notification_deadline_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_notification_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_notification_user_id_key'))
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notification_deadline_id'), ['deadline_id'], unique=False)
        batch_op.create_index('ix_notification_user_id_read_at', ['user_id', 'read_at', 'at'], unique=False)




def downgrade() -> None:

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_user_id_read_at')
        batch_op.drop_index(batch_op.f('ix_notification_deadline_id'))

    op.drop_table('notification')
    op.drop_table('deadline_evidence')
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.drop_index('ix_occurrence_trigger_happened_on')
        batch_op.drop_index('ix_occurrence_graduate_id')
        batch_op.drop_index('ix_occurrence_agency_id')

    op.drop_table('occurrence')
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deadline_user_id'))
        batch_op.drop_index(batch_op.f('ix_deadline_rule_id'))
        batch_op.drop_index('ix_deadline_recipient_id')
        batch_op.drop_index('ix_deadline_graduate_id')
        batch_op.drop_index('ix_deadline_open', sqlite_where=sa.text('done_on IS NULL AND closing IS NULL'), postgresql_where=sa.text('done_on IS NULL AND closing IS NULL'))
        batch_op.drop_index('ix_deadline_due_on')
        batch_op.drop_index('ix_deadline_agency_id')

    op.drop_table('deadline')
    with op.batch_alter_table('rule_switch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rule_switch_agency_id'))

    op.drop_table('rule_switch')
    op.drop_table('regulation_version')
    op.drop_table('notification_setting')
    with op.batch_alter_table('feed_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_token_user_id'))

    op.drop_table('feed_token')
    with op.batch_alter_table('deadline_rule', schema=None) as batch_op:
        batch_op.drop_index('uq_deadline_rule_current', sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))
        batch_op.drop_index('ix_deadline_rule_regulation_id')

    op.drop_table('deadline_rule')
    with op.batch_alter_table('role_binding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_binding_agency_id'))

    op.drop_table('role_binding')
    with op.batch_alter_table('agency_regulation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agency_regulation_regulation_id'))

    op.drop_table('agency_regulation')
    op.drop_table('regulation')
    op.drop_table('calendar_year')
    op.drop_table('clock_part')
    op.drop_table('calendar_day')

