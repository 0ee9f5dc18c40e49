"""What a buyer and a business say to each other about a share, and what suppliers say about buyers, pooled.

Copies that travel and were printed before what is only pooled was left out of them are printed anew when somebody asks.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
may_shrink = ("rendered", "share_file")

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "talk",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        _of("talk", "grant_id", "share_grant.id"),
        sa.PrimaryKeyConstraint("grant_id", name="pk_talk"),
    )
    op.create_table(
        "talk_word",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=16), nullable=True),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        _of("talk_word", "grant_id", "share_grant.id"),
        _of("talk_word", "person_id", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("grant_id", "number", name="pk_talk_word"),
    )
    op.create_index("ix_talk_word_person_id", "talk_word", ["person_id"])
    _pressure()
    op.execute("DELETE FROM rendered WHERE rendered.copy IN ('buyer', 'wall')")
    op.execute("DELETE FROM share_file")


def _of(table: str, column: str, target: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=then)


def _pressure() -> None:
    op.create_table(
        "pressure_pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.Integer(), nullable=False),
        sa.Column("never", sa.Integer(), nullable=False),
        sa.Column("sometimes", sa.Integer(), nullable=False),
        sa.Column("often", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("over_on", sa.Date(), nullable=True),
        _of("pressure_pool", "buyer_id", "organisation.id"),
        sa.PrimaryKeyConstraint("id", name="pk_pressure_pool"),
    )
    op.create_index("ix_pressure_pool_buyer_id", "pressure_pool", ["buyer_id"])
    op.create_table(
        "pressure_pooled",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        _of("pressure_pooled", "pool_id", "pressure_pool.id"),
        _of("pressure_pooled", "submission_id", "submission.id"),
        _of("pressure_pooled", "supplier_id", "supplier.id"),
        sa.PrimaryKeyConstraint("pool_id", "submission_id", name="pk_pressure_pooled"),
    )
    op.create_index("ix_pressure_pooled_submission_id", "pressure_pooled", ["submission_id"])
    op.create_index("ix_pressure_pooled_supplier_id", "pressure_pooled", ["supplier_id"])
    op.create_table(
        "pressure_round",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        _of("pressure_round", "buyer_id", "organisation.id"),
        sa.PrimaryKeyConstraint("buyer_id", name="pk_pressure_round"),
    )
