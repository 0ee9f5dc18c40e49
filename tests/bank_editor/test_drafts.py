from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import (
    DraftContext,
    Location,
    edit_draft_file,
    item_at,
    load_draft_context,
    path_at_line,
)
from assess.bank_editor.form_pages import UNREADABLE, UNWRITABLE, PageRequest
from assess.core import clock
from assess.core.db import request_session
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError, NotSavedError, etag, save_or_show_again
from assess.identity.current_user import CurrentUser
from assess.question_banks import drafts
from assess.question_banks.content_versions import seed_from_release
from assess.question_banks.drafts import (
    FileTakenError,
    create_draft,
    discard_draft,
    draft_history,
    file_in_draft,
    save_draft_file,
)
from assess.question_banks.files import ContentFiles
from assess.question_banks.models import Draft, DraftEventKind
from tests.bank_editor.conftest import AtDesk
from tests.conftest import TODAY, Visitor
from tests.content_files import SHOP, SOUND, sound_but
from tests.identity.accounts_factory import a_person, database_of, sign_in


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("desk", "offered"), [("coordinator", True), ("administrator", False)])
def test_only_who_may_write_is_offered_to(app: Flask, visit: Visitor, desk: str, offered: bool) -> None:  # noqa: FBT001  # a case
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk=desk)
        draft_id = create_draft(session, "Clearer words", ann.id, TODAY).id
    sign_in(visit, app, ann)
    page = visit(f"/question-banks/drafts/{draft_id}/texts/owners.yaml")
    assert page.heading == "owners.yaml"
    assert ("Save the text" in page.text) is offered


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def ann(session: Session) -> uuid.UUID:
    return a_person(session, "ann@desk.example", desk="coordinator").id


