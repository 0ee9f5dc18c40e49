"""Numbers and links that were mended at once; nobody is the second to look at their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "mend",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=120), nullable=False),
        sa.Column("steps", _JSON, nullable=False),
        sa.Column("what", sa.String(length=400), nullable=False),
        sa.Column("before", _JSON, nullable=False),
        sa.Column("after", _JSON, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("shelf", sa.Integer(), nullable=False),
        sa.Column("editions", _JSON, nullable=False),
        sa.Column("looked_by", sa.Uuid(), nullable=True),
        sa.Column("looked_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.CheckConstraint("looked_by <> by_id", name="ck_mend_a_second_look"),
        sa.CheckConstraint("(looked_at IS NULL) = (outcome IS NULL)", name="ck_mend_a_look_says_something"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_mend_by_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["looked_by"], ["person.id"], name="fk_mend_looked_by_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["shelf"], ["shelf_state.number"], name="fk_mend_shelf_shelf_state"),
        sa.PrimaryKeyConstraint("id", name="pk_mend"),
    )
    op.create_index("ix_mend_by_id", "mend", ["by_id"])
    op.create_index("ix_mend_looked_by", "mend", ["looked_by"])
