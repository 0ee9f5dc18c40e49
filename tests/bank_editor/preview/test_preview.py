"""Every page of trying a draft that changes something leaves one event; looking leaves none, and so does a try-out."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.forms import PostedSection, read_section_form
from assess.bank_editor.draft_context import DraftContext, item_at
from assess.bank_editor.preview import (
    FACTS_PAGE,
    IN_FORCE,
    LONGEST_STATE,
    NotReady,
    PreviewEdition,
    PreviewResult,
    PreviewState,
    edition_in_use,
    edition_of_draft,
    figures_side_by_side,
    find_preview_page,
    fitting_state,
    lines_side_by_side,
    neighbour_page,
    newly_asked,
    preview_pages,
    preview_progress,
    preview_result,
    preview_state_from_json,
    preview_state_to_json,
    priority_words,
    questions_possible_on,
    with_page_answers,
)
from assess.bank_editor.problems import (
    RULE_NAMES,
    TextLine,
    bank_by_file,
    clean_text,
    diff_texts,
    lines_around,
    place_of_line,
    problems_by_file,
    remarks_by_question,
    remarks_on_question,
    rule_name,
    waive_remark,
)
from assess.core.edit_conflicts import EditConflictError, etag
from assess.engine.bank import RemarkRule
from assess.question_banks.files import why_unreadable
from assess.question_banks.settings import settings_from
from tests.bank_editor.preview.conftest import At, Desk
from tests.conftest import Visitor
from tests.content_files import SCORING, SHOP, START, TODAY, Edit, edition_after, sound_but
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import database_of

EDITION = edition_after()


def posted(name: str, **typed: str) -> PostedSection:
    form = MultiDict(
        [(f"{one.id}.seen", "0") for one in questions_possible_on(EDITION, PreviewState(), name)] + list(typed.items())
    )
    return read_section_form(form, questions_possible_on(EDITION, PreviewState(), name))


def shown(tried: PreviewState, name: str) -> list[str]:
    leaf = find_preview_page(EDITION, tried, name)
    assert leaf is not None
    return [question.id for question in leaf.questions]


def test_questions_appear_by_what_was_said() -> None:
    before = PreviewState()
    assert (preview_pages(EDITION, before), shown(before, "people")) == (("people", FACTS_PAGE), ["staff"])
    after = with_page_answers(EDITION, before, "people", posted("people", staff="hired"))
    assert (preview_pages(EDITION, after), shown(after, "people")) == (
        ("people", "work", FACTS_PAGE),
        ["staff", "hours"],
    )
    assert newly_asked(EDITION, before, after, "people") == ("hours",)
    assert preview_progress(EDITION, after).questions_left == 2


def test_an_answer_is_taken_back_and_a_proof_too() -> None:
    said = PreviewState(answers={"staff": "hired", "hours": 40}, proofs=frozenset({"hours"}))
    found = with_page_answers(EDITION, said, "people", PostedSection(changes={"hours": None}, proof_asked=["hours"]))
    assert (found.answers, found.proofs) == ({"staff": "hired"}, frozenset())


def test_a_quick_check_asks_quick_questions_only() -> None:
    said = PreviewState(quick=True, answers={"staff": "hired"})
    assert shown(said, "people") == ["staff"]
    assert find_preview_page(EDITION, said, "work") is None
    assert newly_asked(EDITION, said, said, "work") == ()


def test_there_is_a_page_before_and_after_but_not_past_the_ends() -> None:
    way = ("a", "b", FACTS_PAGE)
    assert [
        neighbour_page(way, "b", -1),
        neighbour_page(way, "b", 1),
        neighbour_page(way, "a", -1),
        neighbour_page(way, FACTS_PAGE, 1),
    ] == [
        "a",
        FACTS_PAGE,
        None,
        None,
    ]
    assert neighbour_page(way, "gone", 1) == "a"


def test_facts_come_after_the_gates_and_not_sure_is_an_answer() -> None:
    assert shown(PreviewState(), FACTS_PAGE) == ["large"]
    unsure = with_page_answers(EDITION, PreviewState(), FACTS_PAGE, posted(FACTS_PAGE, large="dk"))
    assert (unsure.gates, unsure.sure_gates) == ({"large": None}, {})
    assert shown(unsure, FACTS_PAGE)[:2] == ["large", "places"]
    given = with_page_answers(EDITION, unsure, FACTS_PAGE, posted(FACTS_PAGE, large="no", places="dk"))
    leaf = find_preview_page(EDITION, given, FACTS_PAGE)
    assert leaf is not None
    assert (given.sure_gates, leaf.answers) == ({"large": False}, {"large": "no", "places": ["dk"]})


SAID = PreviewState(
    which=IN_FORCE,
    quick=True,
    answers={"staff": "hired", "hours": 46.5},
    proofs=frozenset({"papers"}),
    gates={"foreign": None, "large": False},
    facts={"turnover": 12},
    evidence_share=0.5,
)


def test_what_was_said_comes_back_as_it_was() -> None:
    assert preview_state_from_json(preview_state_to_json(SAID)) == SAID
    assert preview_state_from_json(preview_state_to_json(PreviewState())) == PreviewState()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"answers": 3, "proofs": "x", "gates": {"foreign": 7}, "share": 9.5}', "[" * LONGEST_STATE],
)
def test_what_cannot_be_read_is_nothing_said(text: str) -> None:
    assert preview_state_from_json(text) == PreviewState()


def test_an_edition_takes_only_what_it_offers() -> None:
    said = PreviewState(
        answers={"staff": "robots", "hours": 46, "gone": 1},
        proofs=frozenset({"gone", "hours"}),
        facts={"x": 1},
        gates={"y": True},
    )
    found = fitting_state(said, edition_after())
    assert (found.answers, found.proofs, found.facts, found.gates) == ({"hours": 46}, {"hours"}, {}, {})


def test_a_fact_that_is_not_sure_stays() -> None:
    edition = edition_after()
    fact = edition.duty_book.facts[0].id
    assert fitting_state(PreviewState(facts={fact: "not_sure"}), edition).facts == {fact: "not_sure"}


def test_a_draft_can_be_tried_though_its_examples_do_not_hold(sound: At) -> None:
    draft_context = sound((SHOP, "score: 2.5", "score: 7"))
    assert draft_context.report.errors
    assert isinstance(edition_of_draft(draft_context, "shop"), PreviewEdition)


def test_examples_that_give_what_cannot_be_given_keep_nobody_from_trying(sound: At) -> None:
    draft_context = sound((SHOP, "answers: {staff: family}", "answers: {staff: robots}"))
    assert draft_context.report.banks["shop"].compiled is None
    assert isinstance(edition_of_draft(draft_context, "shop"), PreviewEdition)


def test_what_cannot_be_scored_cannot_be_tried_and_says_why(sound: At) -> None:
    found = edition_of_draft(sound((SHOP, "show_if: {staff: {is: hired}}", "show_if: {nobody: {is: hired}}")), "shop")
    assert isinstance(found, NotReady)
    assert [one.number for one in found.problems] == ["BANK031"]
    assert isinstance(edition_of_draft(sound((SHOP, "kind: safeguard", "kind: [")), "shop"), NotReady)


def test_without_settings_nothing_is_scored(sound: At) -> None:
    found = edition_of_draft(sound((SCORING, "id: floor", "id: flor")), "shop")
    assert isinstance(found, NotReady)
    assert found.problems


def test_the_edition_in_use_is_the_newest_and_a_new_bank_has_none(desk: Desk, sound: At) -> None:
    with desk.app.app_context(), database_of(desk.app).reading() as session:
        found = edition_in_use(session, sound(), "shop")
        assert found is not None
        assert (found.name, found.edition.bank) == ("Edition 1", "shop")
        assert edition_in_use(session, sound(), "stall") is None


KEPT = PreviewState(answers={"staff": "hired", "hours": 72, "papers": "we"})


def tried(*edits: Edit, said: PreviewState = KEPT) -> PreviewResult:
    return preview_result(PreviewEdition("Here", edition_after(*edits), settings_from(sound_but(), TODAY)), said, TODAY)


def test_every_figure_line_sign_and_action_is_said() -> None:
    found = tried()
    assert found.figures["Band"] == "Act now (because of: signs)"
    assert found.figures["Urgent signs"] == "Who keeps the workers’ papers"
    assert [(one.ask, one.answer, one.points, one.sign) for one in found.lines] == [
        ("Who works here?", "Others too", "2 of 3", ""),
        ("How many hours does the longest week have?", "72 hours", "3 of 3", ""),
        ("Who keeps the workers’ papers?", "We do", "4 of 4", "Urgent"),
    ]
    assert [row[2] for row in found.actions] == ["At once", "In 30 days", "In 90 days"]
    assert found.findings == ("Note: Papers are kept and pay is low.",)
    assert sum(len(rows) for rows in found.duties.values()) == len(edition_after().duty_book.duties)
    assert found.missing == ()


def test_what_is_left_open_is_named() -> None:
    assert tried(said=PreviewState()).missing == ("Who works here?",)
    assert tried(said=PreviewState(answers={"staff": "hired", "hours": 1})).missing == (
        "Who keeps the workers’ papers?",
    )


def test_two_editions_are_compared_figure_by_figure_and_only_differing_lines_are_shown() -> None:
    here, there = tried((START, "label: Others too, points: 2", "label: Others too, points: 3")), tried()
    assert [one.name for one in figures_side_by_side(here, there) if one.differs] == ["Score", "Range", "Gap"]
    assert [(one.name, one.here, one.there) for one in lines_side_by_side(here.lines, there.lines)] == [
        ("Who works here?", "3 of 3", "2 of 3")
    ]


def test_a_question_that_only_one_of_them_asks_is_a_difference() -> None:
    here, there = tried(said=PreviewState(answers={"staff": "family"})), tried()
    rows = {one.name: (one.here, one.there) for one in lines_side_by_side(here.lines, there.lines)}
    assert rows["Who keeps the workers’ papers?"] == (None, "4 of 4, urgent sign")
    back = {one.name: (one.here, one.there) for one in lines_side_by_side(there.lines, here.lines)}
    assert back["Who keeps the workers’ papers?"] == ("4 of 4, urgent sign", None)


def test_priorities_are_said_as_people_say_them() -> None:
    assert [priority_words("immediate"), priority_words(30)] == ["At once", "In 30 days"]


ROBOTS: Edit = (SHOP, "answers: {staff: family}", "answers: {staff: robots}")
NO_POINTS: Edit = (START, "label: Only family, points: 0", "label: Only family")


def words(draft_context: DraftContext) -> list[tuple[str, list[str]]]:
    return [
        (file.name, [where.words for where in file.things])
        for file in problems_by_file(draft_context, draft_context.report.errors)
    ]


def test_problems_stand_with_the_thing_they_are_about(sound: At) -> None:
    assert words(sound(NO_POINTS)) == [(START, ["Question: Who works here?"])]
    assert words(sound(ROBOTS)) == [(SHOP, ["Worked example: family"])]
    assert words(sound((START, "title: The people", "titel: The people"))) == [(START, ["Section: people"])]
    assert words(sound(("owners.yaml", "owners:", "ovners:"))) == [("owners.yaml", ["The file"])]


def test_a_shared_question_is_put_right_in_a_bank_that_asks_it(sound: At) -> None:
    draft_context = sound(NO_POINTS)
    where = next(iter(problems_by_file(draft_context, draft_context.report.errors)[0].things))
    assert (where.bank, where.question) == ("shop", "staff")
    (told,) = problems_by_file(draft_context, draft_context.report.errors)[0].things.values()
    assert told[0].message.endswith("Give each answer its points, 0 if it is good."), "as whoever has fields is told"
    assert bank_by_file(draft_context) == {START: "shop", SHOP: "shop"}
    assert place_of_line(None, 3, None).words == "The file"


def test_the_remarks_on_one_question_are_told_with_their_waivers(sound: At) -> None:
    asked = "ask: Who keeps the workers’ papers?"
    loaded: Edit = (SHOP, asked, "ask: Surely you do not keep papers?")
    waived: Edit = (SHOP, "type: choice", "type: choice\n        waived: {loaded_words: It is a quote}")
    [found] = remarks_on_question(sound(loaded), "shop", "papers")
    assert (found.remark.found, found.waived) == ("surely", None)
    assert [one.waived for one in remarks_on_question(sound(loaded, waived), "shop", "papers")] == ["It is a quote"]
    assert remarks_by_question([found, found]) == {"papers": [found, found]}
    assert (
        remarks_on_question(sound(loaded), "shop", "staff")
        == remarks_on_question(sound(loaded), "gone", "papers")
        == ()
    )


@pytest.mark.parametrize(
    ("typed", "kept"), [("a\r\nb", b"a\nb\n"), ("a\rb\n", b"a\nb\n"), ("", b""), ("’\n", "’\n".encode())]
)
def test_lines_end_as_in_all_files(typed: str, kept: bytes) -> None:
    assert clean_text(typed) == kept


def test_only_what_cannot_be_read_at_all_is_refused() -> None:
    fault = why_unreadable("shop.yaml", b"format: 1\nbank: [\n")
    assert fault is not None
    assert (fault.number, fault.line) == ("BANK004", 3)
    assert why_unreadable("shop.yaml", b"format: 7\n") is None
    assert why_unreadable("reference/x.csv", b"a,b\n[\n") is None
    assert why_unreadable("reference/x.csv", b"\xff") is not None


def test_a_line_is_shown_with_its_neighbours() -> None:
    text = "a\nb\nc\nd\ne\n"
    assert lines_around(text, 1) == (TextLine(1, "a", "→"), TextLine(2, "b"), TextLine(3, "c"))
    assert [one.number for one in lines_around(text, 5)] == [3, 4, 5]
    assert lines_around("", 1) == ()
    assert lines_around("a\nb\n", 7) == (TextLine(1, "a"), TextLine(2, "b", "→"))


def test_two_texts_are_shown_where_they_differ() -> None:
    theirs = "\n".join("abcdefghijkl")
    mine = theirs.replace("b", "B").replace("k", "")
    marks = [(one.mark, one.number, one.words) for one in diff_texts(theirs, mine)]
    assert marks[1:3] == [("−", 2, "b"), ("+", 2, "B")]
    assert ("…", None, "") in marks
    assert diff_texts(theirs, theirs) == ()


PATH = ("sections", 0)


def test_a_waiver_is_written_and_taken_back() -> None:
    question: dict[str, Any] = {"id": "q"}
    data = {"sections": [question]}
    waive_remark(item_at(data, PATH, etag(question)), "long_sentence", "It is the law’s own")
    assert question["waived"] == {"long_sentence": "It is the law’s own"}
    waive_remark(question, "hard_words", "All know it")
    waive_remark(question, "long_sentence", "")
    assert question["waived"] == {"hard_words": "All know it"}
    waive_remark(question, "hard_words", "")
    assert question == {"id": "q"}
    with pytest.raises(EditConflictError):
        item_at(data, PATH, "old")


def test_every_remark_has_a_name() -> None:
    assert {rule_name(rule) for rule in RemarkRule} >= set(RULE_NAMES.values())
    assert rule_name("some_new_rule") == "Some new rule"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_change_leaves_one_event_and_a_try_out_none(desk: Desk, visit: Visitor) -> None:
    shop = f"{desk.at}/shop"
    with counting(desk.app) as (posted, looked):
        desk.change(START, "label: Only family, points: 0", "label: Only family, points: 1")
        visit(f"{shop}/preview")
        visit.send(example="kept")
        visit.send("/examples", title="Kept again")
        visit.send("/examples/1/figures")
        desk.change(SHOP, "score: 5,", "score: 7,")
        visit(f"{shop}/examples/figures")
        visit.send("/figures")
        desk.change(SHOP, "answers: {staff: family}", "answers: {staff: family, gone: 3}")
        visit(f"{shop}/examples")
        visit.send("/examples/1/answers")
        visit.send("/title", title="A family")
        visit(f"{shop}/examples/3/retire")
        visit.send("/retire")
        visit(f"{shop}/questions/papers/waive/long_sentence")
        visit.send(reason="It is short")
    assert looked == []
    assert posted == {
        ("draft_preview.edit_file_text", 1): 3,
        ("draft_preview.show_preview", 0): 1,
        ("draft_preview.show_examples", 1): 1,
        ("draft_preview.write_figures_of_one", 1): 1,
        ("draft_preview.write_figures_of_all", 1): 1,
        ("draft_preview.save_example_answers", 1): 1,
        ("draft_preview.save_example_title", 1): 1,
        ("draft_preview.remove_example", 1): 1,
        ("draft_preview.edit_waiver", 1): 1,
    }
