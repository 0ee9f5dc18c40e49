from __future__ import annotations

from assess.bank_editor.draft_context import Issue
from assess.bank_editor.questions.fields import row_values
from assess.bank_editor.questions.forms import PartValues, QuestionPart, find_question_part, part_values
from assess.bank_editor.questions.presenters import (
    FORM_REPAIRS,
    NOTHING,
    TICKED,
    field_differences,
    issues_by_field,
    issues_elsewhere,
    question_summary,
    row_labels,
    with_form_repairs,
)
from assess.engine.problems import PROBLEM_KINDS, Problem
from assess.question_banks.files import FileProblem
from tests.bank_editor.draft_contexts import real, real_lists, shop


def test_only_what_differs_is_shown_in_the_words_of_both() -> None:
    part = find_question_part(real("core_documents"), real_lists(), "counts")
    assert part
    theirs = part_values(part, real("core_documents"), real_lists())
    mine = PartValues({**theirs.single, "quick": [], "dimension": ["hours_rest"]})
    names = real_lists().dimensions
    assert field_differences(part, theirs, theirs) == []
    assert field_differences(part, theirs, mine) == [
        ("Theme", names["identity_documents"], names["hours_rest"]),
        ("It is part of the quick check", TICKED, NOTHING),
    ]


def test_rows_and_actions_are_compared_too() -> None:
    data = real("core_documents")
    part = find_question_part(data, real_lists(), "answers")
    assert part
    theirs = part_values(part, data, real_lists())
    rows = [dict(one) for one in theirs.rows["options"]]
    rows[1]["points"] = ["3"]
    found = field_differences(part, theirs, PartValues({}, {"options": [*rows, {"was": [""], "label": ["New"]}]}))
    assert ("Answer 2: Points", "2", "3") in found
    assert ("Answer 6: Words", NOTHING, "New") in found
    action = find_question_part(data, real_lists(), "action")
    assert action
    theirs = part_values(action, data, real_lists())
    mine = PartValues({**theirs.single, "action-do": ["Call first."]}, theirs.rows)
    (only,) = field_differences(action, theirs, mine)
    assert (only[0], only[2]) == ("Action, what to do", "Call first.")


def test_a_question_is_read_out() -> None:
    hand = shop(("shop.yaml", "ask: Who keeps the workers’ papers?", "ask: Who holds their papers?"))
    reading = question_summary(hand, hand.question("papers"))
    assert (reading.ask, reading.section, reading.change, reading.shared) == (
        "Who holds their papers?",
        "The work",
        "changed",
        [],
    )
    assert reading.number == len(list(hand.draft_context.questions_of("shop")))
    assert [(one.words, one.points, one.sign) for one in reading.outcomes][1] == ("We do", "4", "urgent")
    said = dict(reading.said)
    assert said["How it is answered"] == "One answer from a list"
    assert said["Asked if"].startswith("“")
    assert "Hint" not in said
    assert said["What to do"].startswith("Give them back")
    assert said["How soon, and who"].startswith(("At once. ", "Within "))
    assert said["Sources"], "whoever ticked one sees it"


def test_a_question_of_the_common_file_says_who_shares_it() -> None:
    hand = shop()
    first = next(hand.draft_context.questions_of("shop"))
    assert question_summary(hand, first).shared == ["Corner shops"]


def test_rows_are_called_by_their_number_or_by_their_answer() -> None:
    data = real("core_documents")
    answers, actions = (find_question_part(data, real_lists(), name) for name in ("answers", "action"))
    assert answers
    assert actions
    rows = [*row_values(answers.rows[0], data, {}), {"was": [""]}]
    assert row_labels(answers.rows[0], rows, data)[-2:] == ["Answer 5 (id dk)", "Answer 6"]
    own = row_labels(actions.rows[0], row_values(actions.rows[0], data, {}, {"employer", "dk"}), data)
    assert own == [
        "We keep them until the job ends or a trial is over (4 points, urgent sign)",
        "Don’t know (4 points)",
    ]


ASK = Issue(("ask",), FileProblem("f", 1, "BANK028", "quotes", warning=True))
ROW = Issue(("options", 1, "label"), FileProblem("f", 2, "BANK022", "a text belongs here"))
WHOLE = Issue((), FileProblem("f", 3, "BANK039", "no source"))
POOR = Issue(("options", 1), FileProblem("f", 4, "BANK057", "no action"))
ILO = Issue(("ilo", 0), FileProblem("f", 5, "BANK023", "no indicator"))
OWNER = Issue(("action", "owner"), FileProblem("f", 6, "BANK037", "no owner"))
TWICE = Issue((), FileProblem("f", 7, "BANK030", "twice"))
ALL = (ASK, ROW, WHOLE, POOR, ILO, OWNER, TWICE)


def page(name: str) -> QuestionPart:
    part = find_question_part(real("core_documents"), real_lists(), name)
    assert part
    return part


def test_each_stands_beside_its_field_on_the_page_that_has_it() -> None:
    assert issues_by_field(ALL, page("words")) == {"ask": [ASK.found]}
    assert issues_by_field(ALL, page("answers")) == {"options-1": [ROW.found]}
    assert issues_by_field(ALL, page("counts")) == {"ilo": [ILO.found]}
    assert issues_by_field(ALL, page("action")) == {"action": [OWNER.found]}
    assert issues_by_field(ALL, page("sources")) == {}


def test_what_has_no_field_is_told_at_the_top_of_its_page() -> None:
    assert [one.found for one in issues_elsewhere(ALL, page("sources"))] == [WHOLE.found]
    assert [one.found for one in issues_elsewhere(ALL, page("action"))] == [POOR.found]
    assert issues_elsewhere(ALL, page("words")) == []


def test_the_page_of_the_question_tells_all_with_the_way_to_the_page_that_repairs_it() -> None:
    told = issues_elsewhere(ALL, None)
    assert [one.found for one in told] == [one.found for one in ALL]
    assert [one.part for one in told] == ["words", "answers", "sources", "action", "counts", "action", None]


def test_a_repair_is_said_for_whoever_has_fields_before_them() -> None:
    assert set(FORM_REPAIRS) <= set(PROBLEM_KINDS)
    message = Problem("BANK039", (), "“papers” names no source.").message
    (one,) = with_form_repairs([Issue((), FileProblem("f", 3, "BANK039", message))])
    assert one.found.message == "“papers” names no source. Tick at least one source."
    straight = Issue((), FileProblem("f", 3, "BANK028", "Straight quotes."))
    assert with_form_repairs([straight]) == (straight,)
    assert not any(".yaml" in words or "“action: false”" in words for words in FORM_REPAIRS.values())
