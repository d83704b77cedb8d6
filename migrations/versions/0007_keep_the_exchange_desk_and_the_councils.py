"""Keep the exchange desk and the councils

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
Timeouts of locks and statements are set in env.py; a long change is split so that it never waits with a lock held.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


NEW_JOURNALS = ('incoming', 'outgoing', 'notices', 'meetings')
JOURNALS = (
    'applications', 'contracts', 'refusals', 'accepted', 'group-sessions', 'consultations', 'appeals', 'visits',
    'services', 'consultation-minutes', 'plans', 'conclusions', 'surveys', 'urgent-acts',
)
NEW_NOTICES = ('letter', 'emergency')
NOTICES = ('opened', 'due_soon', 'overdue', 'urgent', 'recomputed', 'expected', 'calendar')
# A number once given stays in its journal, whoever writes to the database (0005 made the function).
NUMBERED = ('incoming_letter', 'meeting', 'outgoing_letter')
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


def upgrade() -> None:
    allow('journal_counter', 'journal', (*JOURNALS, *NEW_JOURNALS))
    allow('notification', 'kind', (*NOTICES, *NEW_NOTICES))
    allow('notification_setting', 'kind', (*NOTICES, *NEW_NOTICES))
    op.create_table('body',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Who keeps it'),
    sa.Column('key', sa.String(length=90), nullable=False, comment='Of the pack: primer-2027/council'),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('quorum_part', sa.Integer(), nullable=False, comment='A sitting is valid with quorum_part / quorum_of of all'),
    sa.Column('quorum_of', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('approved_on', sa.Date(), nullable=True, comment='Its membership was agreed with the department (vologda 4.12)'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("name <> ''", name=op.f('ck_body_has_name')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_body_ends_after_it_starts')),
    sa.CheckConstraint('quorum_of > 0 AND quorum_part BETWEEN 0 AND quorum_of', name=op.f('ck_body_quorum_is_a_part')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_body_agency_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_body')),
    sa.UniqueConstraint('agency_id', 'name', name=op.f('uq_body_agency_id_name'))
    )
    op.create_table('body_member',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('chair', 'deputy', 'secretary', 'member', name='memberrole', native_enum=False, length=40), nullable=False),
    sa.Column('category', sa.String(length=500), nullable=False, comment='Whom the member stands for (vologda 4.11)'),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('position', sa.String(length=500), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('position_in_list', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint("name <> ''", name=op.f('ck_body_member_has_name')),
    sa.CheckConstraint("role IN ('chair', 'deputy', 'secretary', 'member')", name=op.f('ck_body_member_role_is_known')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_body_member_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_body_member_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_body_member_body_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_body_member_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_body_member'))
    )
    with op.batch_alter_table('body_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_body_member_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_body_member_body_id'), ['body_id'], unique=False)

    op.create_table('meeting',
    sa.Column('kind', sa.Enum('sitting', 'methodical', 'seminar', 'case_conference', 'working', name='meetingkind', native_enum=False, length=40), nullable=False),
    sa.Column('status', sa.Enum('planned', 'held', 'cancelled', name='meetingstatus', native_enum=False, length=40), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('topic', sa.String(length=500), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False, comment='Planned, then actual'),
    sa.Column('starts_at', sa.Time(), nullable=True),
    sa.Column('place', sa.String(length=500), nullable=False),
    sa.Column('chair', sa.String(length=500), nullable=False, comment='Who presided'),
    sa.Column('secretary', sa.String(length=500), nullable=False, comment='Who kept the minutes'),
    sa.Column('members_total', sa.Integer(), nullable=False, comment="Members of the body on the day: the quorum's whole"),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('cancelled_reason', sa.String(length=500), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_meeting_annulled_has_reason')),
    sa.CheckConstraint("(kind = 'sitting') = (body_id IS NOT NULL)", name=op.f('ck_meeting_sitting_is_of_a_body')),
    sa.CheckConstraint("(status = 'cancelled') = (cancelled_reason <> '')", name=op.f('ck_meeting_cancelled_has_reason')),
    sa.CheckConstraint("(status = 'held') = (number IS NOT NULL)", name=op.f('ck_meeting_held_has_number')),
    sa.CheckConstraint("kind IN ('sitting', 'methodical', 'seminar', 'case_conference', 'working')", name=op.f('ck_meeting_kind_is_known')),
    sa.CheckConstraint("status IN ('planned', 'held', 'cancelled')", name=op.f('ck_meeting_status_is_known')),
    sa.CheckConstraint("topic <> ''", name=op.f('ck_meeting_has_topic')),
    sa.CheckConstraint('(number IS NULL) = (year IS NULL)', name=op.f('ck_meeting_number_has_year')),
    sa.CheckConstraint('members_total >= 0', name=op.f('ck_meeting_members_are_counted')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_meeting_number_is_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_meeting_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_meeting_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_meeting_body_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_meeting_created_by_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_meeting_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_meeting_form_token'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_agency_id_held_on', ['agency_id', 'held_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_body_id'), ['body_id'], unique=False)

    op.create_table('meeting_attendee',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: invited, does not count'),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('post', sa.String(length=500), nullable=False, comment='Position and organisation, as at the sitting'),
    sa.Column('is_present', sa.Boolean(), nullable=False),
    sa.Column('stand_in', sa.String(length=500), nullable=False, comment='Who came instead of the member'),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_meeting_attendee_has_name')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_meeting_attendee_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_attendee_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['body_member.id'], name=op.f('fk_meeting_attendee_member_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_attendee')),
    sa.UniqueConstraint('meeting_id', 'member_id', name=op.f('uq_meeting_attendee_meeting_id_member_id'))
    )
    with op.batch_alter_table('meeting_attendee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_attendee_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_attendee_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_attendee_member_id'), ['member_id'], unique=False)

    op.create_table('referral',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind_key', sa.String(length=90), nullable=False, comment='primer-2027/need-notice'),
    sa.Column('kind_title', sa.String(length=500), nullable=False),
    sa.Column('clause_text', sa.String(length=500), nullable=False, comment='«п. 4.4, Вологодский регламент»'),
    sa.Column('terms', sa.JSON(), nullable=False, comment='What the pack said of the kind when it was written'),
    sa.Column('is_notice', sa.Boolean(), nullable=False, comment='Stands in the journal of notices (Ж-10)'),
    sa.Column('urgency', sa.Enum('normal', 'three_days', 'immediate', name='referralurgency', native_enum=False, length=40), nullable=False),
    sa.Column('status', sa.Enum('draft', 'sent', 'received', 'accepted', 'in_work', 'answered', 'closed', 'returned', 'declined', 'revoked', 'forwarded', name='referralstatus', native_enum=False, length=40), nullable=False),
    sa.Column('sender_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: a correspondent outside the directory'),
    sa.Column('sender_name', sa.String(length=500), nullable=False, comment='As it was called at sending'),
    sa.Column('recipient_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: a correspondent outside the directory'),
    sa.Column('recipient_name', sa.String(length=500), nullable=False, comment='As it was called at sending'),
    sa.Column('is_on_paper', sa.Boolean(), nullable=False, comment='The other side has no account: what it does is entered by ours'),
    sa.Column('summary', sa.String(length=500), nullable=False, comment='What it is about in a line, without names'),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False, comment='Fields of a kind that is about nobody: label, value'),
    sa.Column('about_text', sa.String(length=500), nullable=False, comment='«Ёлкина Д. И.», «12 человек»: as at sending'),
    sa.Column('about_key', sa.String(length=500), nullable=False, comment='Folded names, for the search of the desk'),
    sa.Column('ground', sa.String(length=500), nullable=False, comment='By which clause or consent the data pass (vologda 4.7; 152-ФЗ art. 6)'),
    sa.Column('consent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('their_number', sa.String(length=500), nullable=False, comment='Outgoing number of a correspondent outside Marshrut'),
    sa.Column('subject', sa.String(length=80), nullable=False, comment='The fact it tells of: problem:7, address:3'),
    sa.Column('batch', sa.String(length=32), nullable=True, comment='Letters sent together'),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The obligation for which it was written'),
    sa.Column('origin_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The letter that was passed on to make it'),
    sa.Column('forwarded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('executor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Who deals with it at the recipient'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_on', sa.Date(), nullable=True, comment='The day of the letter'),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('acknowledge_by', sa.DateTime(timezone=True), nullable=True, comment='An urgent notice: after this moment the heads are told'),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_due_on', sa.Date(), nullable=True, comment='The last day for an answer; empty: none is asked for'),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Enum('resolved', 'partly', 'passed_on', 'refused', 'no_answer', name='replyoutcome', native_enum=False, length=40), nullable=True),
    sa.Column('paused_on', sa.Date(), nullable=True),
    sa.Column('pause_reason', sa.String(length=500), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False, comment='Why it was returned, declined, revoked or passed on'),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(closed_at IS NOT NULL) = (status IN ('closed', 'declined', 'revoked', 'forwarded'))", name=op.f('ck_referral_over_has_moment')),
    sa.CheckConstraint("(paused_on IS NULL) = (pause_reason = '')", name=op.f('ck_referral_paused_has_reason')),
    sa.CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name=op.f('ck_referral_draft_is_not_sent')),
    sa.CheckConstraint("outcome IN ('resolved', 'partly', 'passed_on', 'refused', 'no_answer')", name=op.f('ck_referral_outcome_is_known')),
    sa.CheckConstraint("sender_name <> '' AND recipient_name <> ''", name=op.f('ck_referral_names_both_sides')),
    sa.CheckConstraint("status <> 'answered' OR answered_on IS NOT NULL", name=op.f('ck_referral_answered_has_day')),
    sa.CheckConstraint("status = 'draft' OR ground <> ''", name=op.f('ck_referral_sent_has_ground')),
    sa.CheckConstraint("status IN ('draft', 'sent', 'received', 'accepted', 'in_work', 'answered', 'closed', 'returned', 'declined', 'revoked', 'forwarded')", name=op.f('ck_referral_status_is_known')),
    sa.CheckConstraint("status NOT IN ('returned', 'declined', 'revoked', 'forwarded') OR reason <> ''", name=op.f('ck_referral_refusal_has_reason')),
    sa.CheckConstraint("urgency IN ('normal', 'three_days', 'immediate')", name=op.f('ck_referral_urgency_is_known')),
    sa.CheckConstraint('(sent_at IS NULL) = (sent_on IS NULL)', name=op.f('ck_referral_sent_has_day')),
    sa.CheckConstraint('origin_id <> id', name=op.f('ck_referral_does_not_follow_from_itself')),
    sa.CheckConstraint('sender_id <> recipient_id', name=op.f('ck_referral_goes_to_somebody_else')),
    sa.CheckConstraint('sender_id IS NOT NULL OR recipient_id IS NOT NULL', name=op.f('ck_referral_has_a_side_of_ours')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['user_account.id'], name=op.f('fk_referral_accepted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_referral_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_referral_consent_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_referral_deadline_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['executor_id'], ['user_account.id'], name=op.f('fk_referral_executor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['forwarded_by_id'], ['agency.id'], name=op.f('fk_referral_forwarded_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['origin_id'], ['referral.id'], name=op.f('fk_referral_origin_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['recipient_id'], ['agency.id'], name=op.f('fk_referral_recipient_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sender_id'], ['agency.id'], name=op.f('fk_referral_sender_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral')),
    sa.UniqueConstraint('form_token', name=op.f('uq_referral_form_token'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_referral_alarms_in', ['recipient_id', 'status', 'acknowledge_by'], unique=False, sqlite_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'), postgresql_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'))
        batch_op.create_index('ix_referral_alarms_out', ['sender_id', 'status', 'acknowledge_by'], unique=False, sqlite_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'), postgresql_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'))
        batch_op.create_index('ix_referral_awaited', ['sender_id', 'status', 'answer_due_on', 'sent_at', 'closed_at'], unique=False, sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.create_index('ix_referral_batch', ['batch'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_consent_id'), ['consent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_deadline_id'), ['deadline_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_executor_id'), ['executor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_forwarded_by_id'), ['forwarded_by_id'], unique=False)
        batch_op.create_index('ix_referral_in_work', ['recipient_id', 'status', 'answer_due_on', 'sent_at', 'closed_at'], unique=False, sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_referral_kind_key'), ['kind_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_origin_id'), ['origin_id'], unique=False)
        batch_op.create_index('ix_referral_recipient_id', ['recipient_id', 'sent_at', 'id'], unique=False)
        batch_op.create_index('ix_referral_sender_id', ['sender_id', 'sent_at', 'id'], unique=False)
        batch_op.create_index('ix_referral_subject', ['subject'], unique=False)
        # After those of all letters: of two that serve alike SQLite takes the younger.
        batch_op.create_index('ix_referral_inbox', ['recipient_id', 'sent_at', 'id'], unique=False, sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.create_index('ix_referral_outbox', ['sender_id', 'sent_at', 'id'], unique=False, sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))

    op.create_table('access_grant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('profile', sa.Enum('contacts', 'card', name='accessprofile', native_enum=False, length=40), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='The last day; empty: the referral is not closed yet'),
    sa.CheckConstraint("profile IN ('contacts', 'card')", name=op.f('ck_access_grant_profile_is_known')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_access_grant_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_access_grant_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_access_grant_graduate_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_access_grant_referral_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_grant')),
    sa.UniqueConstraint('referral_id', 'graduate_id', name=op.f('uq_access_grant_referral_id_graduate_id'))
    )
    with op.batch_alter_table('access_grant', schema=None) as batch_op:
        batch_op.create_index('ix_access_grant_agency_id', ['agency_id', 'profile', 'graduate_id', 'starts_on', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_grant_graduate_id'), ['graduate_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('complex_case', 'hearing', 'proposal', 'other', name='agendakind', native_enum=False, length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=500), nullable=False, comment='Without names: a person is shown by the card'),
    sa.Column('speaker', sa.String(length=500), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The letter that brought the case'),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Which service is heard'),
    sa.Column('discussed', sa.Text(), nullable=False),
    sa.Column('votes_for', sa.Integer(), nullable=False),
    sa.Column('votes_against', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('complex_case', 'hearing', 'proposal', 'other')", name=op.f('ck_agenda_item_kind_is_known')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_agenda_item_has_title')),
    sa.CheckConstraint('votes_for >= 0 AND votes_against >= 0', name=op.f('ck_agenda_item_votes_are_counted')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agenda_item_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_agenda_item_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_agenda_item_referral_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_graduate_id'), ['graduate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.Enum('written', 'sent', 'received', 'acknowledged', 'accepted', 'assigned', 'started', 'paused', 'resumed', 'answered', 'closed', 'reopened', 'returned', 'declined', 'revoked', 'forwarded', name='referralstep', native_enum=False, length=40), nullable=False),
    sa.Column('status_before', sa.Enum('draft', 'sent', 'received', 'accepted', 'in_work', 'answered', 'closed', 'returned', 'declined', 'revoked', 'forwarded', name='referralstatus', native_enum=False, length=40), nullable=True),
    sa.Column('status_after', sa.Enum('draft', 'sent', 'received', 'accepted', 'in_work', 'answered', 'closed', 'returned', 'declined', 'revoked', 'forwarded', name='referralstatus', native_enum=False, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('who', sa.String(length=500), nullable=False, comment='Name and organisation, as they were'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint("status_after IN ('draft', 'sent', 'received', 'accepted', 'in_work', 'answered', 'closed', 'returned', 'declined', 'revoked', 'forwarded')", name=op.f('ck_referral_event_status_after_is_known')),
    sa.CheckConstraint("status_before IN ('draft', 'sent', 'received', 'accepted', 'in_work', 'answered', 'closed', 'returned', 'declined', 'revoked', 'forwarded')", name=op.f('ck_referral_event_status_before_is_known')),
    sa.CheckConstraint("step IN ('written', 'sent', 'received', 'acknowledged', 'accepted', 'assigned', 'started', 'paused', 'resumed', 'answered', 'closed', 'reopened', 'returned', 'declined', 'revoked', 'forwarded')", name=op.f('ck_referral_event_step_is_known')),
    sa.CheckConstraint("who <> ''", name=op.f('ck_referral_event_has_who')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_referral_event_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_event_referral_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_referral_event_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_event'))
    )
    with op.batch_alter_table('referral_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_event_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('message', 'question', 'answer', name='messagekind', native_enum=False, length=40), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Whose word it is; empty: of a side outside the directory'),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('who', sa.String(length=500), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Enum('resolved', 'partly', 'passed_on', 'refused', 'no_answer', name='replyoutcome', native_enum=False, length=40), nullable=True),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('their_number', sa.String(length=500), nullable=False, comment='Number of a paper answer'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(kind = 'answer') = (outcome IS NOT NULL)", name=op.f('ck_referral_message_answer_has_outcome')),
    sa.CheckConstraint("kind IN ('message', 'question', 'answer')", name=op.f('ck_referral_message_kind_is_known')),
    sa.CheckConstraint("outcome IN ('resolved', 'partly', 'passed_on', 'refused', 'no_answer')", name=op.f('ck_referral_message_outcome_is_known')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_referral_message_has_text')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_referral_message_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_referral_message_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_message_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_message')),
    sa.UniqueConstraint('form_token', name=op.f('uq_referral_message_form_token'))
    )
    with op.batch_alter_table('referral_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_message_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_note',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('who', sa.String(length=500), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_referral_note_has_text')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_referral_note_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_referral_note_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_note_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_note')),
    sa.UniqueConstraint('form_token', name=op.f('uq_referral_note_form_token'))
    )
    with op.batch_alter_table('referral_note', schema=None) as batch_op:
        batch_op.create_index('ix_referral_note_referral_id', ['referral_id', 'agency_id'], unique=False)

    op.create_table('referral_person',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('graduate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: whoever wrote knows no card of ours'),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False, comment='Fields of the kind: label, value'),
    sa.Column('answer', sa.Text(), nullable=False, comment='What the recipient tells of this person'),
    sa.CheckConstraint("name <> ''", name=op.f('ck_referral_person_has_name')),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_referral_person_graduate_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_person_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_person')),
    sa.UniqueConstraint('referral_id', 'graduate_id', name=op.f('uq_referral_person_referral_id_graduate_id'))
    )
    with op.batch_alter_table('referral_person', schema=None) as batch_op:
        batch_op.create_index('ix_referral_person_graduate_id', ['graduate_id', 'referral_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_person_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_reading',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('who', sa.String(length=500), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_referral_reading_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_reading_referral_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_referral_reading_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_reading')),
    sa.UniqueConstraint('referral_id', 'user_id', name=op.f('uq_referral_reading_referral_id_user_id'))
    )
    op.create_table('decision',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('recommendation', 'assignment', 'proposal', name='decisionkind', native_enum=False, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('addressee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('addressee', sa.String(length=500), nullable=False, comment='In words, where it is none of the organisations'),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='The letter that carries it'),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('result', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, comment='Rises with every save of the record or its child rows'),
    sa.CheckConstraint("(done_on IS NULL) = (result = '')", name=op.f('ck_decision_done_has_result')),
    sa.CheckConstraint("kind IN ('recommendation', 'assignment', 'proposal')", name=op.f('ck_decision_kind_is_known')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_decision_has_text')),
    sa.ForeignKeyConstraint(['addressee_id'], ['agency.id'], name=op.f('fk_decision_addressee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_decision_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_decision_referral_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_addressee_id'), ['addressee_id'], unique=False)
        batch_op.create_index('ix_decision_due_on', ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_referral_id'), ['referral_id'], unique=False)

    op.create_table('incoming_letter',
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: the referral itself'),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('sheets', sa.Integer(), nullable=False),
    sa.Column('delivery', sa.Enum('system', 'post', 'courier', 'email', 'phone', name='delivery', native_enum=False, length=40), nullable=False),
    sa.Column('resolution', sa.String(length=500), nullable=False, comment='What the head decided about it'),
    sa.Column('note', sa.String(length=500), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_incoming_letter_annulled_has_reason')),
    sa.CheckConstraint("delivery IN ('system', 'post', 'courier', 'email', 'phone')", name=op.f('ck_incoming_letter_delivery_is_known')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_incoming_letter_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_incoming_letter_number_is_positive')),
    sa.CheckConstraint('sheets > 0', name=op.f('ck_incoming_letter_has_sheets')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_incoming_letter_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_incoming_letter_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_incoming_letter_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['message_id'], ['referral_message.id'], name=op.f('fk_incoming_letter_message_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_incoming_letter_referral_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incoming_letter')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_incoming_letter_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_incoming_letter_form_token'))
    )
    with op.batch_alter_table('incoming_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incoming_letter_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incoming_letter_referral_id'), ['referral_id'], unique=False)

    op.create_table('outgoing_letter',
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='Empty: the referral itself'),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('sheets', sa.Integer(), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('delivery', sa.Enum('system', 'post', 'courier', 'email', 'phone', name='delivery', native_enum=False, length=40), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
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
    sa.CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name=op.f('ck_outgoing_letter_annulled_has_reason')),
    sa.CheckConstraint("delivery IN ('system', 'post', 'courier', 'email', 'phone')", name=op.f('ck_outgoing_letter_delivery_is_known')),
    sa.CheckConstraint('number IS NOT NULL AND year IS NOT NULL', name=op.f('ck_outgoing_letter_number_has_year')),
    sa.CheckConstraint('number IS NULL OR number > 0', name=op.f('ck_outgoing_letter_number_is_positive')),
    sa.CheckConstraint('sheets > 0 AND copies > 0', name=op.f('ck_outgoing_letter_has_sheets')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_outgoing_letter_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['annulled_by_id'], ['user_account.id'], name=op.f('fk_outgoing_letter_annulled_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_outgoing_letter_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['message_id'], ['referral_message.id'], name=op.f('fk_outgoing_letter_message_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_outgoing_letter_referral_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_letter')),
    sa.UniqueConstraint('agency_id', 'year', 'number', name=op.f('uq_outgoing_letter_agency_id_year_number')),
    sa.UniqueConstraint('form_token', name=op.f('uq_outgoing_letter_form_token'))
    )
    with op.batch_alter_table('outgoing_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outgoing_letter_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outgoing_letter_referral_id'), ['referral_id'], unique=False)

    op.create_table('referral_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='Whose file it is'),
    sa.Column('title', sa.String(length=500), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False, comment='As its bytes say, not its name'),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('removed_reason', sa.String(length=500), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(removed_on IS NULL) = (removed_reason = '')", name=op.f('ck_referral_file_removed_has_reason')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_referral_file_has_title')),
    sa.CheckConstraint('size > 0', name=op.f('ck_referral_file_is_not_empty')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user_account.id'], name=op.f('fk_referral_file_added_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_referral_file_agency_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['message_id'], ['referral_message.id'], name=op.f('fk_referral_file_message_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_file_referral_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_file')),
    sa.UniqueConstraint('form_token', name=op.f('uq_referral_file_form_token'))
    )
    with op.batch_alter_table('referral_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_file_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_file_referral_id'), ['referral_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_file_sha256'), ['sha256'], unique=False)

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_referral_id'), ['referral_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_referral_id'), 'referral', ['referral_id'], ['id'], ondelete='CASCADE')
    forbid_deleting()



def downgrade() -> None:
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_referral_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_referral_id'))
        batch_op.drop_column('referral_id')

    with op.batch_alter_table('referral_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_file_sha256'))
        batch_op.drop_index(batch_op.f('ix_referral_file_referral_id'))
        batch_op.drop_index(batch_op.f('ix_referral_file_message_id'))

    op.drop_table('referral_file')
    with op.batch_alter_table('outgoing_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outgoing_letter_referral_id'))
        batch_op.drop_index(batch_op.f('ix_outgoing_letter_message_id'))

    op.drop_table('outgoing_letter')
    with op.batch_alter_table('incoming_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incoming_letter_referral_id'))
        batch_op.drop_index(batch_op.f('ix_incoming_letter_message_id'))

    op.drop_table('incoming_letter')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_referral_id'))
        batch_op.drop_index(batch_op.f('ix_decision_item_id'))
        batch_op.drop_index('ix_decision_due_on')
        batch_op.drop_index(batch_op.f('ix_decision_addressee_id'))

    op.drop_table('decision')
    op.drop_table('referral_reading')
    with op.batch_alter_table('referral_person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_person_referral_id'))
        batch_op.drop_index('ix_referral_person_graduate_id')

    op.drop_table('referral_person')
    with op.batch_alter_table('referral_note', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_note_referral_id')

    op.drop_table('referral_note')
    with op.batch_alter_table('referral_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_message_referral_id'))

    op.drop_table('referral_message')
    with op.batch_alter_table('referral_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_event_referral_id'))

    op.drop_table('referral_event')
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_item_referral_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_item_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_item_graduate_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_item_agency_id'))

    op.drop_table('agenda_item')
    with op.batch_alter_table('access_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_grant_graduate_id'))
        batch_op.drop_index('ix_access_grant_agency_id')

    op.drop_table('access_grant')
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_subject')
        batch_op.drop_index('ix_referral_sender_id')
        batch_op.drop_index('ix_referral_recipient_id')
        batch_op.drop_index(batch_op.f('ix_referral_origin_id'))
        batch_op.drop_index(batch_op.f('ix_referral_kind_key'))
        batch_op.drop_index('ix_referral_outbox', sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.drop_index('ix_referral_inbox', sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.drop_index('ix_referral_in_work', sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_referral_forwarded_by_id'))
        batch_op.drop_index(batch_op.f('ix_referral_executor_id'))
        batch_op.drop_index(batch_op.f('ix_referral_deadline_id'))
        batch_op.drop_index(batch_op.f('ix_referral_consent_id'))
        batch_op.drop_index('ix_referral_batch')
        batch_op.drop_index('ix_referral_alarms_out', sqlite_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'), postgresql_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'))
        batch_op.drop_index('ix_referral_alarms_in', sqlite_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'), postgresql_where=sa.text('acknowledge_by IS NOT NULL AND acknowledged_at IS NULL'))
        batch_op.drop_index('ix_referral_awaited', sqlite_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NULL AND sent_at IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_referral_author_id'))

    op.drop_table('referral')
    with op.batch_alter_table('meeting_attendee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_attendee_member_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_attendee_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_attendee_agency_id'))

    op.drop_table('meeting_attendee')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_body_id'))
        batch_op.drop_index('ix_meeting_agency_id_held_on')

    op.drop_table('meeting')
    with op.batch_alter_table('body_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_body_member_body_id'))
        batch_op.drop_index(batch_op.f('ix_body_member_agency_id'))

    op.drop_table('body_member')
    op.drop_table('body')
    op.execute(f"DELETE FROM journal_counter WHERE journal IN {NEW_JOURNALS}")
    op.execute(f"UPDATE file_index SET journal = NULL WHERE journal IN {NEW_JOURNALS}")
    op.execute(f"DELETE FROM notification WHERE kind IN {NEW_NOTICES}")
    op.execute(f"DELETE FROM notification_setting WHERE kind IN {NEW_NOTICES}")
    allow('notification_setting', 'kind', NOTICES)
    allow('notification', 'kind', NOTICES)
    allow('journal_counter', 'journal', JOURNALS)
