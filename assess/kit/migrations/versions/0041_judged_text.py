"""What kinds of details a free text seems to hold, kept with its keyed digest, so that no text is judged again at each look.

Texts of before are judged when somebody looks at their list for the first time. Notes that a question is hard to understand go: they may
hold words of somebody's own, and hold reasons to choose from here on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None
may_shrink = ("unclear_note",)


def upgrade() -> None:
    op.execute("DELETE FROM unclear_note")
    op.create_table(
        "judged_text",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kinds", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_judged_text_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "mark", name="pk_judged_text"),
    )
