from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask import Flask

from assess.assessments.comments.keeping import Author, write
from assess.assessments.delegation.keeping import Wanted, make, send_back
from assess.assessments.links import share
from assess.assessments.models import Assessment
from assess.assessments.signing.keeping import Signature, ask, sign
from assess.assessments.submitting import submission_of
from assess.plans.copies import _LEFT_OUT
from assess.plans.organisation_export.gathering import (
    assessments_of,
    documents_of,
    is_still_of,
    order_unprinted,
    plans_of,
    unprinted,
)
from assess.plans.printing.models import Rendered
from assess.plans.printing.standing import Standing
from assess.plans.shares.looking import note_look_by_link
from assess.plans.shares.models import Looked
from tests.people.persons import database_of
from tests.plans.organisation_export.conftest import PDF, Two

pytestmark = pytest.mark.both_databases


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for part in value.values() for key in keys_of(part)}
    return {key for part in value for key in keys_of(part)} if isinstance(value, list) else set()


def test_everything_of_an_assessment_is_there_and_no_sign(app: Flask, two: Two) -> None:
    with database_of(app).reading() as look:
        (only,) = assessments_of(look, two.farm.organisation.id)
        assert (only.folder, only.site) == ("001-farming", "Site of Canaryfarm")
        files = dict(documents_of(look, only))
    assert list(files) == ["self-check.json", "submission-1.json"]
    (answer,) = files["self-check.json"]["answers"]
    assert (answer["question"], answer["value"]) == ("core_people_peak", "answer of Canaryfarm")
    assert files["self-check.json"]["history_of_answers"]
    assert two.farm.submission.record["result"]["urgent_signs"], "the control: there is a sign to keep back"
    assert keys_of(files["submission-1.json"]["record"]) & _LEFT_OUT == set()
    text = json.dumps(files)
    assert "Otherhotel" not in text
    assert "hash" not in text


def test_what_was_done_together_is_taken_along(app: Flask, two: Two, now: datetime) -> None:
    mine, theirs = two.farm.assessment.id, two.hotel.assessment.id
    with app.app_context(), database_of(app).writing() as session:
        for whose, words in ((mine, "Ours"), (theirs, "Theirs")):
            write(session, whose, "core_people_peak", words, Author(None), now, for_delegate=False)
            send_back(session, whose, make(session, whose, Wanted("people", None, words, 14), now).id, words, now)
            submission = submission_of(session, whose)
            link = ask(session, submission, words, now)
            sign(session, submission, Signature(words, "director", on_paper=False), now)
            note_look_by_link(session, share(session, submission, now, note=words).id, Looked.PAGE, now)
    with database_of(app).reading() as look:
        (only,) = assessments_of(look, two.farm.organisation.id)
        found = dict(documents_of(look, only))["self-check.json"]
    assert [row["words"] for row in found["comments"]] == ["Ours"]
    assert [row["note"] for row in found["delegations"]] == ["Ours"]
    assert [row["words"] for row in found["history_of_delegations"]] == ["", "Ours"]
    assert [row["name"] for row in found["sign_off"]] == ["Ours"]
    assert [row["note"] for row in found["asked_to_sign_off"]] == ["Ours"]
    assert [row["what"] for row in found["looks_at_buyer_links"]] == ["page"]
    assert found["looks_at_shares"] == found["words_taken_out"] == found["answers_of_colleagues"] == []
    assert link.token not in json.dumps(found)
    assert "Theirs" not in json.dumps(found)


def test_printed_plans_are_taken_along_and_missing_ones_ordered(app: Flask, two: Two, now: datetime) -> None:
    with database_of(app).writing() as session:
        listed = assessments_of(session, two.farm.organisation.id)
        assert [content for _, content in plans_of(session, listed[0])] == [PDF]
        assert unprinted(session, listed, now) == {}
        session.query(Rendered).delete()
        assert list(plans_of(session, listed[0])) == []
        assert set(unprinted(session, listed, now)) == {two.farm.assessment.id}
        assert order_unprinted(session, listed, now) == 1
        assert unprinted(session, listed, now) == {two.farm.assessment.id: Standing.WAITING}


def test_what_moved_away_meanwhile_is_left_out(app: Flask, two: Two) -> None:
    with database_of(app).writing() as session:
        assert is_still_of(session, two.farm.assessment.id, two.farm.organisation.id)
        session.get_one(Assessment, two.farm.assessment.id).organisation_id = two.hotel.organisation.id
        assert not is_still_of(session, two.farm.assessment.id, two.farm.organisation.id)
