from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.models import ShelfReason
from assess.banks.shelves import set_up_next
from assess.editor.review.views_behind import both_of
from tests.conftest import TODAY, Visitor
from tests.editor.review.shop import WORDS, a_draft
from tests.people.persons import a_person, database_of, sign_in
from tests.shelves import SHOP


def mended(session: Session, draft: Draft) -> None:
    """Somebody changes the title of the shop at once, while this draft changes a question of it."""
    own = keeping.sheet_of(session, draft, SHOP) or b""
    before = own.replace(WORDS[2].encode(), WORDS[1].encode())
    changed = before.replace(b"title: Corner shops", b"title: Corner stores")
    set_up_next(session, {SHOP: changed}, TODAY, reason=ShelfReason.MENDED)


def test_both_texts_are_told_apart(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, WORDS)
    assert both_of(shop, draft) == []
    mended(shop, draft)
    (one,) = both_of(shop, draft)
    assert "+title: Corner stores" in one.published
    assert "papers of the workers" not in one.published
    assert "+        ask: Who keeps the papers of the workers?" in one.ours


@pytest.mark.parametrize(("choice", "keeps"), [("mine", b"papers of the workers"), ("theirs", b"Corner stores")])
def test_a_person_chooses_which_text_the_draft_goes_on_with(
    app: Flask, visit: Visitor, choice: str, keeps: bytes
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
        draft = a_draft(session, ann.id, WORDS)
        mended(session, draft)
    sign_in(visit, app, ann)
    where = f"/banks/drafts/{draft.id}"
    visit(f"{where}/review")
    assert visit.page is not None
    assert "was published meanwhile" in visit.page.text
    visit(f"{where}/meanwhile")
    assert visit.send("/meanwhile").status == 422
    assert visit.send("/meanwhile", **{"text-0": choice}).heading == "What changes"
    with database_of(app).reading() as look:
        stored = look.get_one(Draft, draft.id)
        assert keeping.behind(look, stored) == ()
        assert keeps in (keeping.sheet_of(look, stored, SHOP) or b"")
    assert "Nothing this draft changes was published meanwhile." in visit(f"{where}/meanwhile").text
