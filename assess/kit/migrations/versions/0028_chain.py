"""Entries that are put together stay flat and of one buyer; entries that were told apart; who lets the chain be seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "told_apart",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("one_id < other_id", name="ck_told_apart_smaller_first"),
        _of("told_apart", "one_id", "supplier.id"),
        _of("told_apart", "other_id", "supplier.id"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="pk_told_apart"),
    )
    op.create_index("ix_told_apart_other_id", "told_apart", ["other_id"])
    op.create_table(
        "chain_showing",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("shows", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _of("chain_showing", "buyer_id", "organisation.id"),
        _of("chain_showing", "organisation_id", "organisation.id"),
        sa.PrimaryKeyConstraint("organisation_id", "buyer_id", name="pk_chain_showing"),
    )
    op.create_index("ix_chain_showing_buyer_id", "chain_showing", ["buyer_id"])
    op.create_table(
        "chain_naming",
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("may", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _of("chain_naming", "supplier_id", "supplier.id"),
        sa.PrimaryKeyConstraint("supplier_id", name="pk_chain_naming"),
    )
    _put_together_stays_flat()


def _of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE")


def _put_together_stays_flat() -> None:
    """An entry is put together with one of the same buyer that is no part itself, and stands for none. No chain, no circle."""
    says = "an entry is put together with one of the same buyer that is no part itself"
    if op.get_bind().dialect.name == "sqlite":
        fits = "SELECT 1 FROM supplier WHERE id = NEW.merged_into AND buyer_id = NEW.buyer_id AND merged_into IS NULL"
        stands = "SELECT 1 FROM supplier WHERE merged_into = NEW.id"
        when = f"NEW.merged_into IS NOT NULL AND (NOT EXISTS ({fits}) OR EXISTS ({stands}))"
        for name, event in (("kept", "UPDATE OF merged_into, buyer_id"), ("made", "INSERT")):
            op.execute(
                f"CREATE TRIGGER supplier_flat_when_{name} BEFORE {event} ON supplier WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
        return
    # the row it goes to is held, and read as it is once nobody else holds it: of two at once the second one sees the first
    op.execute(
        "CREATE FUNCTION supplier_stays_flat() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE root supplier%ROWTYPE; BEGIN "
        "IF NEW.merged_into IS NULL THEN RETURN NEW; END IF; "
        "SELECT * INTO root FROM supplier WHERE id = NEW.merged_into FOR UPDATE; "
        "IF NOT FOUND OR root.buyer_id <> NEW.buyer_id OR root.merged_into IS NOT NULL "
        "OR EXISTS (SELECT 1 FROM supplier WHERE merged_into = NEW.id) "
        f"THEN RAISE EXCEPTION '{says}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER supplier_stays_flat BEFORE INSERT OR UPDATE OF merged_into, buyer_id ON supplier "
        "FOR EACH ROW EXECUTE FUNCTION supplier_stays_flat()"
    )
