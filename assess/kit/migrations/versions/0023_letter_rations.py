"""How many letters go out for one buyer on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_ration",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisation.id"], name="fk_letter_ration_buyer_id_organisation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("buyer_id", "day", name="pk_letter_ration"),
    )
