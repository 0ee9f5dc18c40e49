from __future__ import annotations

import pytest
from flask import Flask

from assess.banks.drafts.keeping import begin
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("desk", "offered"), [("coordinator", True), ("administrator", False)])
def test_only_who_may_write_is_offered_to(app: Flask, visit: Visitor, desk: str, offered: bool) -> None:  # noqa: FBT001  # a case
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk=desk)
        draft_id = begin(session, "Clearer words", ann.id, TODAY).id
    sign_in(visit, app, ann)
    page = visit(f"/banks/drafts/{draft_id}/texts/owners.yaml")
    assert page.heading == "owners.yaml"
    assert ("Save the text" in page.text) is offered