@pytest.fixture
def draft(session: Session, ann: uuid.UUID, tmp_path: Path) -> Draft:
    seed_from_release(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    return drafts.create_draft(session, "Clearer words", ann, NOW)


def test_one_text_is_one_line_and_whoever_saw_it_before_is_told(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    location = load_draft_context(session, draft, NOW).question("shop", "papers")
    assert location

    def reword(words: str) -> Any:  # a function of the data
        def edit(data: dict[str, Any]) -> None:
            item_at(data, location.path, location.etag)["ask"] = words

        return edit

    before = drafts.file_in_draft(session, draft, SHOP) or b""
    edit_draft_file(session, draft, SHOP, reword("Who has the papers?"), ann, NOW, what="its words")
    after = drafts.file_in_draft(session, draft, SHOP) or b""
    assert sum(a != b for a, b in zip(before.splitlines(), after.splitlines(), strict=True)) == 1
    with pytest.raises(EditConflictError) as told:
        edit_draft_file(session, draft, SHOP, reword("Whose are the papers?"), ann, NOW, what="its words")
    assert told.value.theirs
    assert told.value.theirs["ask"] == "Who has the papers?"
    assert drafts.file_in_draft(session, draft, SHOP) == after


def test_nothing_changed_leaves_no_event(session: Session, draft: Draft, ann: uuid.UUID) -> None:
    edit_draft_file(session, draft, SHOP, lambda _data: None, ann, NOW, what="nothing")
    assert [event.deed for event in drafts.draft_history(session, draft)] == [DraftEventKind.BEGUN]
    assert drafts.changed_draft_files(session, draft) == {}


def test_a_thing_that_is_gone_is_told() -> None:
    with pytest.raises(EditConflictError) as told:
        item_at({"sections": []}, ("sections", 0), etag({}))
    assert told.value.theirs is None


def test_whoever_is_no_member_of_staff_finds_nothing(visit: Visitor, at_desk: AtDesk) -> None:
    with database_of(at_desk.app).writing() as session:
        stranger = a_person(session, "stranger@people.example")
    sign_in(visit, at_desk.app, stranger)
    assert visit("/question-banks").status == visit(at_desk.draft).status == 404


def test_what_is_over_is_read_and_worked_on_no_more(visit: Visitor, at_desk: AtDesk) -> None:
    assert visit(f"{at_desk.draft}/farming").status == 200
    assert visit(f"{at_desk.draft}/fishing").status == 404
    with database_of(at_desk.app).writing() as session:
        discard_draft(session, session.get_one(Draft, at_desk.draft_id), at_desk.ann.id, "", TODAY)
    assert visit(at_desk.draft).status == 200
    assert visit(f"{at_desk.draft}/farming").status == 404
    assert visit(f"/question-banks/drafts/{uuid.uuid4()}").status == 404


OWNERS = "owners.yaml"
on_sqlite_alone = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def page_of(at_desk: AtDesk) -> PageRequest:
    return PageRequest(cast("CurrentUser", at_desk.ann), request_session(), at_desk.draft_id)


def change_owner(app: Flask, at_desk: AtDesk) -> NotSavedError | None:
    """What a page is told that gives an owner other words."""
    with app.test_request_context(method="POST"):
        page, told = page_of(at_desk), list[NotSavedError]()
        save_or_show_again(
            lambda: page.edit_file(OWNERS, lambda data: data["owners"].update(owner="The owner"), "x" * 500),
            lambda error: told.append(error) or "",  # type: ignore[func-returns-value]
            "/",
        )
        request_session().commit()
        return told[0] if told else None


@on_sqlite_alone
def test_a_file_in_another_draft_is_said_with_the_draft_that_has_it(app: Flask, at_desk: AtDesk) -> None:
    with database_of(app).writing() as own:
        other = create_draft(own, "Other", at_desk.ben.id, TODAY)
        text = file_in_draft(own, other, OWNERS)
        save_draft_file(own, other, OWNERS, (text or b"") + b"  cleaner: Cleaner\n", at_desk.ben.id, TODAY, seen=text)
    refused = change_owner(app, at_desk)
    assert isinstance(refused, FileTakenError)
    assert refused.draft_id == other.id
    with database_of(app).writing() as own:
        discard_draft(own, own.get_one(Draft, other.id), at_desk.ben.id, "", TODAY)
    assert change_owner(app, at_desk) is None
    with database_of(app).reading() as session:
        assert draft_history(session, session.get_one(Draft, at_desk.draft_id))[-1].details["what"] == "x" * 200


@on_sqlite_alone
def test_a_text_nobody_can_read_is_said_and_left(app: Flask, at_desk: AtDesk) -> None:
    with database_of(app).writing() as own:
        draft = own.get_one(Draft, at_desk.draft_id)
        save_draft_file(own, draft, OWNERS, b"owners: [", at_desk.ann.id, TODAY, seen=file_in_draft(own, draft, OWNERS))
    assert str(change_owner(app, at_desk)) == UNREADABLE
    with database_of(app).reading() as session:
        assert file_in_draft(session, session.get_one(Draft, at_desk.draft_id), OWNERS) == b"owners: ["


@on_sqlite_alone
def test_a_value_that_no_text_can_hold_is_said_and_left(app: Flask, at_desk: AtDesk) -> None:
    with app.test_request_context(method="POST"):
        draft = request_session().get_one(Draft, at_desk.draft_id)
        before = file_in_draft(request_session(), draft, OWNERS)
        with pytest.raises(NotSavedError) as told:
            page_of(at_desk).edit_file(OWNERS, lambda data: data["owners"].update(owner=float("nan")), "an owner")
        assert str(told.value) == UNWRITABLE
        assert file_in_draft(request_session(), draft, OWNERS) == before


@on_sqlite_alone
@pytest.mark.parametrize("replaced", [True, False])
def test_a_thing_is_changed_only_as_it_was_seen(app: Flask, at_desk: AtDesk, *, replaced: bool) -> None:
    def change(seen: str, where: tuple[str, ...] = ("owners",)) -> None:
        with app.test_request_context(method="POST", data={"seen": seen}):
            page = page_of(at_desk)
            file = page.draft_context.files.files[OWNERS]
            location = Location(file, where, file.raw_data["owners"])  # type: ignore[arg-type]  # a group
            if replaced:
                page.replace_at(location, {"owner": "Only one"}, "owners")
            else:
                page.edit_at(location, lambda owners: owners.update(owner="Another"), "owners")
            request_session().commit()

    with database_of(app).reading() as session:
        draft = session.get_one(Draft, at_desk.draft_id)
        here = load_draft_context(session, draft, NOW).files.files[OWNERS].raw_data["owners"]
    for seen, where in (("another mark", ("owners",)), (etag(here), ("nowhere",))):
        with pytest.raises(EditConflictError):
            change(seen, where)
    change(etag(here))
    with pytest.raises(EditConflictError):
        change(etag(here))


@on_sqlite_alone
def test_of_several_saves_none_is_kept_when_one_cannot_be_made(app: Flask, at_desk: AtDesk) -> None:
    with app.test_request_context(method="POST"):
        draft = request_session().get_one(Draft, at_desk.draft_id)

        def save() -> None:
            save_draft_file(
                request_session(), draft, "fishing.yaml", b"bank: fishing\n", at_desk.ann.id, clock.now(), seen=None
            )
            save_draft_file(
                request_session(), draft, OWNERS, b"x: y\n", at_desk.ann.id, clock.now(), seen=b"what nobody wrote"
            )

        assert save_or_show_again(save, str, "/") == (LOOK_AGAIN, 409)
        request_session().commit()
    with database_of(app).reading() as session:
        assert file_in_draft(session, session.get_one(Draft, at_desk.draft_id), "fishing.yaml") is None


def bench(bank_files: ContentFiles) -> DraftContext:
    return DraftContext(Draft(title="x"), bank_files, NOW)


def test_the_questions_of_a_bank_are_the_common_ones_then_its_own() -> None:
    draft_context = bench(sound_but())
    files = [location.content_file.name for location in draft_context.questions_of("shop")]
    assert files == sorted(files, key=lambda name: name == SHOP)
    assert {"common/start.yaml", SHOP} == set(files)
    location = draft_context.question("shop", "papers")
    assert location
    assert location.content_file.name == SHOP
    assert location.content_file.raw_data["sections"][location.path[1]]["questions"][location.path[3]] == location.data  # type: ignore[index]  # plain data
    assert draft_context.question("shop", "nothing") is None
    assert list(draft_context.questions_of("nothing")) == []


def test_a_problem_is_told_beside_its_place() -> None:
    draft_context = bench(
        sound_but((SHOP, "- {id: they, label: They do, points: 0}", "- {id: they, label: They do, points: 9x}"))
    )
    location = draft_context.question("shop", "papers")
    assert location
    assert [told.place for told in draft_context.issues_of(location)] == [("options", 0)]
    other = draft_context.question("shop", "hours")
    assert other is None or draft_context.issues_of(other) == ()


def test_of_several_things_on_one_line_the_outermost_is_meant() -> None:
    draft_context = bench(sound_but())
    location = draft_context.question("shop", "papers")
    assert location
    line = location.content_file.line((*location.path, "options", 0))
    assert path_at_line(location.content_file, line) == (*location.path, "options", 0)
    assert path_at_line(location.content_file, 0) == ()


@pytest.mark.parametrize(("one", "other"), [({"a": 1}, {"a": True}), ({"a": "1"}, {"a": 1}), ({"a": []}, {"a": None})])
def test_a_mark_is_another_one_as_soon_as_anything_is(one: object, other: object) -> None:
    assert etag(one) != etag(other)


@pytest.mark.parametrize("written", ["[papers]", "", "{}", "''"])
def test_what_has_no_id_that_a_page_could_be_called_by_is_passed_over_and_keeps_its_place(written: str) -> None:
    draft_context = bench(sound_but(("common/start.yaml", "- id: staff", f"- id: {written}")))
    location = draft_context.question("shop", "hours")
    assert location
    assert location.path[3] == 1
    assert [one.data["id"] for one in draft_context.questions_of("shop")] == ["hours", "papers"]
    assert draft_context.report.errors
