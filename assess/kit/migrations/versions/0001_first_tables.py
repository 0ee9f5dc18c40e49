"""The first tables, and the triggers that keep what is frozen frozen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FROZEN = ("submission", "answer_event")
"""Rows of these tables are never changed, and go only together with their assessment."""


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("source", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("compiled", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('published', 'withdrawn')", name="ck_edition_known_stage"),
        sa.CheckConstraint("number >= 1", name="ck_edition_numbered_from_one"),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
        sa.UniqueConstraint("bank", "number", name="uq_edition_bank_number"),
    )
    op.create_index("ix_edition_digest", "edition", ["digest"], unique=False)
    op.create_table(
        "rate_counter",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_counter"),
    )
    op.create_index("ix_rate_counter_until", "rate_counter", ["until"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_assessment_edition_id_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_index("ix_assessment_changed_at", "assessment", ["changed_at"], unique=False)
    op.create_index("ix_assessment_edition_id", "assessment", ["edition_id"], unique=False)
    op.create_table(
        "edition_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_edition_event_edition_id_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_edition_event"),
    )
    op.create_index("ix_edition_event_edition_id", "edition_event", ["edition_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_answer_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "part", "question", name="pk_answer"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answer_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_answer_event_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answer_event"),
        sa.UniqueConstraint(
            "assessment_id", "part", "question", "revision", name="uq_answer_event_assessment_id_part_question_revision"
        ),
    )
    op.create_table(
        "resume_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_resume_link_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_resume_link"),
        sa.UniqueConstraint("token_hash", name="uq_resume_link_token_hash"),
    )
    op.create_index("ix_resume_link_assessment_id", "resume_link", ["assessment_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("engine", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_submission_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_submission_edition_id_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("assessment_id", "number", name="uq_submission_assessment_id_number"),
    )
    op.create_index("ix_submission_band", "submission", ["band"], unique=False)
    op.create_index("ix_submission_edition_id", "submission", ["edition_id"], unique=False)
    op.create_index("ix_submission_score", "submission", ["score"], unique=False)
    op.create_index("ix_submission_sector", "submission", ["sector"], unique=False)
    op.create_table(
        "buyer_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_buyer_link_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_buyer_link_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_buyer_link"),
        sa.UniqueConstraint("token_hash", name="uq_buyer_link_token_hash"),
    )
    op.create_index("ix_buyer_link_assessment_id", "buyer_link", ["assessment_id"], unique=False)
    op.create_index("ix_buyer_link_submission_id", "buyer_link", ["submission_id"], unique=False)
    op.create_table(
        "rendered",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("copy", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_rendered_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", "copy", name="pk_rendered"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("resume_link_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_link_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(assessment_id IS NULL) <> (buyer_link_id IS NULL)", name="ck_visit_opens_one_thing"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_visit_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["buyer_link_id"], ["buyer_link.id"], name="fk_visit_buyer_link_id_buyer_link", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resume_link_id"], ["resume_link.id"], name="fk_visit_resume_link_id_resume_link", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    op.create_index("ix_visit_assessment_id", "visit", ["assessment_id"], unique=False)
    op.create_index("ix_visit_buyer_link_id", "visit", ["buyer_link_id"], unique=False)
    op.create_index("ix_visit_resume_link_id", "visit", ["resume_link_id"], unique=False)
    op.create_index("ix_visit_token_hash", "visit", ["token_hash"], unique=False)
    op.create_index("ix_visit_until", "visit", ["until"], unique=False)

    _freeze_editions()
    for table in FROZEN:
        _freeze(table)


def _freeze(table: str) -> None:
    """Refuse changes of a row, and its removal while the assessment it belongs to is there."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "
            "WHEN EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id) "
            f"BEGIN SELECT RAISE(ABORT, 'a row of {table} goes only with its assessment'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' THEN "
        f"RAISE EXCEPTION 'a row of {table} is never changed' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id) THEN "
        f"RAISE EXCEPTION 'a row of {table} goes only with its assessment' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_frozen()"
    )


def _freeze_editions() -> None:
    """Refuse changes of the text of an edition, its removal, and every change of its history."""
    text = "id, bank, number, source, compiled, digest, published_at"
    for name, table, when, says in (
        ("edition_is_frozen", "edition", f"UPDATE OF {text}", "a published edition is never changed or removed"),
        ("edition_stays", "edition", "DELETE", "a published edition is never changed or removed"),
        ("edition_event_is_frozen", "edition_event", "UPDATE", "the history of editions is never changed or removed"),
        ("edition_event_stays", "edition_event", "DELETE", "the history of editions is never changed or removed"),
    ):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{says}'); END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
