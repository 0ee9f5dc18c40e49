from __future__ import annotations

from flask import Flask

from assess.editor.review.comparing import Comparison
from tests.conftest import Visitor
from tests.editor.review.shop import WORDS, a_draft
from tests.people.persons import a_person, database_of, sign_in
from tests.shelves import CONTACTS, edition_after


def test_a_page_tells_what_changes_in_words_value_by_value_and_line_by_line(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        root = a_person(session, "root@desk.example", desk="administrator")
        draft = a_draft(session, root.id, WORDS, (CONTACTS, "who: The helpline", "who: The line"))
        where = f"/banks/drafts/{draft.id}/changes"
    sign_in(visit, app, root)
    page = visit(where)
    for words in (
        "Other words (1 change). It is the same thing in other words.",
        "Now: Who keeps the workers’ papers? Then: Who keeps the papers of the workers?",
        "contacts – The line – who The helpline The line",
        "- ask: Who keeps the workers’ papers?",
    ):
        assert words in page.text


def test_what_two_banks_share_is_told_once(app: Flask) -> None:
    compared = Comparison(edition_after(), edition_after(WORDS))
    bank = {"title": "Shops", "old": {"ref": {"number": 1}}, "compared": compared}
    said = str(app.jinja_env.get_template("editor/_changes.html").module.all_changes([bank, bank], []))  # type: ignore[attr-defined]  # a macro of the template
    assert said.count("Who keeps the papers of the workers?</strong>") == 1
    assert said.count("The same as told above") == 1
