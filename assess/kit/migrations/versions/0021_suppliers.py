"""Suppliers of a buyer, what they were asked, the trail, and the rows of the board; shares and visits that belong to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPENS_ONE_THING = " + ".join(
    f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)"
    for column in ("assessment_id", "buyer_link_id", "delegation_id", "sign_request_id", "invitation_id")
)
_FORGETS = (
    "DELETE FROM standing_bar WHERE supplier_id IN ({whose}); DELETE FROM standing_good WHERE supplier_id IN ({whose}); "
    "DELETE FROM standing_duty WHERE supplier_id IN ({whose}); "
    "UPDATE standing SET band = NULL, shown_until = NULL, answered_on = NULL, good_until = NULL, open_steps = 0, "
    "done_steps = 0, late_steps = 0, next_step_due = NULL, "
    "status = CASE status WHEN 'shared' THEN 'share_over' ELSE status END WHERE grant_id = OLD.id"
).replace("{whose}", "SELECT supplier_id FROM standing WHERE grant_id = OLD.id")


def upgrade() -> None:
    _suppliers()
    with op.batch_alter_table("visit", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(batch.f("ck_visit_opens_one_thing"), type_="check")
        batch.add_column(sa.Column("invitation_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            "fk_visit_invitation_id_supplier_invitation",
            "supplier_invitation",
            ["invitation_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch.create_check_constraint(batch.f("ck_visit_opens_one_thing"), f"{_OPENS_ONE_THING} = 1")
    op.create_index("ix_visit_invitation_id", "visit", ["invitation_id"])
    with op.batch_alter_table("share_grant") as batch:
        batch.add_column(sa.Column("supplier_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            "fk_share_grant_supplier_id_supplier", "supplier", ["supplier_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_share_grant_supplier_id", "share_grant", ["supplier_id"])
    _standing()
    _trail_stays()
    _standing_forgets()


def _of(table: str, column: str, target: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=then)


def _suppliers() -> None:
    op.create_table(
        "stopped_mailbox",
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _of("stopped_mailbox", "buyer_id", "organisation.id"),
        sa.PrimaryKeyConstraint("buyer_id", "mark", name="pk_stopped_mailbox"),
    )
    op.create_table(
        "supplier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("company_number", sa.String(length=8), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("size", sa.String(length=40), nullable=True),
        sa.Column("spend_gbp", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("archived_at", _MOMENT, nullable=True),
        sa.CheckConstraint("merged_into IS NULL OR merged_into <> id", name=op.f("ck_supplier_not_into_itself")),
        _of("supplier", "buyer_id", "organisation.id"),
        _of("supplier", "merged_into", "supplier.id", "SET NULL"),
        _of("supplier", "organisation_id", "organisation.id", "SET NULL"),
        sa.UniqueConstraint("buyer_id", "identity", name="uq_supplier_buyer_id_identity"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier"),
    )
    op.create_index("ix_supplier_buyer_id_name", "supplier", ["buyer_id", "name"])
    op.create_index("ix_supplier_email", "supplier", ["email"])
    op.create_index("ix_supplier_merged_into", "supplier", ["merged_into"])
    op.create_index("ix_supplier_organisation_id", "supplier", ["organisation_id"])
    op.create_table(
        "supplier_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        _of("supplier_event", "by_person", "person.id", "SET NULL"),
        _of("supplier_event", "supplier_id", "supplier.id"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_supplier_event_by_person", "supplier_event", ["by_person"])
    op.create_index("ix_supplier_event_supplier_id_id", "supplier_event", ["supplier_id", "id"])
    op.create_table(
        "supplier_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("send_on", sa.Date(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("started_at", _MOMENT, nullable=True),
        sa.Column("submitted_at", _MOMENT, nullable=True),
        sa.Column("shared_at", _MOMENT, nullable=True),
        sa.Column("declined_at", _MOMENT, nullable=True),
        sa.Column("decline", sa.String(length=40), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        _of("supplier_invitation", "assessment_id", "assessment.id", "SET NULL"),
        _of("supplier_invitation", "supplier_id", "supplier.id"),
        sa.UniqueConstraint("supplier_id", "number", name="uq_supplier_invitation_supplier_id_number"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_invitation"),
    )
    op.create_index("ix_supplier_invitation_assessment_id", "supplier_invitation", ["assessment_id"])
    op.create_table(
        "invitation_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        _of("invitation_link", "invitation_id", "supplier_invitation.id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitation_link"),
    )
    op.create_index("ix_invitation_link_invitation_id", "invitation_link", ["invitation_id"])


def _standing() -> None:
    op.create_table(
        "standing",
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("size", sa.String(length=40), nullable=True),
        sa.Column("spend_gbp", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("shown_until", _MOMENT, nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("band", sa.String(length=20), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("open_steps", sa.Integer(), nullable=False),
        sa.Column("done_steps", sa.Integer(), nullable=False),
        sa.Column("late_steps", sa.Integer(), nullable=False),
        sa.Column("next_step_due", sa.Date(), nullable=True),
        sa.Column("call_points", sa.Integer(), nullable=False),
        sa.Column("call_reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reckoned_at", _MOMENT, nullable=False),
        _of("standing", "buyer_id", "organisation.id"),
        _of("standing", "grant_id", "share_grant.id", "SET NULL"),
        _of("standing", "supplier_id", "supplier.id"),
        sa.PrimaryKeyConstraint("supplier_id", name="pk_standing"),
    )
    op.create_index("ix_standing_buyer_id_call_points", "standing", ["buyer_id", "call_points", "supplier_id"])
    op.create_index("ix_standing_buyer_id_due", "standing", ["buyer_id", "due", "supplier_id"])
    op.create_index("ix_standing_buyer_id_name", "standing", ["buyer_id", "name", "supplier_id"])
    op.create_index("ix_standing_buyer_id_status", "standing", ["buyer_id", "status", "supplier_id"])
    op.create_index("ix_standing_grant_id", "standing", ["grant_id"])
    op.create_table(
        "standing_bar",
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        _of("standing_bar", "supplier_id", "standing.supplier_id"),
        sa.PrimaryKeyConstraint("supplier_id", "name", name="pk_standing_bar"),
    )
    op.create_table(
        "standing_duty",
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        _of("standing_duty", "supplier_id", "standing.supplier_id"),
        sa.PrimaryKeyConstraint("supplier_id", "duty", name="pk_standing_duty"),
    )
    op.create_table(
        "standing_good",
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("good", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        _of("standing_good", "supplier_id", "standing.supplier_id"),
        sa.PrimaryKeyConstraint("supplier_id", "good", "place", name="pk_standing_good"),
    )


def _trail_stays() -> None:
    """An entry of the trail is not changed and goes with its supplier alone. Only who wrote it may be forgotten."""
    frozen = "NEW.by_person IS NULL AND NEW.id = OLD.id AND NEW.supplier_id = OLD.supplier_id AND NEW.what = OLD.what "
    frozen += "AND NEW.at = OLD.at AND {details}"
    there = "EXISTS (SELECT 1 FROM supplier WHERE id = OLD.supplier_id)"
    says = "an entry of the trail stays as it is"
    if op.get_bind().dialect.name == "sqlite":
        same = frozen.format(details="NEW.details = OLD.details")
        op.execute(
            f"CREATE TRIGGER supplier_event_is_frozen BEFORE UPDATE ON supplier_event WHEN NOT ({same}) "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        op.execute(
            f"CREATE TRIGGER supplier_event_stays BEFORE DELETE ON supplier_event WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    same = frozen.format(details="NEW.details::text = OLD.details::text")
    op.execute(
        "CREATE FUNCTION supplier_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND ({same}) THEN RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' AND NOT {there} THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{says}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER supplier_event_stays BEFORE UPDATE OR DELETE ON supplier_event "
        "FOR EACH ROW EXECUTE FUNCTION supplier_event_stays()"
    )


def _standing_forgets() -> None:
    """What a row of the board has from a copy goes with its share."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER standing_forgets BEFORE DELETE ON share_grant BEGIN {_FORGETS}; END")
        return
    op.execute(
        f"CREATE FUNCTION standing_forgets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_FORGETS}; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER standing_forgets BEFORE DELETE ON share_grant FOR EACH ROW EXECUTE FUNCTION standing_forgets()"
    )
