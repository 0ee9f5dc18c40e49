"""Imports of suppliers from a file, and their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "supplier_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("in_busy_season", sa.Boolean(), nullable=False),
        sa.Column("told", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _of("supplier_import", "buyer_id", "organisation.id"),
        _of("supplier_import", "by_person", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_import"),
    )
    op.create_index("ix_supplier_import_buyer_id", "supplier_import", ["buyer_id"])
    op.create_index("ix_supplier_import_by_person", "supplier_import", ["by_person"])
    op.create_table(
        "supplier_import_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=True),
        sa.Column("values", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("faults", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        _of("supplier_import_row", "import_id", "supplier_import.id"),
        _of("supplier_import_row", "supplier_id", "supplier.id", "SET NULL"),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_supplier_import_row"),
    )
    op.create_index("ix_supplier_import_row_supplier_id", "supplier_import_row", ["supplier_id"])


def _of(table: str, column: str, target: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=then)
