"""Parts of the questions given to a colleague, sign-offs, comments; and two more kinds of visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPENS_ONE_THING = " + ".join(
    f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)"
    for column in ("assessment_id", "buyer_link_id", "delegation_id", "sign_request_id")
)


def upgrade() -> None:
    _delegation()
    _sign_off()
    _comment()
    with op.batch_alter_table("visit", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(batch.f("ck_visit_opens_one_thing"), type_="check")
        for column in ("delegation", "sign_request"):
            batch.add_column(sa.Column(f"{column}_id", sa.Uuid(), nullable=True))
            batch.create_foreign_key(
                f"fk_visit_{column}_id_{column}", column, [f"{column}_id"], ["id"], ondelete="CASCADE"
            )
        batch.create_check_constraint(batch.f("ck_visit_opens_one_thing"), f"{_OPENS_ONE_THING} = 1")
    op.create_index("ix_visit_delegation_id", "visit", ["delegation_id"])
    op.create_index("ix_visit_sign_request_id", "visit", ["sign_request_id"])


def _of(table: str, column: str, target: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=then)


def _delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("sent_back_at", _MOMENT, nullable=True),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _of("delegation", "assessment_id", "assessment"),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
        sa.UniqueConstraint("token_hash", name="uq_delegation_token_hash"),
    )
    op.create_index("ix_delegation_assessment_id", "delegation", ["assessment_id"])
    op.create_table(
        "delegated_answer",
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("proof", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        _of("delegated_answer", "delegation_id", "delegation"),
        sa.PrimaryKeyConstraint("delegation_id", "question", name="pk_delegated_answer"),
    )
    op.create_table(
        "delegation_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _of("delegation_event", "delegation_id", "delegation"),
        sa.PrimaryKeyConstraint("id", name="pk_delegation_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delegation_event_delegation_id", "delegation_event", ["delegation_id"])


def _sign_off() -> None:
    op.create_table(
        "sign_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _of("sign_request", "assessment_id", "assessment"),
        _of("sign_request", "submission_id", "submission"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_request"),
        sa.UniqueConstraint("token_hash", name="uq_sign_request_token_hash"),
    )
    op.create_index("ix_sign_request_assessment_id", "sign_request", ["assessment_id"])
    op.create_index("ix_sign_request_submission_id", "sign_request", ["submission_id"])
    op.create_table(
        "sign_off",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("signed_at", _MOMENT, nullable=False),
        sa.Column("taken_back_at", _MOMENT, nullable=True),
        _of("sign_off", "assessment_id", "assessment"),
        _of("sign_off", "submission_id", "submission"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_off"),
    )
    op.create_index("ix_sign_off_assessment_id", "sign_off", ["assessment_id"])
    stands = sa.text("taken_back_at IS NULL")
    op.create_index(
        "uq_sign_off_submission_id",
        "sign_off",
        ["submission_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_table(
        "sign_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _of("sign_event", "assessment_id", "assessment"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_event_assessment_id", "sign_event", ["assessment_id"])


def _comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("for_delegate", sa.Boolean(), nullable=False),
        sa.Column("by_member", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        _of("comment", "assessment_id", "assessment"),
        _of("comment", "person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_assessment_id", "comment", ["assessment_id", "question"])
    op.create_index("ix_comment_person_id", "comment", ["person_id"])
