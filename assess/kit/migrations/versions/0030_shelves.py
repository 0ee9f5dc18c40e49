"""All files of the banks as they stood, each text once; and which text of each the release brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sheet_text",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sheet_text"),
    )
    op.create_table(
        "shelf_state",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sheets", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_shelf_state_person_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_shelf_state"),
    )
    op.create_index("ix_shelf_state_person_id", "shelf_state", ["person_id"])
    op.create_table(
        "release_sheet",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_release_sheet"),
    )
    for name, table, when in (
        ("sheet_text_is_frozen", "sheet_text", "UPDATE"),
        ("sheet_text_stays", "sheet_text", "DELETE"),
        ("shelf_state_is_frozen", "shelf_state", "UPDATE OF number, digest, sheets, reason, at"),
        ("shelf_state_stays", "shelf_state", "DELETE"),
    ):
        _refuse(name, table, when, "what the banks once were is never changed or removed")


def _refuse(name: str, table: str, when: str, says: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{says}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
