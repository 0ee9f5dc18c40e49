"""Letters by their numbers, the brakes on them, the letter that corrects them, who wants no mails about shares, and the sender of a mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in ("sender_name", "reply_to"):
        op.add_column("outbox", sa.Column(column, sa.String(), nullable=True))
    op.add_column("invitation_link", sa.Column("buyer", sa.String(length=120), nullable=True))
    op.create_table(
        "supplier_letter",
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("buyer", sa.String(length=120), nullable=False),
        sa.Column("asked_from", sa.String(length=253), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("refused_at", _MOMENT, nullable=True),
        sa.Column("stopped_at", _MOMENT, nullable=True),
        sa.Column("not_known_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_supplier_letter"),
        sa.UniqueConstraint("event", name="uq_supplier_letter_event"),
    )
    op.create_index("ix_supplier_letter_buyer_id_made_at", "supplier_letter", ["buyer_id", "made_at"])
    op.create_index("ix_supplier_letter_asked_from", "supplier_letter", ["asked_from"])
    op.create_index("ix_supplier_letter_made_at", "supplier_letter", ["made_at"])
    op.create_table(
        "not_known",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisation.id"], name="fk_not_known_buyer_id_organisation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("buyer_id", "mark", name="pk_not_known"),
    )
    op.create_table(
        "letter_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("lifted_at", _MOMENT, nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organisation.id"], name="fk_letter_pause_buyer_id_organisation", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["person.id"], name="fk_letter_pause_lifted_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_pause"),
    )
    op.create_index("ix_letter_pause_buyer_id", "letter_pause", ["buyer_id"])
    op.create_index("ix_letter_pause_lifted_by", "letter_pause", ["lifted_by"])
    op.create_table(
        "letter_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=True),
        sa.CheckConstraint("sent_by <> taken_back_by", name="ck_letter_correction_a_second_person"),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["person.id"], name="fk_letter_correction_taken_back_by_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["person.id"], name="fk_letter_correction_sent_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_correction"),
    )
    for column in ("buyer_id", "taken_back_by", "sent_by"):
        op.create_index(f"ix_letter_correction_{column}", "letter_correction", [column])
