from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import begin, give_up
from assess.banks.starting import take_over
from assess.editor.listing import SOMEBODY, banks_now, closed_drafts, names_of_people, open_drafts
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.shelves import SOUND


def test_banks_drafts_and_people_are_listed(session: Session) -> None:
    take_over(session, TODAY, SOUND)
    ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
    ben = a_person(session, "ben@desk.example", desk="coordinator")
    first, second = (begin(session, title, ann.id, TODAY) for title in ("One", "Two"))
    give_up(session, first, ann.id, "", TODAY)
    assert [(one.bank, one.number) for one in banks_now(session)] == [("shop", 1)]
    assert [draft.title for draft in open_drafts(session)] == [second.title]
    assert [draft.title for draft in closed_drafts(session)] == [first.title]
    stranger = uuid.uuid4()
    assert names_of_people(session, {ann.id, ben.id, stranger, None}) == {
        ann.id: "Ann Lee",
        ben.id: "ben@desk.example",
        stranger: SOMEBODY,
        None: SOMEBODY,
    }
