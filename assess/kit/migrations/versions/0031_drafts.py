"""Drafts of the files of the banks; nobody publishes what they edited themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_EDITED_IT = (
    "EXISTS (SELECT 1 FROM draft_event WHERE draft_event.draft_id = NEW.id AND draft_event.person_id = NEW.publisher_id "
    "AND draft_event.deed IN ('begun', 'edited'))"
)


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("began_with", sa.Integer(), nullable=False),
        sa.Column("became", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("publisher_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("publisher_id IS NULL OR publisher_id <> author_id", name="ck_draft_four_eyes"),
        sa.CheckConstraint("(stage = 'published') = (became IS NOT NULL)", name="ck_draft_a_shelf_when_published"),
        sa.ForeignKeyConstraint(["began_with"], ["shelf_state.number"], name="fk_draft_began_with_shelf_state"),
        sa.ForeignKeyConstraint(["became"], ["shelf_state.number"], name="fk_draft_became_shelf_state"),
        _person("draft", "author_id"),
        _person("draft", "publisher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
    )
    op.create_index("ix_draft_author_id", "draft", ["author_id"])
    op.create_index("ix_draft_publisher_id", "draft", ["publisher_id"])
    op.create_table(
        "draft_sheet",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _draft("draft_sheet"),
        sa.PrimaryKeyConstraint("draft_id", "name", name="pk_draft_sheet"),
    )
    op.create_index("uq_draft_sheet_name", "draft_sheet", ["name"], unique=True)
    op.create_table(
        "draft_event",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _draft("draft_event"),
        _person("draft_event", "person_id"),
        sa.PrimaryKeyConstraint("draft_id", "number", name="pk_draft_event"),
    )
    op.create_index("ix_draft_event_person_id", "draft_event", ["person_id"])
    _refuse_own()


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=f"fk_{table}_{column}_person", ondelete="SET NULL")


def _draft(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=f"fk_{table}_draft_id_draft", ondelete="CASCADE")


def _refuse_own() -> None:
    """Refuse a publisher who edited the draft."""
    says = "nobody publishes what they edited themselves"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER draft_needs_another BEFORE UPDATE OF publisher_id ON draft "
            f"WHEN NEW.publisher_id IS NOT NULL AND {_EDITED_IT} BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION draft_needs_another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.publisher_id IS NOT NULL AND {_EDITED_IT} THEN "
        f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER draft_needs_another BEFORE UPDATE OF publisher_id ON draft "
        "FOR EACH ROW EXECUTE FUNCTION draft_needs_another()"
    )
