"""Words can be taken out of what is frozen, and nothing else can: seals of submissions, redactions, and triggers that let the mark pass."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MARK = "[words taken out]"
"""As in `assess.engine.own_words` when this was written. A later mark needs a later revision."""

_MOMENT = sa.DateTime(timezone=True)
_OF_ASSESSMENT = "redaction.assessment_id = OLD.assessment_id"
_OF_SUBMISSION = "redaction.assessment_id = (SELECT assessment_id FROM submission WHERE submission.id = OLD.submission_id)"
_HERE = "EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id)"
_SUBMITTED = "EXISTS (SELECT 1 FROM submission WHERE submission.id = OLD.submission_id)"
_LINE = (
    "EXISTS (SELECT 1 FROM purchase_line WHERE purchase_line.assessment_id = OLD.assessment_id"
    " AND purchase_line.number = OLD.number)"
)
_SUBMISSION = ("id", "assessment_id", "number", "edition_id", "engine", "digest", "sector", "score", "band", "made_at")

FROZEN: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("submission", _OF_ASSESSMENT, _HERE, _SUBMISSION, ("record",), "assessment"),
    (
        "answer_event",
        _OF_ASSESSMENT,
        _HERE,
        ("id", "assessment_id", "part", "question", "revision", "at"),
        ("before", "after"),
        "assessment",
    ),
    ("purchase_event", _OF_ASSESSMENT, _LINE, ("assessment_id", "number", "revision", "at"), ("said",), "line"),
    (
        "register_event",
        _OF_SUBMISSION,
        _SUBMITTED,
        ("id", "submission_id", "key", "revision", "what", "at"),
        ("before", "after"),
        "submission",
    ),
)
"""Of each table: which redaction is meant, what keeps a row there, columns that never change, columns whose texts may become
the mark, and with what a row goes."""


def upgrade() -> None:
    op.create_table(
        "submission_seal",
        sa.Column("submission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_submission_seal_submission_id_submission", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_submission_seal"),
    )
    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_redaction_assessment_id_assessment", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_redaction"),
    )
    op.create_index("ix_redaction_assessment_id", "redaction", ["assessment_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, whose, there, fixed, texts, goes_with in FROZEN:
        (_in_sqlite if sqlite else _in_postgresql)(table, whose, there, fixed, texts, goes_with)
    _freeze_seals(sqlite=sqlite)


def _open(whose: str) -> str:
    return f"EXISTS (SELECT 1 FROM redaction WHERE {whose} AND redaction.finished_at IS NULL)"


def _in_sqlite(table: str, whose: str, _there: str, fixed: tuple[str, ...], texts: tuple[str, ...], _with: str) -> None:
    same = " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in fixed)
    marked = " AND ".join(f"(NEW.\"{one}\" IS OLD.\"{one}\" OR instr(NEW.\"{one}\", '{MARK}') > 0)" for one in texts)
    op.execute(f"DROP TRIGGER {table}_is_frozen")
    op.execute(
        f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE ON {table} WHEN NOT ({_open(whose)} AND {same} AND {marked}) "
        f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is never changed'); END"
    )


def _in_postgresql(
    table: str, whose: str, there: str, fixed: tuple[str, ...], texts: tuple[str, ...], goes_with: str
) -> None:
    same = " AND ".join(f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in fixed)
    marked = " AND ".join(
        f'(NEW."{one}"::text IS NOT DISTINCT FROM OLD."{one}"::text OR position(\'{MARK}\' in NEW."{one}"::text) > 0)'
        for one in texts
    )
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {_open(whose)} AND {same} AND {marked} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION 'a row of {table} is never changed' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"IF {there} THEN RAISE EXCEPTION 'a row of {table} goes only with its {goes_with}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN OLD; END $$"
    )


def _freeze_seals(*, sqlite: bool) -> None:
    changed, alone = "a row of submission_seal is never changed", "a row of submission_seal goes only with its submission"
    if sqlite:
        op.execute(
            "CREATE TRIGGER submission_seal_is_frozen BEFORE UPDATE ON submission_seal "
            f"WHEN NOT ({_open(_OF_SUBMISSION)} AND NEW.submission_id IS OLD.submission_id) "
            f"BEGIN SELECT RAISE(ABORT, '{changed}'); END"
        )
        op.execute(
            f"CREATE TRIGGER submission_seal_stays BEFORE DELETE ON submission_seal WHEN {_SUBMITTED} "
            f"BEGIN SELECT RAISE(ABORT, '{alone}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION submission_seal_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {_open(_OF_SUBMISSION)} AND NEW.submission_id = OLD.submission_id THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{changed}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"IF {_SUBMITTED} THEN RAISE EXCEPTION '{alone}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER submission_seal_is_frozen BEFORE UPDATE OR DELETE ON submission_seal "
        "FOR EACH ROW EXECUTE FUNCTION submission_seal_is_frozen()"
    )
