"""Who made a link back: of what belongs to an organisation it goes with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OURS = "SELECT id FROM assessment WHERE organisation_id"
_WHEN_ROLES_GO = (
    f"DELETE FROM resume_link WHERE made_by = OLD.person_id AND assessment_id IN ({_OURS} = OLD.organisation_id) "
    "AND NOT EXISTS (SELECT 1 FROM membership WHERE organisation_id = OLD.organisation_id "
    "AND person_id = OLD.person_id AND role IN ('manager', 'respondent'))"
)
_WHEN_PEOPLE_GO = f"DELETE FROM resume_link WHERE made_by = OLD.id AND assessment_id IN ({_OURS} IS NOT NULL)"


def upgrade() -> None:
    with op.batch_alter_table("resume_link") as batch:
        batch.add_column(sa.Column("made_by", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_resume_link_made_by_person", "person", ["made_by"], ["id"], ondelete="SET NULL")
    op.create_index("ix_resume_link_made_by", "resume_link", ["made_by"])
    _links_go("membership", "AFTER", _WHEN_ROLES_GO)
    # before, for the column is empty afterwards
    _links_go("person", "BEFORE", _WHEN_PEOPLE_GO)


def _links_go(table: str, when: str, what: str) -> None:
    """A role ends in many ways: taken, left, or gone with an account. The database sees them all."""
    name = f"links_go_with_{table}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {when} DELETE ON {table} BEGIN {what}; END")
        return
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN OLD; END $$")
    op.execute(f"CREATE TRIGGER {name} {when} DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
