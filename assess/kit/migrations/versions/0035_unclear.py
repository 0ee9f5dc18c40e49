"""Notes that a question is hard to understand: they hang on nothing, and lie in no order of time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unclear_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unclear_note"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_unclear_note_question", "unclear_note", ["question", "month"])
