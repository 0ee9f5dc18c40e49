"""Which letter carries a link of an invitation, and which letter a browser opened: only by a letter that left may a supplier let itself be named.

A yes to being named goes where a link was made by hand before it: the buyer may have said it. Whoever manages the organisation that
answers can say it again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
may_shrink = ("chain_naming",)


def upgrade() -> None:
    op.add_column("invitation_link", sa.Column("letter", sa.String(length=120), nullable=True))
    op.add_column("visit", sa.Column("letter", sa.String(length=120), nullable=True))
    # a letter and its links were made in the same moment, and its name begins with the invitation
    op.execute(
        "UPDATE invitation_link SET letter = (SELECT min(supplier_letter.event) FROM supplier_letter "
        "WHERE supplier_letter.made_at = invitation_link.made_at AND substr(supplier_letter.event, 1, 53) = "
        "'supplier invitation ' || replace(CAST(invitation_link.invitation_id AS TEXT), '-', '') || ' ')"
    )
    op.execute(
        "DELETE FROM chain_naming WHERE may AND EXISTS (SELECT 1 FROM supplier_event "
        "WHERE supplier_event.supplier_id = chain_naming.supplier_id AND supplier_event.what = 'link_made' "
        "AND supplier_event.at <= chain_naming.at)"
    )
