from __future__ import annotations

import pytest

from assess.banks.sheets import Found, unreadable
from assess.kit.db import holds_write_lock
from tests.conftest import Page, Visitor
from tests.editor.trying.conftest import Desk

NAME = "owners.yaml"


def test_a_text_is_kept_as_typed_refused_when_unreadable_and_never_overwritten_unseen(
    desk: Desk, visit: Visitor
) -> None:
    page = visit(f"{desk.at}/texts")
    assert page.heading == "Files as text"
    before = desk.text(NAME)
    visit(f"{desk.at}/texts/{NAME}")
    page = visit.send(NAME, text=before.replace("owners:", "owners: ["))
    assert page.status == 422
    assert page.soup.select_one('.govuk-error-summary a[href="#text"]')
    assert "owners: [" in page.fields(NAME)["text"][0]
    assert desk.text(NAME) == before
    stale = page.fields(NAME)["seen"][0]
    page = visit.send(NAME, text=before + "# theirs\r\n")
    assert "Saved." in page.text
    assert desk.text(NAME) == before + "# theirs\n"
    page = visit.send(NAME, text=before + "# mine\n", seen=stale)
    assert page.status == 409
    assert "Somebody else changed this file" in page.text
    assert page.fields(NAME)["text"] == [before + "# mine\n"]
    assert "# theirs" in str(page.soup.select_one("pre"))
    visit.send(NAME)
    assert desk.text(NAME) == before + "# mine\n"
    history = visit(desk.at).text
    assert history.count(f"the text of {NAME}") == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_file_is_downloaded_and_a_problem_shown_with_its_line(desk: Desk, visit: Visitor) -> None:
    page = visit(f"{desk.at}/files/common/start.yaml")
    assert page.headers["Content-Disposition"] == "attachment; filename=start.yaml"
    assert page.html == desk.text("common/start.yaml")
    assert visit(f"{desk.at}/files/gone.yaml").status == visit(f"{desk.at}/texts/gone.yaml").status == 404
    page = desk.change(NAME, "format: 1", "format: 7")
    assert "format: 7" in str(page.soup.select_one("pre"))
    assert visit(f"{desk.at}/texts/{NAME}?line=2").soup.select_one("#line")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_typed_is_shown_again_when_the_draft_is_over(desk: Desk, visit: Visitor) -> None:
    visit(f"{desk.at}/give-up")
    visit.send(words="No longer needed")
    token = visit("/banks").fields()["csrf_token"][0]
    sent = {"csrf_token": token, "text": "format: 1\nowners: {me: Me}\n", "seen": "old"}
    page = Page(visit.client.post(f"{desk.at}/texts/{NAME}", data=sent))
    assert page.status == 409
    assert "owners: {me: Me}" in page.fields(NAME)["text"][0]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_text_is_read_before_anybody_else_has_to_wait_and_one_with_too_many_values_is_refused(
    desk: Desk, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def watched(name: str, content: bytes) -> Found | None:
        held.append(holds_write_lock())
        return unreadable(name, content)

    monkeypatch.setattr("assess.editor.trying.views_texts.unreadable", watched)
    visit(f"{desk.at}/texts/{NAME}")
    page = visit.send(NAME, text="format: 1\nx: [" + "1," * 60_000 + "1]\n")
    assert page.status == 422
    assert "Line 2:" in page.text
    assert "More than 20,000 keys and values" in page.text
    assert held == [False]
