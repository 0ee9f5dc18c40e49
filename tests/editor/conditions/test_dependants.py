from __future__ import annotations

from typing import cast

from assess.banks.drafts.models import Draft
from assess.editor.conditions.dependants import Dependant, dependants_of
from assess.editor.workbench import Workbench
from tests.conftest import TODAY
from tests.shelves import SHOP, START, sound_but

AT_WORK = Workbench(cast("Draft", None), sound_but(), TODAY)


def test_what_rests_on_a_question_is_found_in_conditions_and_in_the_inputs_of_rules() -> None:
    assert dependants_of(AT_WORK, "hours") == [
        Dependant("shop", "D1", "Papers are kept and pay is low.", is_check=True)
    ]
    with_rule = sound_but(
        (SHOP, "when: {all: [{papers: {is: we}}, {hours: {at_least: 60}}]}", "rule: charge_above_offset, inputs: {charge: hours}"),
        (START, "show_if: {staff: {is: hired}}", "show_if: {asked: staff}"),
    )  # fmt: skip
    at_work = Workbench(cast("Draft", None), with_rule, TODAY)
    assert [one.id for one in dependants_of(at_work, "hours")] == ["D1"]
    assert [one.id for one in dependants_of(at_work, "staff")] == ["hours", "papers"]
