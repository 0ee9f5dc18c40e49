"""Shares with named recipients, who looked at them, and their printed files."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "share_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("buyer", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("frozen_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_share_grant_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_share_grant_submission_id_submission", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_share_grant_person_id_person", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_share_grant_organisation_id_organisation",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_share_grant"),
    )
    for column in ("assessment_id", "submission_id", "person_id", "organisation_id"):
        op.create_index(f"ix_share_grant_{column}", "share_grant", [column])
    op.create_table(
        "share_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_link_id", sa.Uuid(), nullable=True),
        sa.Column("looker", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("hour", _MOMENT, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("(grant_id IS NULL) <> (buyer_link_id IS NULL)", name=op.f("ck_share_look_of_one_share")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["share_grant.id"], name="fk_share_look_grant_id_share_grant", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["buyer_link_id"], ["buyer_link.id"], name="fk_share_look_buyer_link_id_buyer_link", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_share_look"),
        sa.UniqueConstraint("grant_id", "looker", "what", "hour", name="uq_share_look_grant_id_looker_what_hour"),
        sa.UniqueConstraint(
            "buyer_link_id", "looker", "what", "hour", name="uq_share_look_buyer_link_id_looker_what_hour"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "share_file",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["share_grant.id"], name="fk_share_file_grant_id_share_grant", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grant_id", name="pk_share_file"),
    )
