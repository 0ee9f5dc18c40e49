"""Finished files by language and by the state of the register they show, and the check codes printed on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = ["submission_id", "copy", "language", "state"]
LANGUAGE, STATE = "en", ""
"""What everything printed so far is: in English, with a register nobody had touched."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        _widen()
    op.create_table(
        "check_code",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("copy", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_check_code_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", "submission_id", "copy", name="pk_check_code"),
    )
    op.create_index("ix_check_code_submission_id", "check_code", ["submission_id"], unique=False)
    _remember_codes()


def _rebuild() -> None:
    """SQLite cannot change a key in place."""
    op.create_table(
        "rendered_wider",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("copy", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_rendered_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*KEY, name="pk_rendered"),
    )
    op.execute(
        "INSERT INTO rendered_wider (submission_id, copy, language, state, digest, content, made_at) "
        f"SELECT submission_id, copy, '{LANGUAGE}', '{STATE}', digest, content, made_at FROM rendered"
    )
    op.drop_table("rendered")
    op.rename_table("rendered_wider", "rendered")


def _widen() -> None:
    for name, length, value in (("language", 10, LANGUAGE), ("state", 64, STATE)):
        op.add_column("rendered", sa.Column(name, sa.String(length=length), nullable=False, server_default=value))
        op.alter_column("rendered", name, server_default=None)
    op.drop_constraint("pk_rendered", "rendered", type_="primary")
    op.create_primary_key("pk_rendered", "rendered", KEY)


def _remember_codes() -> None:
    """Codes of what the business was given before. That of a buyer's copy is not in the record: it is added when the copy is printed anew."""
    code = "json_extract(record, '$.reference')" if op.get_bind().dialect.name == "sqlite" else "record ->> 'reference'"
    op.execute(
        "INSERT INTO check_code (code, submission_id, copy) "
        f"SELECT {code}, submission.id, rendered.copy FROM rendered JOIN submission ON submission.id = submission_id "
        f"WHERE rendered.copy = 'business' AND {code} IS NOT NULL"
    )
