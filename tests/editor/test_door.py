from __future__ import annotations

import uuid

from assess.banks.drafts.keeping import give_up
from assess.banks.drafts.models import Draft
from tests.conftest import TODAY, Visitor
from tests.editor.conftest import AtDesk
from tests.people.persons import a_person, database_of, sign_in


def test_whoever_has_no_desk_finds_nothing(visit: Visitor, at_desk: AtDesk) -> None:
    with database_of(at_desk.app).writing() as session:
        stranger = a_person(session, "stranger@people.example")
    sign_in(visit, at_desk.app, stranger)
    assert visit("/banks").status == visit(at_desk.draft).status == 404


def test_what_is_over_is_read_and_worked_on_no_more(visit: Visitor, at_desk: AtDesk) -> None:
    assert visit(f"{at_desk.draft}/farming").status == 200
    assert visit(f"{at_desk.draft}/fishing").status == 404
    with database_of(at_desk.app).writing() as session:
        give_up(session, session.get_one(Draft, at_desk.draft_id), at_desk.ann.id, "", TODAY)
    assert visit(at_desk.draft).status == 200
    assert visit(f"{at_desk.draft}/farming").status == 404
    assert visit(f"/banks/drafts/{uuid.uuid4()}").status == 404
