"""Moves of an assessment to a newer edition, and why an answer waits to be confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_THERE = "EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id)"
_FIXED = ("id", "assessment_id", "version", "from_edition_id", "to_edition_id", "before", "moved_at")
_NEVER, _STAYS = "a move is never changed, only undone once", "a move goes only with its assessment"


def upgrade() -> None:
    op.add_column("to_confirm", sa.Column("because", sa.String(length=40), nullable=False, server_default="copied"))
    op.create_table(
        "edition_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_edition_id", sa.Integer(), nullable=False),
        sa.Column("to_edition_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("moved_at", _MOMENT, nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_edition_move_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["from_edition_id"], ["edition.id"], name="fk_edition_move_from_edition_id_edition"),
        sa.ForeignKeyConstraint(["to_edition_id"], ["edition.id"], name="fk_edition_move_to_edition_id_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_edition_move"),
    )
    for column in ("assessment_id", "from_edition_id", "to_edition_id"):
        op.create_index(f"ix_edition_move_{column}", "edition_move", [column])
    (_freeze_in_sqlite if op.get_bind().dialect.name == "sqlite" else _freeze_in_postgresql)()


def _freeze_in_sqlite() -> None:
    same = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in _FIXED)
    op.execute(
        "CREATE TRIGGER edition_move_is_frozen BEFORE UPDATE ON edition_move "
        f"WHEN NOT (OLD.undone_at IS NULL AND {same}) BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
    )
    op.execute(
        f"CREATE TRIGGER edition_move_stays BEFORE DELETE ON edition_move WHEN {_THERE} "
        f"BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"
    )


def _freeze_in_postgresql() -> None:
    same = " AND ".join(f'NEW."{column}"::text IS NOT DISTINCT FROM OLD."{column}"::text' for column in _FIXED)
    refused = "USING ERRCODE = 'integrity_constraint_violation'"
    op.execute(
        "CREATE FUNCTION edition_move_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF OLD.undone_at IS NULL AND {same} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{_NEVER}' {refused}; END IF; "
        f"IF {_THERE} THEN RAISE EXCEPTION '{_STAYS}' {refused}; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER edition_move_is_frozen BEFORE UPDATE OR DELETE ON edition_move "
        "FOR EACH ROW EXECUTE FUNCTION edition_move_is_frozen()"
    )
