from __future__ import annotations

from typing import Any

from assess.assessments.access import workspace
from assess.assessments.models import Part
from assess.assessments.owning.models import ToConfirm
from assess.assessments.owning.waiting import facts_to_confirm
from tests.assessments.owning.conftest import id_of
from tests.assessments.test_access import inside
from tests.people.persons import database_of


def test_facts_and_gates_that_wait_are_asked_again_with_their_old_answer(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    name = "has_website"
    visit(f"{home}business/facts/{name}")
    assert visit.send(has_website="yes").status == 200
    assert visit(home).soup.select("#about")
    with database_of(app).writing() as session:
        session.add(ToConfirm(assessment_id=id_of(home), part=Part.FACT, question=name))
        session.add(ToConfirm(assessment_id=id_of(home), part=Part.GATE, question="large"))
        session.add(ToConfirm(assessment_id=id_of(home), part=Part.FACT, question="gone"))
    with inside(app, visit, home):
        waits = facts_to_confirm(workspace(id_of(home)))
    assert [one.fact for one in waits] == [None, name]
    assert waits[0].said == "No"
    assert visit(f"{home}business/gates").soup.select("#large--again")
    assert not visit.page.soup.select("#foreign--again")
    visit.send()
    for _ in range(10):
        if visit.page.soup.select(f"#{name}--again"):
            break
        visit.send()
    assert visit.page.soup.select_one(f"#{name}")["value"] == "yes"
    visit.send()
    with inside(app, visit, home):
        assert not facts_to_confirm(workspace(id_of(home)))
