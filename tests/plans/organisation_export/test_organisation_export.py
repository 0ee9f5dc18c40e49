from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from assess.assessments.comments import CommentAuthor, add_comment
from assess.assessments.delegation import NewDelegation, create_delegation, send_back_delegation
from assess.assessments.links import make_buyer_link
from assess.assessments.models import Assessment
from assess.assessments.retention import delete_assessment
from assess.assessments.sign_off import Signature, request_sign_off, sign_submission
from assess.assessments.submissions import get_submission
from assess.core.db import Base
from assess.core.documents.services import PdfStatus
from assess.core.models import StoredPdf
from assess.identity.models import Membership, Role
from assess.plans.copies import _HIDDEN_KEYS
from assess.plans.organisation_export import (
    ASSESSMENT_TABLES,
    EXCLUDED_TABLES,
    RELATED_TABLES,
    SUBMISSION_TABLES,
    enqueue_missing_pdfs,
    exported_assessments,
    json_documents,
    missing_pdfs,
    plan_pdfs,
    still_belongs_to,
    stream_export,
    to_json_value,
)
from assess.sharing.models import ShareViewKind
from assess.sharing.viewing import log_link_view
from tests.conftest import TODAY, Visitor
from tests.core import filled_database
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.plans.organisation_export.conftest import PDF, TwoOrganisations


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for part in value.values() for key in keys_of(part)}
    return {key for part in value for key in keys_of(part)} if isinstance(value, list) else set()


@pytest.mark.both_databases
def test_everything_of_an_assessment_is_there_and_no_sign(app: Flask, two: TwoOrganisations) -> None:
    with database_of(app).reading() as session:
        (only,) = exported_assessments(session, two.farm.organisation.id)
        assert (only.folder, only.site) == ("001-farming", "Site of Canaryfarm")
        files = dict(json_documents(session, only))
    assert list(files) == ["self-check.json", "submission-1.json"]
    (answer,) = files["self-check.json"]["answers"]
    assert (answer["question"], answer["value"]) == ("core_people_peak", "answer of Canaryfarm")
    assert files["self-check.json"]["history_of_answers"]
    assert two.farm.submission.record["result"]["urgent_signs"], "the control: there is a sign to keep back"
    assert keys_of(files["submission-1.json"]["record"]) & _HIDDEN_KEYS == set()
    text = json.dumps(files)
    assert "Otherhotel" not in text
    assert "hash" not in text


@pytest.mark.both_databases
def test_what_was_done_together_is_taken_along(app: Flask, two: TwoOrganisations, now: datetime) -> None:
    mine, theirs = two.farm.assessment.id, two.hotel.assessment.id
    with app.app_context(), database_of(app).writing() as session:
        for whose, words in ((mine, "Ours"), (theirs, "Theirs")):
            add_comment(session, whose, "core_people_peak", words, CommentAuthor(None), now, for_delegate=False)
            send_back_delegation(
                session,
                whose,
                create_delegation(session, whose, NewDelegation("people", None, words, 14), now).id,
                words,
                now,
            )
            submission = get_submission(session, whose)
            link = request_sign_off(session, submission, words, now)
            sign_submission(session, submission, Signature(words, "director", on_paper=False), now)
            log_link_view(session, make_buyer_link(session, submission, now, note=words).id, ShareViewKind.PAGE, now)
    with database_of(app).reading() as session:
        (only,) = exported_assessments(session, two.farm.organisation.id)
        found = dict(json_documents(session, only))["self-check.json"]
    assert [row["words"] for row in found["comments"]] == ["Ours"]
    assert [row["note"] for row in found["delegations"]] == ["Ours"]
    assert [row["words"] for row in found["history_of_delegations"]] == ["", "Ours"]
    assert [row["name"] for row in found["sign_off"]] == ["Ours"]
    assert [row["note"] for row in found["asked_to_sign_off"]] == ["Ours"]
    assert [row["what"] for row in found["looks_at_buyer_links"]] == ["page"]
    assert found["looks_at_shares"] == found["words_taken_out"] == found["answers_of_colleagues"] == []
    assert link.token not in json.dumps(found)
    assert "Theirs" not in json.dumps(found)


@pytest.mark.both_databases
def test_printed_plans_are_taken_along_and_missing_ones_ordered(
    app: Flask, two: TwoOrganisations, now: datetime
) -> None:
    with database_of(app).writing() as session:
        listed = exported_assessments(session, two.farm.organisation.id)
        assert [content for _, content in plan_pdfs(session, listed[0])] == [PDF]
        assert missing_pdfs(session, listed, now) == {}
        session.query(StoredPdf).delete()
        assert list(plan_pdfs(session, listed[0])) == []
        assert set(missing_pdfs(session, listed, now)) == {two.farm.assessment.id}
        assert enqueue_missing_pdfs(session, listed, now) == 1
        assert missing_pdfs(session, listed, now) == {two.farm.assessment.id: PdfStatus.WAITING}


@pytest.mark.both_databases
def test_what_moved_away_meanwhile_is_left_out(app: Flask, two: TwoOrganisations) -> None:
    with database_of(app).writing() as session:
        assert still_belongs_to(session, two.farm.assessment.id, two.farm.organisation.id)
        session.get_one(Assessment, two.farm.assessment.id).organisation_id = two.hotel.organisation.id
        assert not still_belongs_to(session, two.farm.assessment.id, two.farm.organisation.id)


def opened(parts: list[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(parts)))


