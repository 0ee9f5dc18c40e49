"""Invitations into organisations; and nobody who sits at a desk here may buy, nor the other way round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_SAYS = "nobody who buys has a desk here"


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("roles", sa.String(length=80), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_invitation_organisation_id_organisation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("organisation_id", "email", name="uq_invitation_organisation_id_email"),
    )
    op.create_index("ix_invitation_organisation_id", "invitation", ["organisation_id"])
    op.create_index("ix_invitation_until", "invitation", ["until"])
    _keep_apart()


def _keep_apart() -> None:
    """The pages refuse it in a sentence; this is for everything else that writes, two at once included."""
    if op.get_bind().dialect.name == "sqlite":
        buys = (
            "WHEN NEW.role = 'buyer' AND EXISTS (SELECT 1 FROM person WHERE person.id = NEW.person_id "
            f"AND person.desk IS NOT NULL) BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        )
        op.execute(f"CREATE TRIGGER membership_apart_new BEFORE INSERT ON membership {buys}")
        op.execute(f"CREATE TRIGGER membership_apart BEFORE UPDATE OF role, person_id ON membership {buys}")
        op.execute(
            "CREATE TRIGGER person_apart BEFORE UPDATE OF desk ON person WHEN NEW.desk IS NOT NULL AND EXISTS "
            "(SELECT 1 FROM membership WHERE membership.person_id = NEW.id AND membership.role = 'buyer') "
            f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        )
        return
    refuse = f"RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'integrity_constraint_violation'"
    # the row of the person is held, so that of two transactions that give one of both each, the second sees the first
    op.execute(
        "CREATE FUNCTION membership_apart() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE held varchar; BEGIN "
        "IF NEW.role = 'buyer' THEN SELECT desk INTO held FROM person WHERE id = NEW.person_id FOR SHARE; "
        f"IF held IS NOT NULL THEN {refuse}; END IF; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER membership_apart BEFORE INSERT OR UPDATE OF role, person_id ON membership "
        "FOR EACH ROW EXECUTE FUNCTION membership_apart()"
    )
    op.execute(
        "CREATE FUNCTION person_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.desk IS NOT NULL AND EXISTS (SELECT 1 FROM membership WHERE person_id = NEW.id AND role = 'buyer') "
        f"THEN {refuse}; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER person_apart BEFORE UPDATE OF desk ON person FOR EACH ROW EXECUTE FUNCTION person_apart()"
    )
