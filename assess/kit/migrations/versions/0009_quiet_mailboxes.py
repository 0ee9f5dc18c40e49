"""Mailboxes that pressed stop and are left in peace, as marks from which no address can be had back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiet_mailbox",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_quiet_mailbox"),
    )
    op.create_index("ix_quiet_mailbox_until", "quiet_mailbox", ["until"], unique=False)