def test_the_file_holds_all_of_one_organisation_and_nothing_of_another(
    app: Flask, two: TwoOrganisations, now: datetime
) -> None:
    parts = list(stream_export(database_of(app), two.farm.organisation.id, now))
    assert len(parts) > 3, "it comes part by part"
    with opened(parts) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    assert names == [
        "READ-ME.txt",
        "organisation.json",
        "001-farming/self-check.json",
        "001-farming/submission-1.json",
        "001-farming/plan-1-2026-11-24-1.pdf",
    ]
    assert files["001-farming/plan-1-2026-11-24-1.pdf"] == PDF
    assert json.loads(files["organisation.json"])["people"][0]["email"] == "manager@canaryfarm.example"
    whole = b"".join(files.values())
    assert b"Canaryfarm" in whole
    for theirs in (b"Otherhotel", b"otherhotel", b"of the hotel", str(two.hotel.organisation.id).encode()):
        assert theirs not in whole


def test_it_says_which_plans_were_not_printed(app: Flask, two: TwoOrganisations, now: datetime) -> None:
    with database_of(app).writing() as session:
        session.query(StoredPdf).delete()
    with opened(list(stream_export(database_of(app), two.farm.organisation.id, now))) as archive:
        assert "not printed yet for:\r\n001-farming" in archive.read("READ-ME.txt").decode()
        assert not [name for name in archive.namelist() if name.endswith(".pdf")]


def test_what_is_deleted_while_it_is_sent_is_left_out(app: Flask, two: TwoOrganisations, now: datetime) -> None:
    parts = stream_export(database_of(app), two.farm.organisation.id, now)
    first = next(parts)
    with database_of(app).writing() as session:
        delete_assessment(session, two.farm.assessment.id)
    with opened([first, *parts]) as archive:
        assert archive.namelist() == ["READ-ME.txt", "organisation.json"]


assert filled_database  # every table there is


def test_values_become_what_json_has() -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert [
        to_json_value(value) for value in (Role.BUYER, now, date(2026, 11, 24), uuid.UUID(int=1), 1.5, None, {"a": 1})
    ] == [
        "buyer",
        "2026-11-24T09:30:00+00:00",
        "2026-11-24",
        "00000000-0000-0000-0000-000000000001",
        1.5,
        None,
        {"a": 1},
    ]


@pytest.mark.parametrize(("wanted", "by"), [(ASSESSMENT_TABLES, "assessment_id"), (SUBMISSION_TABLES, "submission_id")])
def test_what_is_taken_along_hangs_on_its_owner_and_opens_nothing(
    wanted: dict[str, tuple[str, list[str]]], by: str
) -> None:
    for name, (table_name, columns) in wanted.items():
        assert not [column for column in columns if "hash" in column or "token" in column or column == "person_id"], (
            name
        )
        table = Base.metadata.tables.get(table_name)
        if table is not None:
            assert by in table.columns
            assert set(columns) <= set(table.columns.keys()), name


def test_every_table_of_an_assessment_is_taken_along_or_left_out_for_a_reason() -> None:
    taken = {table for table, _ in [*ASSESSMENT_TABLES.values(), *SUBMISSION_TABLES.values()]}
    own = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"assessment_id", "submission_id"} & set(table.columns.keys())
    }
    assert own - taken - {"share_view"} == set(EXCLUDED_TABLES) & own
    assert taken & set(EXCLUDED_TABLES) == set()
    parts = {"delegation", "share_grant", "buyer_link", "sign_off_request", "comment"}
    hanging = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.name not in own and parts & {key.column.table.name for key in table.foreign_keys}
    }
    assert hanging - set(EXCLUDED_TABLES) == {table for table, _, _ in RELATED_TABLES.values()}
    assert {"answer", "answer_event", "tracked_action", "tracked_action_event", "purchase_line"} <= taken & own


def test_what_hangs_on_something_of_it_opens_nothing_and_names_nobody() -> None:
    for table_name, parent_name, columns in RELATED_TABLES.values():
        table = Base.metadata.tables[table_name]
        assert "assessment_id" in Base.metadata.tables[parent_name].columns
        assert set(columns) <= set(table.columns.keys()) - {"viewer", "person_id", "token_hash"}


def test_a_manager_has_missing_plans_printed_and_takes_all(app: Flask, as_ann: Visitor, two: TwoOrganisations) -> None:
    here = f"/organisations/{two.farm.organisation.id}/export"
    assert "not printed" not in as_ann(here).text
    with database_of(app).writing() as session:
        session.query(StoredPdf).delete()
    assert "1 plan is not printed" in as_ann(here).text
    page = as_ann.send()
    assert "1 is being made" in page.text
    answer = as_ann.client.get(f"{here}.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "Canary" not in answer.headers["Content-Disposition"], "the name of a file shows on shared computers"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert "001-farming/self-check.json" in archive.namelist()


@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.SIGNER, Role.BUYER, None])
def test_nobody_but_a_manager_of_this_organisation_takes_anything(
    app: Flask, visit: Visitor, two: TwoOrganisations, role: Role | None
) -> None:
    with database_of(app).writing() as session:
        eve = a_person(session, "eve@farm.example", desk=None if role else "administrator")
        if role:
            session.add(
                Membership(organisation_id=two.farm.organisation.id, person_id=eve.id, role=role, made_at=TODAY)
            )
    for person in (eve, two.hotel.manager):
        sign_in(visit, app, person)
        for end in ("/export", "/export.zip"):
            assert visit.client.get(f"/organisations/{two.farm.organisation.id}{end}").status_code == 404


def test_it_asks_who_it_is_when_that_was_long_ago(app: Flask, as_ann: Visitor, two: TwoOrganisations) -> None:
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=16)
    for end in ("/export", "/export.zip"):
        answer = as_ann.client.get(f"/organisations/{two.farm.organisation.id}{end}")
        assert answer.headers["Location"].startswith("/prove?next="), end
