from __future__ import annotations

from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from assess.bank_editor.conditions import ConditionSubject
from assess.bank_editor.cross_checks import (
    CheckForm,
    Dependant,
    checks_of_bank,
    dependants_of,
    find_check,
    next_check_id,
    rule_in_words,
)
from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.questions.fields import priority_choices
from assess.bank_editor.questions.forms import FormLists
from assess.engine.bank_validation_conditions import INPUTS
from assess.engine.cross_checks import CHECK_RULES
from assess.question_banks.files import ContentFile
from assess.question_banks.models import Draft, EditionRow, EditionStage
from tests.bank_editor.draft_fixtures import Drafting
from tests.bank_editor.test_questions_views import chosen
from tests.conftest import TODAY, Visitor
from tests.content_files import SHOP, START, sound_but

CHECK: dict[str, Any] = {
    "id": "D1",
    "says": "Papers are kept.",
    "when": {"papers": {"is": "we"}},
    "sign": "serious",
    "ilo": [8, 7],
    "action": {
        "do": "Give them back.",
        "priority": 14,
        "owner": "owner",
        "effort": "S",
        "after_advice": True,
        "title": "Papers back",
        "reaches": "they",
    },
    "listed": False,
    "name": "Papers and pay",
    "harm": 2,
    "same_as": "papers",
}


def form_of(check: dict[str, Any]) -> CheckForm:
    return CheckForm(check, FormLists({}, {"owner": "Owner"}, {}, {}, named={"papers": "Papers"}))


