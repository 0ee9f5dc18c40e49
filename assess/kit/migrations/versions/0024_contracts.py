"""The register of contracts with its history, and results of other schemes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("value_gbp", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("regime", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("levels", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("notes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("tier_reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed", sa.String(length=40), nullable=True),
        sa.Column("asks", sa.String(length=40), nullable=True),
        sa.Column("asks_reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_by", sa.String(length=254), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("design", sa.String(length=2000), nullable=False),
        sa.Column("terms", sa.String(length=2000), nullable=False),
        sa.Column("management", sa.String(length=2000), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name="fk_contract_supplier_id_supplier", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contract"),
    )
    op.create_index("ix_contract_supplier_id", "contract", ["supplier_id"])
    op.create_table(
        "contract_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=254), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person"], ["person.id"], name="fk_contract_event_by_person_person", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name="fk_contract_event_supplier_id_supplier", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contract_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contract_event_by_person", "contract_event", ["by_person"])
    op.create_index(
        "ix_contract_event_supplier_id_contract_id", "contract_event", ["supplier_id", "contract_id", "id"]
    )
    op.create_table(
        "other_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("interviews", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=254), nullable=False),
        sa.Column("taken_until", sa.Date(), nullable=True),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["supplier_invitation.id"],
            name="fk_other_result_invitation_id_supplier_invitation",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("invitation_id", "scheme", name="uq_other_result_invitation_id_scheme"),
        sa.PrimaryKeyConstraint("id", name="pk_other_result"),
    )
    _history_stays()


def _history_stays() -> None:
    """An entry of the history is not changed and goes with its supplier alone. Only the account of who wrote it may be forgotten."""
    same = " AND ".join(
        f"NEW.{column} = OLD.{column}"
        for column in ("id", "supplier_id", "contract_id", "title", "revision", "what", "at", "by_name")
    )
    frozen = f"NEW.by_person IS NULL AND {same} AND " + "{documents}"
    there = "EXISTS (SELECT 1 FROM supplier WHERE id = OLD.supplier_id)"
    says = "an entry of the history stays as it is"
    if op.get_bind().dialect.name == "sqlite":
        same = frozen.format(documents='NEW."before" = OLD."before" AND NEW."after" = OLD."after"')
        op.execute(
            f"CREATE TRIGGER contract_event_is_frozen BEFORE UPDATE ON contract_event WHEN NOT ({same}) "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        op.execute(
            f"CREATE TRIGGER contract_event_stays BEFORE DELETE ON contract_event WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    same = frozen.format(documents="NEW.before::text = OLD.before::text AND NEW.after::text = OLD.after::text")
    op.execute(
        "CREATE FUNCTION contract_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND ({same}) THEN RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' AND NOT {there} THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{says}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER contract_event_stays BEFORE UPDATE OR DELETE ON contract_event "
        "FOR EACH ROW EXECUTE FUNCTION contract_event_stays()"
    )
