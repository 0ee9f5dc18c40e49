"""Which copy says who signed."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.signing.keeping import Signature, sign, take_back
from assess.kit.db import Database
from assess.plans.copies import COPIES, Copy
from assess.plans.pages import to_html
from assess.plans.printing.kept import Printed, keep, kept, key_of, key_shown
from assess.plans.register.state import NOTHING_YET
from assess.plans.sign_off import Signed
from assess.plans.signing.shown import signed_shown
from tests.plans.records import scenario, text_of
from tests.plans.register.conftest import Kept, keep_record

NAME, JOB, DAY = "Josephine Canary", "director of canaries", "2026-11-24"


@pytest.fixture
def plan(database: Database, now: datetime) -> Kept:
    return keep_record(database, scenario(), now)


def signs(session: Session, plan: Kept, now: datetime, *, on_paper: bool) -> Submission:
    submission = session.get_one(Submission, plan.id)
    sign(session, submission, Signature(NAME, JOB, on_paper=on_paper), now)
    return submission


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("on_paper", [True, False])
def test_a_name_stands_only_on_the_own_copies_and_only_with_consent(
    database: Database, plan: Kept, now: datetime, copy: Copy, *, on_paper: bool
) -> None:
    with database.writing() as session:
        assert signed_shown(session, plan.id, copy) is None
        signs(session, plan, now, on_paper=on_paper)
        shown = signed_shown(session, plan.id, copy)
    said = text_of(to_html(scenario(), copy, signed=shown))
    named = on_paper and copy in {"business", "large"}
    assert (NAME in said, JOB in said) == (named, named)
    assert ("Signed off by a senior person on 24 November 2026" in said) == (not named and copy != "wall")
    assert ("Signature:" in said) is False


@pytest.mark.parametrize("copy", COPIES)
def test_without_a_sign_off_nothing_of_a_copy_changes(copy: Copy) -> None:
    assert "igned off" not in to_html(scenario(), copy)
    assert key_of(NOTHING_YET, None) == ""


def test_a_file_without_the_sign_off_is_never_given_for_one_with_it(
    database: Database, plan: Kept, now: datetime
) -> None:
    def file_of(copy: Copy = "business") -> bytes | None:
        with database.reading() as look:
            found = kept(look, plan.id, copy)
            return found.content if found else None

    with database.writing() as session:
        for copy in COPIES:
            assert keep(session, plan.id, copy, Printed(plan.digest, NOTHING_YET, b"unsigned"), now)
    with database.writing() as session:
        submission = signs(session, plan, now, on_paper=True)
        late = Printed(plan.digest, NOTHING_YET, b"late")
        assert not keep(session, plan.id, "business", late, now), "printed before, stored after"
    assert [copy for copy in COPIES if file_of(copy)] == ["wall"]
    signed = Signed(DAY, NAME, JOB)
    with database.writing() as session:
        assert key_shown(session, plan.id, "business") == key_of(NOTHING_YET, signed)
        assert keep(session, plan.id, "business", Printed(plan.digest, NOTHING_YET, b"signed", signed), now)
    assert file_of() == b"signed"
    with database.writing() as session:
        take_back(session, session.get_one(Submission, submission.id), now)
    assert file_of() == b"unsigned"
