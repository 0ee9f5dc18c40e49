"""The audit log, which only ever grows, and the numbers under which it speaks of assessments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STAYS = "an event of the audit log is never changed or removed"
_NEXT = "an event of the audit log takes the next number"


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("who_kind", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=True),
        sa.Column("about_kind", sa.String(length=30), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("assessment_alias", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("key_name", sa.String(length=16), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_assessment_alias", "audit_event", ["assessment_alias"])
    of_an_organisation = sa.text("organisation_id IS NOT NULL")
    op.create_index(
        "ix_audit_event_organisation_id",
        "audit_event",
        ["organisation_id"],
        sqlite_where=of_an_organisation,
        postgresql_where=of_an_organisation,
    )
    op.create_table(
        "audit_alias",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_audit_alias_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", name="pk_audit_alias"),
        sa.UniqueConstraint("alias", name="uq_audit_alias_alias"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_in_sqlite()
    else:
        _guard_in_postgresql()


def _guard_in_sqlite() -> None:
    for name, when in (("is_frozen", "UPDATE"), ("stays", "DELETE")):
        op.execute(
            f"CREATE TRIGGER audit_event_{name} BEFORE {when} ON audit_event BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END"
        )
    # REPLACE would delete without asking the trigger above: a number that is there already is refused before that
    op.execute(
        "CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event "
        "WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit_event) "
        f"BEGIN SELECT RAISE(ABORT, '{_NEXT}'); END"
    )


def _guard_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{_STAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION audit_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit_event) THEN "
        f"RAISE EXCEPTION '{_NEXT}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_stays()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_is_not_emptied BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_follows()"
    )
