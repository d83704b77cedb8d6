"""Create the registers

Compatibility: the release before this one goes on working on the new schema (add first, remove a release later).
Timeouts of locks and statements are set in env.py; a long change is split so that it never waits with a lock held.
"""

import sqlalchemy as sa
from alembic import op

# SQLite: full-text search over graduate.search_text, kept by triggers. PostgreSQL: a trigram index.
FTS = (
    """CREATE VIRTUAL TABLE graduate_search
       USING fts5(search_text, content='graduate', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER graduate_search_insert AFTER INSERT ON graduate BEGIN
         INSERT INTO graduate_search (rowid, search_text) VALUES (new.id, new.search_text);
       END""",
    """CREATE TRIGGER graduate_search_delete AFTER DELETE ON graduate BEGIN
         INSERT INTO graduate_search (graduate_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
       END""",
    """CREATE TRIGGER graduate_search_update AFTER UPDATE OF search_text ON graduate
       WHEN old.search_text IS NOT new.search_text BEGIN
         INSERT INTO graduate_search (graduate_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
         INSERT INTO graduate_search (rowid, search_text) VALUES (new.id, new.search_text);
       END""",
)
TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_graduate_search_text_trgm ON graduate USING gin (search_text gin_trgm_ops)",
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_event",
        sa.Column("address", sa.String(length=64), nullable=False, comment="Where from"),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("user_name", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="1, 2, 3 … without gaps"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False, comment="Table of the record"),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_event")),
        sa.UniqueConstraint("seq", name=op.f("uq_access_event_seq")),
    )
    with op.batch_alter_table("access_event", schema=None) as batch_op:
        batch_op.create_index("ix_access_event_agency_id_seq", ["agency_id", "seq"], unique=False)
        batch_op.create_index("ix_access_event_subject_subject_id_seq", ["subject", "subject_id", "seq"], unique=False)
        batch_op.create_index("ix_access_event_user_id_seq", ["user_id", "seq"], unique=False)

    op.create_table(
        "agency",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "guardianship",
                "care_centre",
                "support_service",
                "social_centre",
                "college",
                "employment_centre",
                "healthcare",
                "medical_commission",
                "regional_operator",
                "coordination_centre",
                "department",
                "council",
                "minors_commission",
                "foundation",
                "other",
                name="agencykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("short_name", sa.String(length=200), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False, comment="Other names of the same body, one on a line"),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("inn", sa.String(length=12), nullable=False),
        sa.Column("ogrn", sa.String(length=15), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("phone", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=500), nullable=False),
        sa.Column("head_name", sa.String(length=500), nullable=False),
        sa.Column("head_position", sa.String(length=500), nullable=False),
        sa.Column(
            "responsible_name",
            sa.String(length=500),
            nullable=False,
            comment="Responsible for support by order (aistenok, cl. 6)",
        ),
        sa.Column("responsible_position", sa.String(length=500), nullable=False),
        sa.Column("responsible_order", sa.String(length=500), nullable=False, comment="Number and date of that order"),
        sa.Column(
            "contacts_checked_on", sa.Date(), nullable=True, comment="The directory is fresh (vologda, cl. 4.6 а)"
        ),
        sa.Column(
            "sees_whole_region",
            sa.Boolean(),
            nullable=False,
            comment="Reads everybody in the installation (access, row 5)",
        ),
        sa.Column(
            "is_data_bank_operator",
            sa.Boolean(),
            nullable=False,
            comment="Keeps the unified data bank: also writes what it reads (krasnoyarsk, cl. 5.2)",
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Rises with every save of the record or its child rows"
        ),
        sa.CheckConstraint(
            "NOT sees_whole_region OR kind IN ('coordination_centre', 'department', 'regional_operator')",
            name=op.f("ck_agency_only_regional_bodies_see_whole_region"),
        ),
        sa.CheckConstraint("inn IN ('') OR length(inn) IN (10, 12)", name=op.f("ck_agency_inn_has_10_or_12_digits")),
        sa.CheckConstraint(
            "kind IN ('guardianship', 'care_centre', 'support_service', 'social_centre', 'college', 'employment_centre', 'healthcare', 'medical_commission', 'regional_operator', 'coordination_centre', 'department', 'council', 'minors_commission', 'foundation', 'other')",
            name=op.f("ck_agency_kind_is_known"),
        ),
        sa.CheckConstraint("ogrn IN ('') OR length(ogrn) IN (13, 15)", name=op.f("ck_agency_ogrn_has_13_or_15_digits")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_agency_is_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["agency.id"], name=op.f("fk_agency_parent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column(
            "permitted_data", sa.Text(), nullable=False, comment="Which data the parties may pass to one another"
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Rises with every save of the record or its child rows"
        ),
        sa.CheckConstraint("number <> ''", name=op.f("ck_agreement_has_number")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_agreement_ends_after_it_starts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_ends_on", ["ends_on"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("graduate_id", sa.Integer(), nullable=True, comment="The card whose record it is"),
        sa.Column(
            "record_version", sa.Integer(), nullable=True, comment="Version of the card or record after the change"
        ),
        sa.Column("user_name", sa.String(length=500), nullable=False, comment="As it was then"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="1, 2, 3 … without gaps"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False, comment="Table of the record"),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_event_seq")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_agency_id_seq", ["agency_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_event_graduate_id_seq", ["graduate_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_event_subject_subject_id_seq", ["subject", "subject_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_event_user_id_seq", ["user_id", "seq"], unique=False)

    op.create_table(
        "care_loss_reason",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_care_loss_reason_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_care_loss_reason_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_care_loss_reason")),
    )
    op.create_table(
        "chain_head",
        sa.Column("chain", sa.String(length=20), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length >= 0", name=op.f("ck_chain_head_length_is_not_negative")),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "channel",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_channel_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_channel_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_channel")),
    )
    op.create_table(
        "consent_purpose",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_consent_purpose_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_consent_purpose_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_consent_purpose")),
    )
    op.create_table(
        "contact_kind",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_contact_kind_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_contact_kind_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_contact_kind")),
    )
    op.create_table(
        "district",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=200), nullable=False),
        sa.Column(
            "localities",
            sa.Text(),
            nullable=False,
            comment="Towns and villages, one on a line: an address that names one lies in this district",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Rises with every save of the record or its child rows"
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_district_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("code", name=op.f("uq_district_code")),
    )
    op.create_table(
        "document_kind",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_document_kind_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_document_kind_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document_kind")),
    )
    op.create_table(
        "education_level",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_education_level_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_education_level_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_education_level")),
    )
    op.create_table(
        "employment_status",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_employment_status_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_employment_status_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_employment_status")),
    )
    op.create_table(
        "exit_ground",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_exit_ground_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_exit_ground_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_exit_ground")),
    )
    op.create_table(
        "graduate_refusal_reason",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_graduate_refusal_reason_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_graduate_refusal_reason_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_graduate_refusal_reason")),
    )
    op.create_table(
        "housing_status",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_housing_status_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_housing_status_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_housing_status")),
    )
    op.create_table(
        "identification_channel",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_identification_channel_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_identification_channel_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_identification_channel")),
    )
    op.create_table(
        "kinship",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_kinship_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_kinship_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kinship")),
    )
    op.create_table(
        "leave_kind",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_leave_kind_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_leave_kind_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_leave_kind")),
    )
    op.create_table(
        "legal_status",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_legal_status_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_legal_status_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_legal_status")),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    with op.batch_alter_table("login_failure", schema=None) as batch_op:
        batch_op.create_index("ix_login_failure_address_at", ["address", "at"], unique=False)

    op.create_table(
        "marital_status",
        sa.Column("label_female", sa.String(length=500), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_marital_status_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_marital_status_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_marital_status")),
    )
    op.create_table(
        "outcome",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_outcome_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_outcome_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_outcome")),
    )
    op.create_table(
        "placement_form",
        sa.Column(
            "is_family", sa.Boolean(), nullable=False, comment="A foster family: column 4 of Appendix 1 prints it"
        ),
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_placement_form_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_placement_form_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_placement_form")),
    )
    op.create_table(
        "problem_kind",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_problem_kind_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_problem_kind_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_problem_kind")),
    )
    op.create_table(
        "refusal_reason",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_refusal_reason_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_refusal_reason_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_refusal_reason")),
    )
    op.create_table(
        "service_form",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_service_form_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_service_form_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_form")),
    )
    op.create_table(
        "service_kind",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_service_kind_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_service_kind_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_kind")),
    )
    op.create_table(
        "study_status",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_study_status_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_study_status_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_study_status")),
    )
    op.create_table(
        "support_category",
        sa.Column("colour", sa.String(length=20), nullable=False, comment="Of its chip"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_support_category_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_support_category_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_support_category")),
    )
    op.create_table(
        "termination_ground",
        sa.Column("code", sa.String(length=40), nullable=False, comment="Stable: records, packs and files use it"),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False, comment="Not offered for new records"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_termination_ground_has_code")),
        sa.CheckConstraint("label <> ''", name=op.f("ck_termination_ground_has_label")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_termination_ground")),
    )
    op.create_table(
        "agency_district",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_agency_district_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_district_agency_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_agency_district_district_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_district")),
        sa.UniqueConstraint(
            "agency_id", "district_id", "starts_on", name=op.f("uq_agency_district_agency_id_district_id_starts_on")
        ),
    )
    with op.batch_alter_table("agency_district", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_district_district_id"), ["district_id"], unique=False)

    op.create_table(
        "agreement_party",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agreement_party_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_party_agreement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint("agreement_id", "agency_id", name=op.f("uq_agreement_party_agreement_id_agency_id")),
    )
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_party_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=500), nullable=False),
        sa.Column("phone", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=500), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "clerk", "officer", "head", "coordinator", "administrator", name="role", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id"),
        sa.Column(
            "must_change_password", sa.Boolean(), nullable=False, comment="The password was issued by somebody else"
        ),
        sa.Column("session_token", sa.String(length=64), nullable=False, comment="A new one signs out everywhere"),
        sa.Column("failed_logins", sa.Integer(), nullable=False, comment="In a row, since the last success"),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True, comment="After repeated failures"),
        sa.Column("is_locked", sa.Boolean(), nullable=False, comment="By the administrator"),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Rises with every save of the record or its child rows"
        ),
        sa.CheckConstraint("login <> '' AND login = lower(login)", name=op.f("ck_user_account_login_is_lower_case")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_user_account_has_name")),
        sa.CheckConstraint(
            "role IN ('clerk', 'officer', 'head', 'coordinator', 'administrator')",
            name=op.f("ck_user_account_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_user_account_agency_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "field_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "field_group",
            sa.Enum("health", "offences", "psychology", name="fieldgroup", native_enum=False, length=40),
            nullable=False,
        ),
        sa.CheckConstraint(
            "field_group IN ('health', 'offences', 'psychology')",
            name=op.f("ck_field_group_member_field_group_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_field_group_member_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_group_member")),
        sa.UniqueConstraint("user_id", "field_group", name=op.f("uq_field_group_member_user_id_field_group")),
    )
    op.create_table(
        "graduate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_name", sa.String(length=200), nullable=False),
        sa.Column("first_name", sa.String(length=200), nullable=False),
        sa.Column("patronymic", sa.String(length=200), nullable=False, comment="Empty where there is none"),
        sa.Column("former_names", sa.String(length=500), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column(
            "sex", sa.Enum("unknown", "male", "female", name="sex", native_enum=False, length=40), nullable=False
        ),
        sa.Column("citizenship", sa.String(length=500), nullable=False),
        sa.Column("snils", sa.String(length=11), nullable=False, comment="11 digits, or empty"),
        sa.Column("oms_policy", sa.String(length=20), nullable=False),
        sa.Column("legal_status_code", sa.String(length=40), nullable=True),
        sa.Column("care_loss_reason_code", sa.String(length=40), nullable=True),
        sa.Column(
            "legal_status_ground", sa.String(length=500), nullable=False, comment="The document that gives the status"
        ),
        sa.Column(
            "first_identified_place",
            sa.String(length=500),
            nullable=False,
            comment="Place of first identification (kizil, stage 1)",
        ),
        sa.Column("first_identified_on", sa.Date(), nullable=True),
        sa.Column("exit_ground_code", sa.String(length=40), nullable=True),
        sa.Column(
            "exit_document",
            sa.String(length=500),
            nullable=False,
            comment="Order of leaving or act of guardianship: number and date",
        ),
        sa.Column("left_on", sa.Date(), nullable=True, comment="Left the institution, or guardianship ended"),
        sa.Column("graduating_agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_volunteer", sa.Boolean(), nullable=False, comment="Helps other graduates (vologda 1.2)"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "agency_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Responsible for the current support; sees and edits",
        ),
        sa.Column(
            "origin_district_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Where guardianship or the institution was",
        ),
        sa.Column(
            "district_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Of the present address of stay",
        ),
        sa.Column("category_code", sa.String(length=40), nullable=True),
        sa.Column("current_employment_code", sa.String(length=40), nullable=True),
        sa.Column("current_marital_code", sa.String(length=40), nullable=True),
        sa.Column("current_children", sa.Integer(), nullable=False),
        sa.Column("current_housing_code", sa.String(length=40), nullable=True),
        sa.Column("current_address", sa.String(length=500), nullable=False),
        sa.Column("current_profession", sa.String(length=500), nullable=False),
        sa.Column("current_phone", sa.String(length=60), nullable=False),
        sa.Column("curator_name", sa.String(length=200), nullable=False),
        sa.Column("open_problems", sa.Integer(), nullable=False, comment="How many stand open"),
        sa.Column(
            "name_key",
            sa.String(length=420).with_variant(sa.String(length=420, collation="C"), "postgresql"),
            nullable=False,
            comment="Lower case, ё as е, hyphens as spaces",
        ),
        sa.Column("search_text", sa.Text(), nullable=False, comment="Names, dates, numbers: what search looks in"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True, comment="Soft; the administrator restores"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="Rises with every save of the record or its child rows"
        ),
        sa.CheckConstraint("birth_date >= '1980-01-01'", name=op.f("ck_graduate_born_since_1980")),
        sa.CheckConstraint("last_name <> '' AND first_name <> ''", name=op.f("ck_graduate_has_last_and_first_name")),
        sa.CheckConstraint("sex IN ('unknown', 'male', 'female')", name=op.f("ck_graduate_sex_is_known")),
        sa.CheckConstraint("snils IN ('') OR length(snils) = 11", name=op.f("ck_graduate_snils_has_11_digits")),
        sa.CheckConstraint("current_children >= 0", name=op.f("ck_graduate_children_are_not_negative")),
        sa.CheckConstraint("left_on IS NULL OR left_on > birth_date", name=op.f("ck_graduate_left_after_birth")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_graduate_agency_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["care_loss_reason_code"], ["care_loss_reason.code"], name=op.f("fk_graduate_care_loss_reason_code")
        ),
        sa.ForeignKeyConstraint(["category_code"], ["support_category.code"], name=op.f("fk_graduate_category_code")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_graduate_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["current_employment_code"], ["employment_status.code"], name=op.f("fk_graduate_current_employment_code")
        ),
        sa.ForeignKeyConstraint(
            ["current_housing_code"], ["housing_status.code"], name=op.f("fk_graduate_current_housing_code")
        ),
        sa.ForeignKeyConstraint(
            ["current_marital_code"], ["marital_status.code"], name=op.f("fk_graduate_current_marital_code")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_graduate_district_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["exit_ground_code"], ["exit_ground.code"], name=op.f("fk_graduate_exit_ground_code")),
        sa.ForeignKeyConstraint(
            ["graduating_agency_id"], ["agency.id"], name=op.f("fk_graduate_graduating_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["legal_status_code"], ["legal_status.code"], name=op.f("fk_graduate_legal_status_code")
        ),
        sa.ForeignKeyConstraint(
            ["origin_district_id"], ["district.id"], name=op.f("fk_graduate_origin_district_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graduate")),
    )
    with op.batch_alter_table("graduate", schema=None) as batch_op:
        batch_op.create_index("ix_graduate_agency_list", ["agency_id", "name_key", "id"], unique=False)
        batch_op.create_index("ix_graduate_birth_date", ["birth_date", "id"], unique=False)
        batch_op.create_index("ix_graduate_category", ["category_code", "name_key", "id"], unique=False)
        batch_op.create_index("ix_graduate_district_list", ["district_id", "name_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_graduate_graduating_agency_id"), ["graduating_agency_id"], unique=False)
        batch_op.create_index("ix_graduate_identity", ["name_key", "birth_date"], unique=False)
        batch_op.create_index("ix_graduate_list", ["name_key", "id"], unique=False)
        batch_op.create_index("ix_graduate_origin_list", ["origin_district_id", "name_key", "id"], unique=False)
        batch_op.create_index("ix_graduate_snils", ["snils"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "applied", "undone", name="batchstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("form", sa.String(length=40), nullable=False, comment="Code of the statutory form"),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False, comment="The day on which the office's statements hold"),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True, comment="As it came"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False, comment="Rows by outcome"),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_import_batch_undone_has_moment")
        ),
        sa.CheckConstraint(
            "(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)",
            name=op.f("ck_import_batch_applied_has_moment"),
        ),
        sa.CheckConstraint("state IN ('draft', 'applied', 'undone')", name=op.f("ck_import_batch_state_is_known")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_import_batch_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_import_batch_undone_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_import_batch_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_agency_id_id", ["agency_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batch_user_id"), ["user_id"], unique=False)

    op.create_table(
        "address",
        sa.Column(
            "kind",
            sa.Enum(
                "residence", "registration", "temporary", "mailing", name="addresskind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('residence', 'registration', 'temporary', 'mailing')", name=op.f("ck_address_kind_is_known")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_address_has_text")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_address_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_address_district_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_address_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_address_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column(
            "kind",
            sa.Enum("curator", "mentor", "district_specialist", name="assignmentkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False, comment="As in the order; stays when the user leaves"),
        sa.Column("position", sa.String(length=500), nullable=False),
        sa.Column("phone", sa.String(length=500), nullable=False),
        sa.Column("order_number", sa.String(length=500), nullable=False),
        sa.Column("order_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('curator', 'mentor', 'district_specialist')", name=op.f("ck_assignment_kind_is_known")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_assignment_has_name")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_assignment_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_assignment_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_assignment_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_graduate_id"), ["graduate_id"], unique=False)
        batch_op.create_index("ix_assignment_user_id_starts_on", ["user_id", "starts_on", "ends_on"], unique=False)

    op.create_table(
        "category_decision",
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_category_decision_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["category_code"], ["support_category.code"], name=op.f("fk_category_decision_category_code")
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_category_decision_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_decision")),
    )
    with op.batch_alter_table("category_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_decision_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "close_person",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kinship_code", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=500), nullable=False),
        sa.Column("is_supportive", sa.Boolean(), nullable=True, comment="Keeps up the relation; empty: unknown"),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_close_person_has_name")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_close_person_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kinship_code"], ["kinship.code"], name=op.f("fk_close_person_kinship_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_close_person")),
    )
    with op.batch_alter_table("close_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_close_person_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("purpose_code", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=500), nullable=False, comment="Number and place of the signed sheet"),
        sa.Column("permitted_data", sa.String(length=500), nullable=False),
        sa.Column(
            "agency_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The operator to whom it was given",
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= given_on", name=op.f("ck_consent_valid_after_it_was_given")
        ),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= given_on", name=op.f("ck_consent_withdrawn_after_it_was_given")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_consent_agency_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_consent_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["purpose_code"], ["consent_purpose.code"], name=op.f("fk_consent_purpose_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("kind_code", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("value <> ''", name=op.f("ck_contact_has_value")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_contact_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kind_code"], ["contact_kind.code"], name=op.f("fk_contact_kind_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "dependant",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("lives_with", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_dependant_has_name")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_dependant_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependant")),
    )
    with op.batch_alter_table("dependant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dependant_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "employment",
        sa.Column("status_code", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=500), nullable=False),
        sa.Column("position", sa.String(length=500), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_employment_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_employment_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["status_code"], ["employment_status.code"], name=op.f("fk_employment_status_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employment_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "family_status",
        sa.Column("status_code", sa.String(length=40), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("children BETWEEN 0 AND 20", name=op.f("ck_family_status_children_are_0_to_20")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_family_status_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_family_status_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["status_code"], ["marital_status.code"], name=op.f("fk_family_status_status_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_status")),
    )
    with op.batch_alter_table("family_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_family_status_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "health_record",
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_health_record_has_text")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_health_record_author_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_health_record_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_record")),
    )
    with op.batch_alter_table("health_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_health_record_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "housing",
        sa.Column("status_code", sa.String(length=40), nullable=False),
        sa.Column(
            "dwelling", sa.String(length=500), nullable=False, comment="Address of the assigned or owned dwelling"
        ),
        sa.Column("is_uninhabitable", sa.Boolean(), nullable=False, comment="Living in it was found impossible"),
        sa.Column("queued_on", sa.Date(), nullable=True, comment="Entered on the list of those to be housed"),
        sa.Column("queue_number", sa.String(length=40), nullable=False),
        sa.Column("queue_body", sa.String(length=500), nullable=False, comment="Who keeps the list"),
        sa.Column("has_priority", sa.Boolean(), nullable=False, comment="Преимущественное право (since 15.12.2025)"),
        sa.Column(
            "contract", sa.String(length=500), nullable=False, comment="Contract of special lease, number and date"
        ),
        sa.Column("contract_ends_on", sa.Date(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_housing_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_housing_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["status_code"], ["housing_status.code"], name=op.f("fk_housing_status_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing")),
    )
    with op.batch_alter_table("housing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_housing_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "identity_document",
        sa.Column("kind_code", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.String(length=500), nullable=False),
        sa.Column("division_code", sa.String(length=20), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("number <> ''", name=op.f("ck_identity_document_has_number")),
        sa.CheckConstraint(
            "expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on",
            name=op.f("ck_identity_document_expires_after_issue"),
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_identity_document_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kind_code"], ["document_kind.code"], name=op.f("fk_identity_document_kind_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_document")),
    )
    with op.batch_alter_table("identity_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_document_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_row", sa.Integer(), nullable=False, comment="The sheet's own row number"),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "graduate_version", sa.Integer(), nullable=True, comment="After applying: a later one forbids undoing"
        ),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True, comment="Cells, differences, messages"),
        sa.Column("undo", sa.JSON(none_as_null=True), nullable=True, comment="Created and closed child rows"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_import_row_graduate_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "sheet_row", name=op.f("uq_import_row_batch_id_sheet_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "income",
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=True, comment="Roubles a month"),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_income_has_source")),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_income_amount_is_not_negative")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_income_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_income_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income")),
    )
    with op.batch_alter_table("income", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_income_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "offence_record",
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_offence_record_has_text")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_offence_record_author_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_offence_record_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offence_record")),
    )
    with op.batch_alter_table("offence_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offence_record_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("form_code", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=False, comment="The institution or the family, in words"),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "ground", sa.String(length=500), nullable=False, comment="The act or order of placing, number and date"
        ),
        sa.Column("end_ground", sa.String(length=500), nullable=False, comment="Why it ended"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_placement_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_placement_agency_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_placement_district_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["form_code"], ["placement_form.code"], name=op.f("fk_placement_form_code")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_placement_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "possible_duplicate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolution IS NULL)", name=op.f("ck_possible_duplicate_resolved_has_resolution")
        ),
        sa.CheckConstraint("graduate_id <> other_id", name=op.f("ck_possible_duplicate_are_two_cards")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_possible_duplicate_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["graduate.id"], name=op.f("fk_possible_duplicate_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_duplicate")),
        sa.UniqueConstraint("graduate_id", "other_id", name=op.f("uq_possible_duplicate_graduate_id_other_id")),
    )
    with op.batch_alter_table("possible_duplicate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_possible_duplicate_other_id"), ["other_id"], unique=False)

    op.create_table(
        "problem",
        sa.Column("kind_code", sa.String(length=40), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True, comment="1 light, 2 serious, 3 critical"),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("source_code", sa.String(length=40), nullable=True, comment="How it became known (vologda 4.3)"),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("resolution", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("description <> ''", name=op.f("ck_problem_has_description")),
        sa.CheckConstraint(
            "resolved_on IS NULL OR resolved_on >= found_on", name=op.f("ck_problem_resolved_after_it_was_found")
        ),
        sa.CheckConstraint("severity IS NULL OR severity BETWEEN 1 AND 3", name=op.f("ck_problem_severity_is_1_to_3")),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_problem_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kind_code"], ["problem_kind.code"], name=op.f("fk_problem_kind_code")),
        sa.ForeignKeyConstraint(["source_code"], ["identification_channel.code"], name=op.f("fk_problem_source_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
    )
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_problem_graduate_id"), ["graduate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_problem_kind_code"), ["kind_code"], unique=False)

    op.create_table(
        "responsibility",
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_responsibility_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_responsibility_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_responsibility_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index("ix_responsibility_agency_id_ends_on", ["agency_id", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_responsibility_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "section_check",
        sa.Column(
            "section",
            sa.Enum(
                "identity",
                "origin",
                "contacts",
                "education",
                "employment",
                "family",
                "housing",
                "problems",
                "support",
                name="section",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "section IN ('identity', 'origin', 'contacts', 'education', 'employment', 'family', 'housing', 'problems', 'support')",
            name=op.f("ck_section_check_section_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user_account.id"], name=op.f("fk_section_check_checked_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_section_check_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_check")),
        sa.UniqueConstraint("graduate_id", "section", name=op.f("uq_section_check_graduate_id_section")),
    )
    with op.batch_alter_table("section_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_section_check_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "situation",
        sa.Column("problems", sa.Text(), nullable=False, comment="Word for word; «нет» too"),
        sa.Column("work_done", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_situation_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_situation_agency_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_situation_graduate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation")),
    )
    with op.batch_alter_table("situation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_situation_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_situation_graduate_id"), ["graduate_id"], unique=False)

    op.create_table(
        "study",
        sa.Column("level_code", sa.String(length=40), nullable=True, comment="Attained"),
        sa.Column("status_code", sa.String(length=40), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation", sa.String(length=500), nullable=False, comment="Where it is none of our agencies"),
        sa.Column("course", sa.Integer(), nullable=True),
        sa.Column(
            "profession",
            sa.String(length=500),
            nullable=False,
            comment="Being learned, or learned; «нет» is kept as the office wrote it",
        ),
        sa.Column("is_state_funded", sa.Boolean(), nullable=True),
        sa.Column(
            "order_text",
            sa.String(length=500),
            nullable=False,
            comment="Admission, expulsion or leave: number and date",
        ),
        sa.Column("leave_code", sa.String(length=40), nullable=True),
        sa.Column("leave_ends_on", sa.Date(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="It began; or, where unknown, it was stated on this day"
        ),
        sa.Column("is_start_known", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="The last day"),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("graduate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("course IS NULL OR course BETWEEN 1 AND 9", name=op.f("ck_study_course_is_1_to_9")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_study_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_study_agency_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_study_graduate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leave_code"], ["leave_kind.code"], name=op.f("fk_study_leave_code")),
        sa.ForeignKeyConstraint(["level_code"], ["education_level.code"], name=op.f("fk_study_level_code")),
        sa.ForeignKeyConstraint(["status_code"], ["study_status.code"], name=op.f("fk_study_status_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
    )
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_graduate_id"), ["graduate_id"], unique=False)
    for statement in FTS if op.get_bind().dialect.name == "sqlite" else TRIGRAMS:
        op.execute(statement)
    heads = sa.table("chain_head", sa.column("chain"), sa.column("length"), sa.column("mac"))
    op.bulk_insert(heads, [{"chain": chain, "length": 0, "mac": ""} for chain in ("changes", "reading")])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE graduate_search")
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_study_agency_id"))

    op.drop_table("study")
    with op.batch_alter_table("situation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_situation_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_situation_agency_id"))

    op.drop_table("situation")
    with op.batch_alter_table("section_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_section_check_graduate_id"))

    op.drop_table("section_check")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_responsibility_graduate_id"))
        batch_op.drop_index("ix_responsibility_agency_id_ends_on")

    op.drop_table("responsibility")
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_problem_kind_code"))
        batch_op.drop_index(batch_op.f("ix_problem_graduate_id"))

    op.drop_table("problem")
    with op.batch_alter_table("possible_duplicate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_possible_duplicate_other_id"))

    op.drop_table("possible_duplicate")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_placement_district_id"))
        batch_op.drop_index(batch_op.f("ix_placement_agency_id"))

    op.drop_table("placement")
    with op.batch_alter_table("offence_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offence_record_graduate_id"))

    op.drop_table("offence_record")
    with op.batch_alter_table("income", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_income_graduate_id"))

    op.drop_table("income")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_row_graduate_id"))

    op.drop_table("import_row")
    with op.batch_alter_table("identity_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_document_graduate_id"))

    op.drop_table("identity_document")
    with op.batch_alter_table("housing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_housing_graduate_id"))

    op.drop_table("housing")
    with op.batch_alter_table("health_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_health_record_graduate_id"))

    op.drop_table("health_record")
    with op.batch_alter_table("family_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_family_status_graduate_id"))

    op.drop_table("family_status")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_graduate_id"))

    op.drop_table("employment")
    with op.batch_alter_table("dependant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dependant_graduate_id"))

    op.drop_table("dependant")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_graduate_id"))

    op.drop_table("contact")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_consent_agency_id"))

    op.drop_table("consent")
    with op.batch_alter_table("close_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_close_person_graduate_id"))

    op.drop_table("close_person")
    with op.batch_alter_table("category_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_decision_graduate_id"))

    op.drop_table("category_decision")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_user_id_starts_on")
        batch_op.drop_index(batch_op.f("ix_assignment_graduate_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_graduate_id"))
        batch_op.drop_index(batch_op.f("ix_address_district_id"))

    op.drop_table("address")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_user_id"))
        batch_op.drop_index("ix_import_batch_agency_id_id")

    op.drop_table("import_batch")
    with op.batch_alter_table("graduate", schema=None) as batch_op:
        batch_op.drop_index("ix_graduate_snils")
        batch_op.drop_index("ix_graduate_origin_list")
        batch_op.drop_index("ix_graduate_list")
        batch_op.drop_index("ix_graduate_identity")
        batch_op.drop_index(batch_op.f("ix_graduate_graduating_agency_id"))
        batch_op.drop_index("ix_graduate_district_list")
        batch_op.drop_index("ix_graduate_category")
        batch_op.drop_index("ix_graduate_birth_date")
        batch_op.drop_index("ix_graduate_agency_list")

    op.drop_table("graduate")
    op.drop_table("field_group_member")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_agency_id"))

    op.drop_table("user_account")
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_party_agency_id"))

    op.drop_table("agreement_party")
    with op.batch_alter_table("agency_district", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_district_district_id"))

    op.drop_table("agency_district")
    op.drop_table("termination_ground")
    op.drop_table("support_category")
    op.drop_table("study_status")
    op.drop_table("service_kind")
    op.drop_table("service_form")
    op.drop_table("refusal_reason")
    op.drop_table("problem_kind")
    op.drop_table("placement_form")
    op.drop_table("outcome")
    op.drop_table("marital_status")
    with op.batch_alter_table("login_failure", schema=None) as batch_op:
        batch_op.drop_index("ix_login_failure_address_at")

    op.drop_table("login_failure")
    op.drop_table("legal_status")
    op.drop_table("leave_kind")
    op.drop_table("kinship")
    op.drop_table("identification_channel")
    op.drop_table("housing_status")
    op.drop_table("graduate_refusal_reason")
    op.drop_table("exit_ground")
    op.drop_table("employment_status")
    op.drop_table("education_level")
    op.drop_table("document_kind")
    op.drop_table("district")
    op.drop_table("contact_kind")
    op.drop_table("consent_purpose")
    op.drop_table("channel")
    op.drop_table("chain_head")
    op.drop_table("care_loss_reason")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_user_id_seq")
        batch_op.drop_index("ix_audit_event_subject_subject_id_seq")
        batch_op.drop_index("ix_audit_event_graduate_id_seq")
        batch_op.drop_index("ix_audit_event_agency_id_seq")

    op.drop_table("audit_event")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_ends_on")

    op.drop_table("agreement")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_parent_id"))

    op.drop_table("agency")
    with op.batch_alter_table("access_event", schema=None) as batch_op:
        batch_op.drop_index("ix_access_event_user_id_seq")
        batch_op.drop_index("ix_access_event_subject_subject_id_seq")
        batch_op.drop_index("ix_access_event_agency_id_seq")

    op.drop_table("access_event")
