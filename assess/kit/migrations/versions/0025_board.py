"""What the board is sorted and searched by, whose bars, goods and duties are, saved filters, and what was done with many at once.

The rule that empties a row when a share is deleted now finds the row whichever of several copies went, and takes the points
of whom to call first along.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WHOSE = "SELECT COALESCE(merged_into, id) FROM supplier WHERE id = OLD.supplier_id"
_FORGETS = (
    f"DELETE FROM standing_bar WHERE supplier_id IN ({_WHOSE}); DELETE FROM standing_good WHERE supplier_id IN ({_WHOSE}); "  # noqa: S608  # our own words
    f"DELETE FROM standing_duty WHERE supplier_id IN ({_WHOSE}); "
    "UPDATE standing SET band = NULL, shown_until = NULL, answered_on = NULL, good_until = NULL, open_steps = 0, "
    "done_steps = 0, late_steps = 0, next_step_due = NULL, call_points = 100, call_reasons = '[]', "
    f"status = CASE status WHEN 'shared' THEN 'share_over' ELSE status END WHERE supplier_id IN ({_WHOSE})"
)


def upgrade() -> None:
    _columns()
    _saved()
    _acts()
    _standing_forgets()


def _of(table: str, column: str, target: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=then)


def _columns() -> None:
    connection = op.get_bind()
    op.add_column("standing", sa.Column("sort_name", sa.String(length=360), nullable=False, server_default=""))
    op.add_column("standing", sa.Column("searched", sa.String(length=2000), nullable=False, server_default=""))
    rows = connection.execute(
        sa.text(
            "SELECT standing.supplier_id AS id, standing.name AS name, supplier.reference AS reference "
            "FROM standing JOIN supplier ON supplier.id = standing.supplier_id"
        )
    ).all()
    for row in rows:
        name = row.name.casefold()
        said = {"id": row.id, "name": name, "searched": f"{name}\n{row.reference.casefold()}"[:2000]}
        connection.execute(
            sa.text("UPDATE standing SET sort_name = :name, searched = :searched WHERE supplier_id = :id"), said
        )
    with op.batch_alter_table("standing") as batch:
        batch.alter_column("sort_name", server_default=None, existing_type=sa.String(length=360), existing_nullable=False)
        batch.alter_column("searched", server_default=None, existing_type=sa.String(length=2000), existing_nullable=False)
    op.drop_index("ix_standing_buyer_id_name", "standing")
    op.drop_index("ix_standing_buyer_id_status", "standing")
    op.create_index("ix_standing_buyer_id_sort_name", "standing", ["buyer_id", "sort_name", "supplier_id"])
    op.create_index(
        "ix_standing_buyer_id_status", "standing", ["buyer_id", "status", "due", "shown_until", "good_until"]
    )
    op.create_index("ix_standing_buyer_id_sector", "standing", ["buyer_id", "sector", "area"])
    for table in ("standing_bar", "standing_good", "standing_duty"):
        op.add_column(table, sa.Column("buyer_id", sa.Uuid(), nullable=True))
        op.execute(
            f"UPDATE {table} SET buyer_id = (SELECT buyer_id FROM standing WHERE standing.supplier_id = {table}.supplier_id)"  # noqa: S608  # our own words
        )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("buyer_id", nullable=False, existing_type=sa.Uuid())
            batch.create_foreign_key(
                f"fk_{table}_buyer_id_organisation", "organisation", ["buyer_id"], ["id"], ondelete="CASCADE"
            )
    op.create_index("ix_standing_bar_buyer_id_name", "standing_bar", ["buyer_id", "name", "step", "supplier_id"])
    op.create_index("ix_standing_good_buyer_id_good", "standing_good", ["buyer_id", "good", "place", "supplier_id"])
    op.create_index("ix_standing_good_buyer_id_place", "standing_good", ["buyer_id", "place", "good", "supplier_id"])
    op.create_index("ix_standing_duty_buyer_id_title", "standing_duty", ["buyer_id", "title", "done", "supplier_id"])


def _saved() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1500), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        _of("saved_filter", "buyer_id", "organisation.id"),
        _of("saved_filter", "person_id", "person.id"),
        sa.UniqueConstraint("buyer_id", "person_id", "name", name="uq_saved_filter_buyer_id_person_id_name"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filter"),
    )
    op.create_index("ix_saved_filter_person_id", "saved_filter", ["person_id"])


def _acts() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("undo_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _of("bulk_act", "buyer_id", "organisation.id"),
        _of("bulk_act", "by_person", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_act"),
    )
    op.create_index("ix_bulk_act_buyer_id", "bulk_act", ["buyer_id"])
    op.create_index("ix_bulk_act_by_person", "bulk_act", ["by_person"])
    op.create_table(
        "bulk_item",
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        _of("bulk_item", "act_id", "bulk_act.id"),
        _of("bulk_item", "supplier_id", "supplier.id"),
        sa.PrimaryKeyConstraint("act_id", "supplier_id", name="pk_bulk_item"),
    )
    op.create_index("ix_bulk_item_supplier_id", "bulk_item", ["supplier_id"])
    op.create_index("ix_bulk_item_act_id_outcome", "bulk_item", ["act_id", "outcome"])


def _standing_forgets() -> None:
    """What a row of the board has from a copy goes with its share."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER standing_forgets")
        op.execute(f"CREATE TRIGGER standing_forgets BEFORE DELETE ON share_grant BEGIN {_FORGETS}; END")
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION standing_forgets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_FORGETS}; RETURN OLD; END $$"
    )
