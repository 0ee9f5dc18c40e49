"""The months of a buyer's picture, its printed summary, and a rule: points that rest on a copy go with the share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WHOSE = (
    "supplier_id IN (SELECT supplier_id FROM standing WHERE grant_id = OLD.id) OR supplier_id = OLD.supplier_id "
    "OR supplier_id IN (SELECT merged_into FROM supplier WHERE id = OLD.supplier_id)"
)
_FORGETS = (
    "DELETE FROM summary_file WHERE buyer_id IN (SELECT buyer_id FROM supplier WHERE id = OLD.supplier_id) "
    "OR buyer_id IN (SELECT buyer_id FROM standing WHERE grant_id = OLD.id); "
    f"UPDATE standing SET call_points = 100, call_reasons = '[]' WHERE {_WHOSE}"
)
"""100 and no reasons: whoever reads works them out anew, and until then it stands where nothing is known."""


def upgrade() -> None:
    op.create_table(
        "picture_month",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisation.id"], name="fk_picture_month_buyer_id_organisation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("buyer_id", "month", name="pk_picture_month"),
    )
    op.create_table(
        "summary_file",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("names", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisation.id"], name="fk_summary_file_buyer_id_organisation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("buyer_id", "names", name="pk_summary_file"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER calling_forgets BEFORE DELETE ON share_grant BEGIN {_FORGETS}; END")
        return
    op.execute(
        f"CREATE FUNCTION calling_forgets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_FORGETS}; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER calling_forgets BEFORE DELETE ON share_grant FOR EACH ROW EXECUTE FUNCTION calling_forgets()"
    )
