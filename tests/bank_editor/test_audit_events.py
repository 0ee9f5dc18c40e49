"""Every page of duties, rates and lists that changes something leaves one event, and looking leaves none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assess.bank_editor.models import FixOutcome, UrgentFix
from assess.question_banks.models import CONFIRM_WITHIN
from tests.bank_editor.conftest import AtDesk
from tests.bank_editor.draft_fixtures import Drafting
from tests.bank_editor.test_questions_views import chosen
from tests.conftest import TODAY, Visitor
from tests.core.audit.test_completeness import counting


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_change_leaves_one_event(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    with counting(app) as (posted, looked):
        visit(f"{at_desk.draft}/contacts-and-sources/owners/-/new")
        visit.send("", follow=False, id="cleaner", name="Cleaner")
        visit(f"{at_desk.draft}/contacts-and-sources/owners/cleaner")
        visit.send("", follow=False, name="Head cleaner")
        visit(f"{at_desk.draft}/contacts-and-sources/owners/cleaner/remove")
        visit.send("", follow=False)
        visit(f"{at_desk.draft}/duties/uk_s54_approval/review")
        visit.send("", follow=False, reviewed_by="A. Lawyer", reviewed_on="23/11/2026")
        visit(f"{at_desk.draft}/settings/wage/2026-04-01")
        visit.send("", follow=False, source="GOV.UK")
        visit(f"{at_desk.draft}/settings/wage")
        visit.send("", follow=False, **{"from": "01/04/2027"}, value="13", source="An order", review_by="31/03/2028")
    assert looked == []
    assert posted == {
        ("duties_and_settings.add_entry", 1): 1,
        ("duties_and_settings.edit_entry", 1): 1,
        ("duties_and_settings.remove_entry", 1): 1,
        ("duties_and_settings.edit_duty_review", 1): 1,
        ("duties_and_settings.edit_source_check", 1): 1,
        ("duties_and_settings.edit_setting", 1): 1,
    }


def test_an_urgent_fix_is_overdue_after_seven_days_until_somebody_reviewed_it() -> None:
    row = UrgentFix(at=TODAY, outcome=None)
    assert not row.overdue(TODAY + CONFIRM_WITHIN)
    assert row.overdue(TODAY + CONFIRM_WITHIN + timedelta(seconds=1))
    row.outcome = FixOutcome.RIGHT
    assert not row.overdue(TODAY + timedelta(days=99))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_change_of_conditions_checks_and_sectors_leaves_one_event(visit: Visitor, drafting: Drafting) -> None:
    with counting(drafting.app) as (posted, looked):
        visit(f"{drafting.home}/shop/questions/papers/condition")
        visit.send(do="add-0")
        visit.send(do="clear")
        visit(f"{drafting.home}/shop/checks/new")
        visit.send(says="Only family works here.")
        visit.send(**chosen("p0-l0", "staff", "one_of", "family"))
        visit(f"{drafting.home}/shop/checks/D1")
        visit.send(says="In other words.")
        visit(f"{drafting.home}/shop/checks/D1/retire")
        visit.send()
        visit(f"{drafting.home}/sectors/new")
        visit.send(title="Nail bars", base="30", reason="As shops.", frame="shop")
    assert looked == []
    assert posted == {
        ("bank_questions.edit_condition", 0): 1,
        ("bank_questions.edit_condition", 1): 1,
        ("bank_checks.add_check", 1): 1,
        ("bank_checks.edit_check_condition", 1): 1,
        ("bank_checks.edit_check", 1): 1,
        ("bank_checks.remove_check", 1): 1,
        ("bank_editor.add_sector", 1): 1,
    }
