"""Who wrote, published or withdrew an edition, and why; and rehearsals of drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DIGEST = sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "edition_byline",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["edition_event.id"], name="fk_edition_byline_event_id_edition_event"
        ),
        _person("author_id"),
        _person("person_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_edition_byline"),
    )
    for column in ("author_id", "person_id"):
        op.create_index(f"ix_edition_byline_{column}", "edition_byline", [column])
    _refuse("edition_byline_is_frozen", "UPDATE OF event_id, why")
    _refuse("edition_byline_stays", "DELETE")
    _refuse("edition_author_stays", "UPDATE OF author_id", "NEW.author_id IS NOT NULL")
    _refuse("edition_person_stays", "UPDATE OF person_id", "NEW.person_id IS NOT NULL")
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.String(length=60), nullable=False),
        sa.Column("before", _DIGEST, nullable=False),
        sa.Column("after", _DIGEST, nullable=False),
        sa.Column("settings", _DIGEST, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done_until", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_rehearsal_draft_id_draft", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_rehearsal"),
    )
    op.create_index("ix_rehearsal_draft_id_bank", "rehearsal", ["draft_id", "bank"])


def _person(column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_edition_byline_{column}_person"
    return sa.ForeignKeyConstraint([column], ["person.id"], name=name, ondelete="SET NULL")


def _refuse(name: str, when: str, only_if: str = "") -> None:
    """Refuse changes; that somebody has left is no change."""
    says = "the history of editions is never changed or removed"
    if op.get_bind().dialect.name == "sqlite":
        only = f"WHEN {only_if} " if only_if else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON edition_byline {only}BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    only = f"WHEN ({only_if}) " if only_if else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON edition_byline FOR EACH ROW {only}EXECUTE FUNCTION {name}()")
