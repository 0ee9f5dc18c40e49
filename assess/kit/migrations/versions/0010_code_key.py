"""The secret of check codes. What was printed with codes that needed no secret is printed anew.

Whoever knew the rest of a copy could work such a code out for any result, and `/check` said whether it was so. The codes cannot
be remembered without leaving that open for every plan made so far, so they go. So do the files that bear them: each is printed
again, with its new code, when somebody next asks for it.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
may_shrink = ("check_code", "rendered")


def upgrade() -> None:
    made = op.create_table(
        "code_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_code_key"),
    )
    op.bulk_insert(made, [{"key": secrets.token_hex(32)}])
    op.execute("DELETE FROM check_code")
    op.execute("DELETE FROM rendered")
