"""Background work: our own row for each job, and on PostgreSQL the tables of the engine that runs them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIVE = "state IN ('waiting', 'running')"


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'set_aside')", name="ck_job_known_state"),
        sa.ForeignKeyConstraint(["about"], ["assessment.id"], name="fk_job_about_assessment", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_about", "job", ["about"], unique=False)
    op.create_index("ix_job_state_due_at", "job", ["state", "due_at"], unique=False)
    op.create_index("ix_job_key", "job", ["key"], unique=False)
    op.create_index(
        "uq_job_live_key", "job", ["key"], unique=True, sqlite_where=sa.text(LIVE), postgresql_where=sa.text(LIVE)
    )
    op.create_table(
        "last_time",
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_last_time"),
    )
    if op.get_bind().dialect.name == "postgresql":
        from assess.kit.jobs.procrastinate_engine import schema

        # the driver's own cursor: the text has many statements, and colons and percent signs that are no parameters
        driver = op.get_bind().connection.driver_connection
        assert driver is not None, "a migration runs on an open connection"
        driver.execute(schema().encode())
        _forget_with_the_job()


def _forget_with_the_job() -> None:
    """The engine's row says no more than the number of ours, but where ours goes it has nothing more to say.

    One that is being handed out at this moment finds nothing to do and goes by itself.
    """
    op.execute(
        "CREATE FUNCTION job_is_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "DELETE FROM procrastinate_jobs AS theirs USING gone WHERE theirs.task_name = 'assess.job' "
        "AND theirs.status <> 'doing' AND (theirs.args ->> 'job_id')::bigint = gone.id; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER job_is_forgotten AFTER DELETE ON job REFERENCING OLD TABLE AS gone "
        "FOR EACH STATEMENT EXECUTE FUNCTION job_is_forgotten()"
    )
