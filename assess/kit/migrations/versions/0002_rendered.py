"""The finished PDFs of submissions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rendered",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("copy", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name="fk_rendered_submission_id_submission",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "copy", name="pk_rendered"),
    )
