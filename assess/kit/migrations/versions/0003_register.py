"""The action register: its items, their notes of evidence, and a history that nobody can alter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_item",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("response", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("reason_text", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=True),
        sa.Column("notes_made", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_register_item_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", "key", name="pk_register_item"),
    )
    op.create_table(
        "register_evidence",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("dated", sa.String(length=10), nullable=True),
        sa.Column("good_until", sa.String(length=10), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id", "key"],
            ["register_item.submission_id", "register_item.key"],
            name="fk_register_evidence_submission_id_register_item",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "key", "number", name="pk_register_evidence"),
    )
    op.create_table(
        "register_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_register_event_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_register_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_register_event_submission_id", "register_event", ["submission_id", "key"], unique=False)
    only_changes = sa.text("what <> 'offered'")
    op.create_index(
        "uq_register_event_submission_id",
        "register_event",
        ["submission_id", "key", "revision"],
        unique=True,
        sqlite_where=only_changes,
        postgresql_where=only_changes,
    )
    _freeze_history()


def _freeze_history() -> None:
    """Refuse changes of the history, and its removal while the submission it belongs to is there."""
    changed, alone = "a row of register_event is never changed", "a row of register_event goes only with its submission"
    there = "EXISTS (SELECT 1 FROM submission WHERE submission.id = OLD.submission_id)"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER register_event_is_frozen BEFORE UPDATE ON register_event "
            f"BEGIN SELECT RAISE(ABORT, '{changed}'); END"
        )
        op.execute(
            f"CREATE TRIGGER register_event_stays BEFORE DELETE ON register_event WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{alone}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION register_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION '{changed}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"IF {there} THEN RAISE EXCEPTION '{alone}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER register_event_is_frozen BEFORE UPDATE OR DELETE ON register_event "
        "FOR EACH ROW EXECUTE FUNCTION register_event_is_frozen()"
    )
