"""What waits for a second person: contacts asked to be changed or blanked, and editions that were withdrawn. Why a mend was undone.

Since when somebody has a desk and who gave it: whoever has one already counts as having it for long.

An edition that is withdrawn already waits as well: its text may still be in the files in use.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("desk_given_at", _MOMENT, nullable=True))
    op.add_column("person", sa.Column("desk_given_by", sa.Uuid(), nullable=True))
    op.add_column("mend", sa.Column("answer", sa.String(length=500), nullable=True))
    op.create_table(
        "contact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("called", sa.String(length=600), nullable=False),
        sa.Column("before", _JSON, nullable=False),
        sa.Column("after", _JSON, nullable=False),
        sa.Column("seen_at", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.CheckConstraint("decided_by <> by_id", name="ck_contact_change_a_second_person"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL)", name="ck_contact_change_a_decision_says_something"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_contact_change_by_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_contact_change_decided_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact_change"),
    )
    op.create_index("ix_contact_change_by_id", "contact_change", ["by_id"])
    op.create_index("ix_contact_change_decided_by", "contact_change", ["decided_by"])
    op.create_table(
        "withdrawal",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.CheckConstraint("confirmed_by <> by_id", name="ck_withdrawal_a_second_person"),
        sa.ForeignKeyConstraint(["event_id"], ["edition_event.id"], name="fk_withdrawal_event_id_edition_event"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_withdrawal_edition_id_edition"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_withdrawal_by_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name="fk_withdrawal_confirmed_by_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_withdrawal"),
    )
    op.create_index("ix_withdrawal_edition_id", "withdrawal", ["edition_id"])
    op.create_index("ix_withdrawal_by_id", "withdrawal", ["by_id"])
    op.create_index("ix_withdrawal_confirmed_by", "withdrawal", ["confirmed_by"])
    op.execute(
        "INSERT INTO withdrawal (event_id, edition_id, by_id, at) "
        "SELECT edition_event.id, edition.id, edition_byline.person_id, edition_event.at FROM edition "
        "JOIN edition_event ON edition_event.edition_id = edition.id "
        "LEFT JOIN edition_byline ON edition_byline.event_id = edition_event.id "
        "WHERE edition.stage = 'withdrawn' AND edition_event.id = "
        "(SELECT max(later.id) FROM edition_event AS later WHERE later.edition_id = edition.id)"
    )
