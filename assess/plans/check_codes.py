"""Check codes on printed copies: keyed, so nobody can test guesses about a result; they tell dates and nothing else."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Submission
from assess.core.db import dialect_insert
from assess.engine.record import REFERENCE_LETTERS, canonical_json, reference_code
from assess.plans.copies import Copy, buyer_copy
from assess.plans.models import CheckCode, VerificationSecret
from assess.question_banks.editions import load_edition

OLD_COPY_SUFFIX = "_before"
"""How the name of a copy ends that an earlier release made for a buyer."""
_HALF_LENGTH = 4
"""Letters before the dash, and as many after it."""


@dataclass(frozen=True, slots=True)
class CheckCodeMatch:
    """All that is ever said of a code. Dates are ISO; the copy counts until `valid_until`, that day included."""

    made_on: str
    valid_until: str
    latest: bool
    """Whether the business has not submitted again since."""
    before: bool = False
    """It stands on a buyer's copy that an earlier release made: of such a paper nothing counts any more but its date."""


def check_code_of(session: Session, submission: Submission, copy: Copy) -> str:
    """The code that stands on this copy, like "K7QF-2M9D". The same words have the same code, this year and later.

    All copies that hold the whole plan share one. A buyer's copy has its own, made of nothing but what a buyer sees.
    """
    key = bytes.fromhex(session.scalars(select(VerificationSecret.key)).one())
    if copy == "buyer":
        of_engine_1 = "buyer_view" not in submission.record
        edition = load_edition(session, submission.edition_id).edition if of_engine_1 else None
        content = b"buyer " + canonical_json(asdict(buyer_copy(submission.record, edition)))
    else:
        content = b"plan " + submission.digest.encode()
    return reference_code(hmac.new(key, content, hashlib.sha256).digest())


def save_check_code(session: Session, submission: Submission, copy: Copy) -> None:
    """Note that this copy was printed. Doing it twice changes nothing."""
    row = {"code": check_code_of(session, submission, copy), "submission_id": submission.id, "copy": copy}
    session.execute(dialect_insert(session, CheckCode).values(row).on_conflict_do_nothing())


def clean_check_code(typed: str) -> str | None:
    """A code as it is stored, from what a visitor typed: small letters, spaces and dashes do not matter. None: it is no code."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) != 2 * _HALF_LENGTH or not set(letters) <= set(REFERENCE_LETTERS):
        return None
    return f"{letters[:_HALF_LENGTH]}-{letters[_HALF_LENGTH:]}"


def find_check_code(session: Session, code: str) -> CheckCodeMatch | None:
    """What stands behind a tidy code; None when nothing does, or nothing any more.

    Where several submissions share it, the latest counts: the paper says the same of each.
    """
    newest = aliased(Submission)
    last_number = (
        select(func.max(newest.number)).where(newest.assessment_id == Submission.assessment_id).scalar_subquery()
    )
    rows = session.execute(
        select(Submission.record, Submission.number == last_number, CheckCode.copy)
        .join(CheckCode, CheckCode.submission_id == Submission.id)
        .where(CheckCode.code == code)
        .order_by(Submission.made_at.desc(), Submission.id.desc())
    ).all()
    if not rows:
        return None
    record, latest, copy = next((row for row in rows if row[1]), rows[0])
    return CheckCodeMatch(record["made_on"], record["valid_until"], bool(latest), before=copy.endswith(OLD_COPY_SUFFIX))