def read_new(**typed: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A new check with its words, and with these fields as they are typed."""
    form = form_of({})
    return form.read(form.values | {"says": ["Look."]} | {name: [value] for name, value in typed.items()})


def test_what_is_read_from_a_check_writes_it_again_to_the_letter() -> None:
    again, errors = form_of(CHECK).read(form_of(CHECK).values)
    assert errors == {}
    assert again == CHECK
    assert list(again) == list(CHECK)


def test_an_action_without_words_and_a_check_without_sign_lose_them() -> None:
    check, _ = form_of(CHECK).read({**form_of({}).values, "says": ["Look at it."]})
    assert check == {"id": "D1", "says": "Look at it.", "when": CHECK["when"], "listed": False}


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"says": ""}, {"says"}),
        ({"says": "x" * 601}, {"says"}),
        ({"name": "x" * 41, "title": "x" * 61}, {"name", "title"}),
        ({"title": "Act"}, {"do"}),
        ({"do": "x" * 151, "title": "Act", "owner": "owner"}, {"do"}),
        ({"harm": "7"}, {"harm"}),
        ({"sign": "grave"}, {"sign"}),
        ({"sign": "serious"}, {"ilo"}),
        ({"do": "Act.", "priority": "soon", "effort": "XL", "owner": "nobody"}, {"priority", "owner", "effort"}),
        ({"do": "Act.", "owner": "owner"}, set()),
        ({"owner": "nobody"}, set()),
    ],
)
def test_each_fault_is_told_beside_its_field(typed: dict[str, str], where: set[str]) -> None:
    assert set(read_new(**typed)[1]) == where


def test_only_indicators_that_exist_are_read() -> None:
    form = {"says": [" Look \n again "], "sign": ["none"], "ilo": ["7"], "do": ["Act."], "after_advice": ["yes"]}
    check, _ = form_of({}).read(form)
    assert check.items() >= {"says": "Look again", "ilo": [7]}.items()
    assert check["action"]["after_advice"] is True
    assert form_of({}).read({**form, "ilo": ["7", "12"]})[0]["ilo"] == [7]


def test_a_number_of_days_that_a_file_has_can_be_kept() -> None:
    assert priority_choices("14")[-1] == ("14", "Within 14 days")
    assert len(priority_choices("9" * 5000)) == len(priority_choices("30")) == len(priority_choices("soon")) == 5


SUBJECTS = {"rate": ConditionSubject("rate", "What do you pay?", "number")}


def test_every_rule_of_the_engine_is_said_with_all_questions_it_reads() -> None:
    for rule in CHECK_RULES:
        said = rule_in_words(rule, dict.fromkeys(INPUTS[rule], "rate"), SUBJECTS)
        assert "“What do you pay?”" in said
        assert not said.startswith("It rests on")


def test_what_is_not_known_is_named() -> None:
    assert rule_in_words("strange", {}, {}) == "It rests on the rule “strange”."
    assert "is missing" in rule_in_words("charge_above_offset", {}, {})
    assert "“gone”" in rule_in_words("charge_above_offset", {"charge": "gone"}, SUBJECTS)


AT_WORK = DraftContext(cast("Draft", None), sound_but(), TODAY)


def test_checks_are_found_with_their_place() -> None:
    (location,) = checks_of_bank(AT_WORK, "shop")
    assert (location.content_file.name, location.path) == (SHOP, ("checks", 0))
    assert find_check(AT_WORK, "shop", "D1") == location
    assert find_check(AT_WORK, "shop", "D2") is None


def test_the_next_id_is_one_that_no_edition_ever_had(session: Session) -> None:
    assert next_check_id(session, AT_WORK) == "D2"
    session.add(
        EditionRow(
            bank="other",
            number=1,
            stage=EditionStage.PUBLISHED,
            source={},
            digest="x" * 64,
            published_at=TODAY,
            compiled={"checks": [{"id": "D40"}, {"id": "X99"}]},
        )
    )
    session.flush()
    assert next_check_id(session, AT_WORK) == "D41"


def test_what_rests_on_a_question_is_found_in_conditions_and_in_the_inputs_of_rules() -> None:
    assert dependants_of(AT_WORK, "hours") == [
        Dependant("shop", "D1", "Papers are kept and pay is low.", is_check=True)
    ]
    with_rule = sound_but(
        (SHOP, "when: {all: [{papers: {is: we}}, {hours: {at_least: 60}}]}", "rule: charge_above_offset, inputs: {charge: hours}"),
        (START, "show_if: {staff: {is: hired}}", "show_if: {asked: staff}"),
    )  # fmt: skip
    draft_context = DraftContext(cast("Draft", None), with_rule, TODAY)
    assert [one.id for one in dependants_of(draft_context, "hours")] == ["D1"]
    assert [one.id for one in dependants_of(draft_context, "staff")] == ["hours", "papers"]


NEW = {"says": "Answers disagree: only family works here, and papers are kept.", "sign": "none"}


def test_a_check_is_added_and_gets_its_condition(visit: Visitor, drafting: Drafting) -> None:
    assert "It is found when (“Who keeps" not in visit(f"{drafting.home}/shop/checks").text
    visit(f"{drafting.home}/shop/checks/new")
    refused = visit.send(says="", sign="serious", do="Look again.", owner="nobody")
    assert refused.status == 422
    assert {one["href"] for one in refused.soup.select(".govuk-error-summary a")} == {"#says", "#ilo", "#owner"}
    built = visit.send(
        **{**NEW, "sign": "serious"},
        ilo=["7", "8"],
        harm="2",
        do=" Look \n again. ",
        owner="owner",
        priority="7",
        after_advice="yes",
    )
    assert built.heading == "When it is found"
    assert "has neither “when” nor “rule”" in visit(f"{drafting.home}/shop/checks").text
    visit(built.address)
    assert (
        "It is found when “Who works here?” is “Only family”."
        in visit.send(**chosen("p0-l0", "staff", "one_of", "family")).text
    )
    text = drafting.text(SHOP)
    assert ContentFile(SHOP, text.encode()).raw_data["checks"][-1] == {
        "id": "D14",  # every other number was given to some check once
        "says": NEW["says"],
        "when": {"staff": {"is": "family"}},
        "sign": "serious",
        "ilo": [7, 8],
        "action": {"do": "Look again.", "priority": 7, "owner": "owner", "effort": "S", "after_advice": True},
        "harm": 2,
    }
    assert "D1, says: Papers are kept and pay is low." in text


def test_words_sign_and_action_change_and_the_condition_stays(visit: Visitor, drafting: Drafting) -> None:
    mine = visit(f"{drafting.home}/shop/checks/D1")
    assert "It is found when “Who keeps the workers’ papers?” is “We do” and" in mine.text
    visit.send(sign="serious", ilo=["7", "8"], do="Give them back.", owner="owner", priority="immediate")
    check = "when: {all: [{papers: {is: we}}, {hours: {at_least: 60}}]}"
    assert check in drafting.text(SHOP)
    assert "sign: serious" in drafting.text(SHOP)
    visit.page = mine
    second = visit.send(says="Mine")
    assert second.status == 409
    assert "It is a serious sign" in second.text
    assert "Mine" in second.soup.select_one("#says").text  # type: ignore[union-attr]  # it is there
    visit.send()
    assert "says: Mine" in drafting.text(SHOP)
    assert "sign: serious" not in drafting.text(SHOP)


def test_a_check_is_retired_after_it_was_asked_again(visit: Visitor, drafting: Drafting) -> None:
    asked = visit(f"{drafting.home}/shop/checks/D1/retire")
    assert asked.heading == "Retire check D1"
    assert visit.send().heading == "Checks over several answers"
    assert "D1" not in drafting.text(SHOP)
    assert visit(f"{drafting.home}/shop/checks/D1").status == 404


def test_what_silences_a_check_is_a_condition_of_its_own(visit: Visitor, drafting: Drafting) -> None:
    assert "Nothing leaves it out." in visit(f"{drafting.home}/shop/checks/D1/unless").text
    visit.send(**chosen("p0-l0", "staff", "not one_of", "hired"))
    assert "unless: {not: {staff: {is: hired}}}" in drafting.text(SHOP)
