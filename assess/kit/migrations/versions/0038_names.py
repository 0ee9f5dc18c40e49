"""Names of organisations are confirmed by a person; what an address or an invitation showed confirms no name.

A look at the company register stays a confirmation, by nobody known, for two years from now and without the limit of the first days.
An address whose domain only public bodies are given waits for the desk. Everything else is unconfirmed; the domain is kept.
A mailbox can want no more invitations. Marks of those who belong to each organisation begin with those who belong to it now.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_GOVERNMENT = (
    "gov.uk", "gov.scot", "gov.wales", "llyw.cymru", "police.uk", "nhs.uk", "parliament.uk", "mod.uk",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("organisation", sa.Column("name_state", sa.String(40), nullable=False, server_default="unconfirmed"))
    op.add_column("organisation", sa.Column("name_before", sa.String(40), nullable=True))
    op.add_column("organisation", sa.Column("name_changed_at", _MOMENT, nullable=True))
    op.add_column("organisation", sa.Column("name_domains", sa.String(800), nullable=False, server_default=""))
    op.add_column("organisation", sa.Column("name_how", sa.String(40), nullable=True))
    op.add_column("organisation", sa.Column("name_by", sa.String(120), nullable=True))
    op.add_column("organisation", sa.Column("name_since", sa.Date(), nullable=True))
    op.add_column("organisation", sa.Column("name_until", sa.Date(), nullable=True))
    op.add_column("organisation", sa.Column("name_lifted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("organisation", sa.Column("mark_key", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_organisation_name_state", "organisation", ["name_state"])
    _tables()
    _carry()
    op.drop_column("organisation", "confirmed_by")


def _tables() -> None:
    op.create_table(
        "name_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("domains", sa.String(length=800), nullable=False),
        sa.Column("company_number", sa.String(length=8), nullable=True),
        sa.Column("how", sa.String(length=40), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        _of_organisation("name_decision"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_name_decision_by_id_person", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_name_decision"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_name_decision_organisation_id", "name_decision", ["organisation_id"])
    op.create_index("ix_name_decision_by_id", "name_decision", ["by_id"])
    op.create_table(
        "posted_code",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=True),
        _of_organisation("posted_code"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_posted_code"),
    )
    op.create_table(
        "member_mark",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        _of_organisation("member_mark"),
        sa.PrimaryKeyConstraint("organisation_id", "mark", name="pk_member_mark"),
    )


    op.create_table(
        "unsubscribed",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "mark", name="pk_unsubscribed"),
    )


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_organisation_id_organisation"
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=name, ondelete="CASCADE")


def _carry() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    organisation = sa.table(
        "organisation",
        *(sa.column(name) for name in ("domain", "confirmed_by", "name_state", "name_domains", "name_how", "mark_key")),
        sa.column("id", sa.Uuid()),
        sa.column("name_changed_at", _MOMENT),
        sa.column("name_since", sa.Date()),
        sa.column("name_until", sa.Date()),
        sa.column("name_lifted", sa.Boolean()),
    )
    mark = sa.table("member_mark", sa.column("organisation_id", sa.Uuid()), sa.column("mark"))
    for row in connection.execute(
        sa.select(organisation.c.id, organisation.c.domain, organisation.c.confirmed_by)
    ).all():
        key = secrets.token_hex(32)
        values: dict[str, object] = {"mark_key": key}
        if row.confirmed_by == "company_check":
            since = now.date()
            until = date(since.year + 2, 3, 1) if (since.month, since.day) == (2, 29) else since.replace(since.year + 2)
            values |= {"name_state": "confirmed", "name_how": "register", "name_domains": row.domain or ""}
            values |= {"name_since": since, "name_until": until, "name_lifted": True, "name_changed_at": now}
        elif row.confirmed_by == "domain" and f".{row.domain or ''}".endswith(tuple(f".{one}" for one in _GOVERNMENT)):
            values |= {"name_state": "waiting", "name_changed_at": now}
        connection.execute(sa.update(organisation).where(organisation.c.id == row.id).values(values))
        marks = _marks(connection, row.id, key)
        if marks:
            connection.execute(sa.insert(mark), [{"organisation_id": row.id, "mark": one} for one in sorted(marks)])


def _marks(connection: sa.Connection, organisation_id: object, key: str) -> set[str]:
    member = sa.table("membership", sa.column("organisation_id", sa.Uuid()), sa.column("person_id", sa.Uuid()))
    person = sa.table("person", sa.column("id", sa.Uuid()), sa.column("email"))
    found = connection.execute(
        sa.select(person.c.id, person.c.email)
        .join(member, member.c.person_id == person.c.id)
        .where(member.c.organisation_id == organisation_id)
    ).all()
    words = [text for one in found for text in (f"person {one.id}", f"address {one.email}")]
    return {hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest() for text in words}
