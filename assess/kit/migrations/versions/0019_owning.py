"""What is to be confirmed again, help by a coordinator, and the printed cover of an organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "to_confirm",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_to_confirm_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "part", "question", name="pk_to_confirm"),
        sqlite_with_rowid=False,
    )
    _together()
    op.create_table(
        "cover_file",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_cover_file_organisation_id_organisation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_cover_file"),
    )
    _forget_covers()


def _together() -> None:
    op.create_table(
        "together",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("code_until", _MOMENT, nullable=False),
        sa.Column("coordinator_id", sa.Uuid(), nullable=True),
        sa.Column("began_at", _MOMENT, nullable=True),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_together_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coordinator_id"], ["person.id"], name="fk_together_coordinator_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_together"),
        sa.UniqueConstraint("code_hash", name="uq_together_code_hash"),
    )
    for column in ("assessment_id", "coordinator_id"):
        op.create_index(f"ix_together_{column}", "together", [column])
    op.create_table(
        "answered_together",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("together_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name="fk_answered_together_assessment_id_assessment",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["together_id"], ["together.id"], name="fk_answered_together_together_id_together", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "part", "question", "revision", name="pk_answered_together"),
    )
    op.create_index("ix_answered_together_together_id", "answered_together", ["together_id"])


def _forget_covers() -> None:
    """A cover tells of every assessment of its organisation, so it goes when one of them goes."""
    gone = "DELETE FROM cover_file WHERE organisation_id = OLD.organisation_id"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER cover_goes AFTER DELETE ON assessment BEGIN {gone}; END")
        op.execute(f"CREATE TRIGGER cover_moves AFTER UPDATE OF organisation_id ON assessment BEGIN {gone}; END")
        return
    op.execute(f"CREATE FUNCTION cover_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {gone}; RETURN NULL; END $$")
    op.execute(
        "CREATE TRIGGER cover_goes AFTER DELETE OR UPDATE OF organisation_id ON assessment "
        "FOR EACH ROW EXECUTE FUNCTION cover_goes()"
    )
