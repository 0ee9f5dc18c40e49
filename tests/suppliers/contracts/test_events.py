"""Every page of contracts and of other results that changes something leaves one event, and looking leaves none."""

from __future__ import annotations

import pytest
from flask import Flask

from assess.assessments.visits import open_invitation
from tests.assessments.asked.invited_browsers import lets_in
from tests.conftest import TODAY, Visitor
from tests.kit.audit.test_completeness import counting
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.makers import a_buyer, a_supplier, invited

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_every_change_leaves_one_event(app: Flask, visit: Visitor, another_visit: Visitor) -> None:

    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers")
        invitation = invited(session, farm)
        lets_in(app, another_visit, open_invitation(session, invitation, TODAY))
        home = f"/organisations/{council.id}/suppliers/{farm.id}"
        asked = f"/asked/by/{invitation.id}/other-result"
    sign_in(visit, app, ann)
    with counting(app) as (posted, looked):
        visit(f"{home}/contracts/new")
        where = visit.send(title="Potatoes", regime="own").address.rpartition("/")[0]
        visit.send(level_industry="high")
        visit(f"{where}/tier")
        visit.send(tier="high", tier_reason="Pickers.")
        visit(f"{where}/delete")
        visit.send(sure="yes")
        another_visit(asked)
        another_visit.send(scheme="msat", result_on="1 6 2026", scope="whole", interviews="dk")
        visit(f"{home}/other-results")
        visit.send("/accept")
        visit.send("/undo")
        visit.send("/refuse", why="too_old")
        another_visit(asked)
        another_visit.send("/withdraw")
    assert looked == []
    assert posted == {
        ("contracts.add_contract", 1): 1,
        ("contracts.save_part", 1): 2,
        ("contracts.delete_contract", 1): 1,
        ("other_result.send_result", 1): 1,
        ("other_results.accept_result", 1): 1,
        ("other_results.undo_decision", 1): 1,
        ("other_results.reject_result", 1): 1,
        ("other_result.withdraw_result", 1): 1,
    }
