"""Files a buyer orders: bundles of plans and spreadsheets, and the rule by which a spreadsheet goes when a share does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DROPS = (
    "UPDATE portfolio_file SET state = 'removed', content = NULL, size = NULL "
    "WHERE kind IN ('csv', 'xlsx') AND state = 'ready' AND buyer_id {whose}"
)
_OF_A_SHARE = _DROPS.format(whose="= OLD.organisation_id")
_OF_AN_ANSWER = _DROPS.format(
    whose="IN (SELECT organisation_id FROM share_grant WHERE assessment_id = NEW.assessment_id)"
)
_CHANGES_OF_A_SHARE = "ended_at, document, until, organisation_id, supplier_id"


def upgrade() -> None:
    op.create_table(
        "portfolio_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("ordered_at", _MOMENT, nullable=False),
        sa.Column("began_at", _MOMENT, nullable=True),
        sa.Column("done_before", sa.Integer(), nullable=False),
        sa.Column("ready_at", _MOMENT, nullable=True),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _of("portfolio_file", "buyer_id", "organisation.id"),
        _of("portfolio_file", "by_person", "person.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_portfolio_file"),
    )
    op.create_index("ix_portfolio_file_buyer_id", "portfolio_file", ["buyer_id"])
    op.create_index("ix_portfolio_file_by_person", "portfolio_file", ["by_person"])
    op.create_table(
        "portfolio_file_plan",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _of("portfolio_file_plan", "file_id", "portfolio_file.id"),
        _of("portfolio_file_plan", "grant_id", "share_grant.id", "SET NULL"),
        _of("portfolio_file_plan", "supplier_id", "supplier.id"),
        sa.PrimaryKeyConstraint("file_id", "number", name="pk_portfolio_file_plan"),
    )
    op.create_index("ix_portfolio_file_plan_grant_id", "portfolio_file_plan", ["grant_id"])
    op.create_index("ix_portfolio_file_plan_supplier_id", "portfolio_file_plan", ["supplier_id"])
    _sheets_go_with_a_share()


def _of(table: str, column: str, target: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=then)


def _sheets_go_with_a_share() -> None:
    """A spreadsheet holds what many shares showed. As soon as one of them shows something else, or nothing, it goes."""
    rules = (
        ("sheets_go_with_a_share", "AFTER DELETE", "share_grant", _OF_A_SHARE),
        ("sheets_go_with_a_change", f"AFTER UPDATE OF {_CHANGES_OF_A_SHARE}", "share_grant", _OF_A_SHARE),
        ("sheets_go_with_an_answer", "AFTER INSERT", "submission", _OF_AN_ANSWER),
    )
    for name, when, table, drops in rules:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE TRIGGER {name} {when} ON {table} BEGIN {drops}; END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {drops}; RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
