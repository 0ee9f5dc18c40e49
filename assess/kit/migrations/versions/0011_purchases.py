"""What a business buys: its lines, and each state a line ever had, which nobody can alter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase_line",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("good", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_purchase_line_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "number", name="pk_purchase_line"),
    )
    op.create_table(
        "purchase_event",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id", "number"],
            ["purchase_line.assessment_id", "purchase_line.number"],
            name="fk_purchase_event_assessment_id_purchase_line",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assessment_id", "number", "revision", name="pk_purchase_event"),
    )
    _freeze_events()


def _freeze_events() -> None:
    """Refuse changes of an event, and its removal while the line it belongs to is there."""
    changed, alone = "a row of purchase_event is never changed", "a row of purchase_event goes only with its line"
    there = (
        "EXISTS (SELECT 1 FROM purchase_line WHERE purchase_line.assessment_id = OLD.assessment_id"
        " AND purchase_line.number = OLD.number)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER purchase_event_is_frozen BEFORE UPDATE ON purchase_event "
            f"BEGIN SELECT RAISE(ABORT, '{changed}'); END"
        )
        op.execute(
            f"CREATE TRIGGER purchase_event_stays BEFORE DELETE ON purchase_event WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{alone}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION purchase_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION '{changed}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"IF {there} THEN RAISE EXCEPTION '{alone}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER purchase_event_is_frozen BEFORE UPDATE OR DELETE ON purchase_event "
        "FOR EACH ROW EXECUTE FUNCTION purchase_event_is_frozen()"
    )
