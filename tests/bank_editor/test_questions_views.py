from __future__ import annotations

from typing import Any, cast

import pytest
from flask import Flask

from assess.question_banks.question_types import QUESTION_FORMS
from tests.bank_editor.draft_fixtures import Drafting
from tests.bank_editor.draft_pages import SMALL, DraftPages, asked_about, held_by_another_draft, joined_by, room_of
from tests.conftest import Page, Visitor
from tests.content_files import SHOP, START, sound_but
from tests.core.audit.test_completeness import counting

PAPERS = "papers"
"""It is asked only when others than the family work here."""


def chosen(line: str, subject: str, test: str, *values: str) -> dict[str, Any]:
    return {f"{line}-subject": subject, f"{line}-shown": subject, f"{line}-test": test, f"{line}-value": list(values)}


def page(visit: Visitor, drafting: Drafting, question: str) -> Page:
    return visit(f"{drafting.home}/shop/questions/{question}/condition")


def test_a_condition_is_changed_line_by_line_and_only_its_line_of_the_file_with_it(
    visit: Visitor, drafting: Drafting
) -> None:
    before = drafting.text(SHOP)
    assert "It is asked when “Who works here?” is “Others too”." in page(visit, drafting, PAPERS).text
    grown = visit.send(do="add-0")
    assert grown.status == 200
    assert [legend.text for legend in grown.soup.select("legend.govuk-fieldset__legend--s")] == ["Line 1", "Line 2"]
    shown = visit.send(do="show", **{"p0-l1-subject": "hours"})
    assert [one["value"] for one in shown.soup.select("#p0-l1-test option")][:2] == ["is", "at_least"]
    missing = visit.send(do="save", **{"p0-l1-test": "at_least", "p0-l1-value": "several"})
    assert missing.status == 422
    assert missing.soup.select_one("#p0-l1-value")["value"] == "several"  # type: ignore[index]  # it is there
    assert drafting.text(SHOP) == before
    saved = visit.send(do="save", **{"p0-l1-value": "5"})
    assert saved.status == 200
    assert "and “How many hours does the longest week have?” is 5 or more." in saved.text
    assert [line for line in before.splitlines() if line not in drafting.text(SHOP).splitlines()] == [
        "        show_if: {staff: {is: hired}}"
    ]
    assert [line for line in drafting.text(SHOP).splitlines() if line not in before.splitlines()] == [
        "        show_if: {all: [{staff: {is: hired}}, {hours: {at_least: 5}}]}"
    ]


def test_saving_what_was_there_leaves_the_file_alone_and_taking_it_away_asks_everybody(
    visit: Visitor, drafting: Drafting
) -> None:
    before = drafting.text(SHOP)
    page(visit, drafting, PAPERS)
    visit.send(do="save")
    assert drafting.text(SHOP) == before
    cleared = visit.send(do="clear").text
    assert "Everybody is asked this question." in cleared
    assert "Saved in this draft." in cleared
    assert "show_if" not in drafting.text(SHOP)
    visit.send(do="save", **chosen("p0-l0", "hours", "asked"))
    after = drafting.text(SHOP).splitlines()
    place = after.index("        show_if: {asked: hours}")
    assert after[place - 1] == "        can_sign: true"


def test_how_many_is_asked_only_where_it_counts_and_never_guessed(visit: Visitor, drafting: Drafting) -> None:
    page(visit, drafting, PAPERS)
    visit.send(do="add-0")
    visit.send(do="show", **{"p0-l1-subject": "hours"})
    asked = visit.send(**chosen("p0-l1", "hours", "asked"), **{"p0-joined": "at_least"})
    assert asked.status == 422
    assert "Write how many have to be true, from 1 to 2." in asked.text
    visit.send(**{"p0-n": "2"})
    assert "at_least_of: {n: 2, of: [{staff: {is: hired}}, {asked: hours}]}" in drafting.text(SHOP)


def test_who_comes_second_sees_both_and_loses_nothing(visit: Visitor, drafting: Drafting) -> None:
    mine = page(visit, drafting, PAPERS)
    visit.send(**chosen("p0-l0", "staff", "one_of", "family"))
    visit.page = mine
    second = visit.send(**chosen("p0-l0", "staff", "one_of", "dk"))
    assert second.status == 409
    assert "Saved now: It is asked when “Who works here?” is “Only family”" in second.text
    assert [one["value"] for one in second.soup.select("input[name=p0-l0-value][checked]")] == ["dk"]
    assert visit.send().status == 200
    assert "show_if: {staff: {is: dk}}" in drafting.text(SHOP)


def test_only_earlier_questions_are_offered_and_what_depends_is_told(visit: Visitor, drafting: Drafting) -> None:
    hours = page(visit, drafting, "hours")
    assert [one["value"] for one in hours.soup.select("#p0-l0-subject option")] == ["", "staff"]
    assert "Check D1: Papers are kept and pay is low." in hours.text
    drafting.write(START, "title: The people", "title: Your people")
    papers = page(visit, drafting, PAPERS)
    assert [one["label"] for one in papers.soup.select("#p0-l0-subject optgroup")] == ["Your people"]
    first = page(visit, drafting, "staff")
    assert "No question comes before this one" in first.text
    assert "Who keeps the workers’ papers?" in first.text.partition("What depends on this question")[2]


def test_a_condition_too_deep_for_the_menus_is_said_and_can_be_replaced(visit: Visitor, drafting: Drafting) -> None:
    deep = "{any: [{asked: staff}, {all: [{asked: hours}, {any: [{asked: staff}, {asked: hours}]}]}]}"
    drafting.write(SHOP, "{staff: {is: hired}}", deep)
    told = page(visit, drafting, PAPERS)
    assert "This condition is too deep for the menus, so it stays as it is." in told.text
    assert not told.soup.select("#p0-l0-subject")
    anew = visit(f"{drafting.home}/shop/questions/{PAPERS}/condition?anew=1")
    assert anew.soup.select("#p0-l0-subject")
    visit.send(**chosen("p0-l0", "staff", "asked"))
    assert "show_if: {asked: staff}" in drafting.text(SHOP)


NEW = {
    "ask": "Who locks the door at night?",
    "type": "choice",
    "kind": "safeguard",
    "dimension": "freedom",
    "matters": "no",
}
NIGHT = {**NEW, "ask": "Who locks up?", "kind": "fact", "section": ":new", "section_title": "Night"}


@pytest.fixture
def room(app: Flask, visit: Visitor) -> DraftPages:
    return room_of(app, visit)


def test_a_question_is_added_with_an_id_that_nobody_used(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/add?section=work")
    page = visit.send("add")
    assert page.status == 422
    for sentence in ("Enter the question.", "Choose how it is answered.", "Choose a theme."):
        assert sentence in page.text
    page = visit.send("add", **{**NEW, "matters": None})
    assert (page.status, "Choose the answer that matters." in page.text) == (422, True)
    page = visit.send("add", **NEW)
    assert page.fields("add")["id"] == ["locks_door_night"]
    for used in ("papers", "core_documents"):  # one of this bank, one that only an edition of another has
        page = visit.send("add", id=used)
        assert page.status == 422
        assert f"“{used}” is used, or was used before." in page.text
    page = visit.send("add", id="shop_door")
    assert (page.status, page.heading) == (200, "Who locks the door at night?")
    assert "New in this draft." in page.text
    assert "names no source" in page.text
    assert [one.data["id"] for one in room.bank.questions_of("shop")][-1] == "shop_door"


@pytest.mark.parametrize(
    ("kind", "matters", "ids"),
    [
        ("scale", "high", ["never", "rarely", "sometimes", "often", "always", "dk"]),
        ("yes_no_detail", "yes", ["yes", "no", "dk"]),
    ],
)
def test_a_question_of_a_newer_type_is_added_and_shown_as_it_will_be(
    room: DraftPages, visit: Visitor, kind: str, matters: str, ids: list[str]
) -> None:
    visit(f"{room.home}/add?section=work")
    page = visit.send("add", **{**NEW, "type": kind, "matters": matters})
    visit.send("add", id="door")
    question = room.question("door")
    assert [one["id"] for one in question["options"]] == ids
    page = visit(f"{room.home}/questions/door")
    assert "lacks" not in page.text
    assert QUESTION_FORMS[kind].words in page.text
    visit(f"{room.home}/questions/door/edit/answers")
    visit.send("answers", **{"options-0-label": "Words of another kind"})
    assert room.question("door")["options"][0]["label"] == "Words of another kind"


def test_a_copy_begins_with_all_that_the_other_has(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/add?copy=staff")
    visit.send("add", ask="Who works here at night?")
    page = visit.send("add")
    assert page.heading == "Who works here at night?"
    ids = [str(one.data["id"]) for one in room.bank.questions_of("shop")]
    assert ids == ["staff", "works_here_night", "hours", "papers"]
    made, source = room.question("works_here_night"), room.question("staff")
    assert {**made, "id": "", "ask": ""} == {**source, "id": "", "ask": ""}


def test_a_question_goes_nowhere_without_a_section(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/add")
    page = visit.send("add", **NEW)
    assert page.status == 422
    assert "Choose a section." in page.text


def test_a_file_in_another_draft_is_told_and_nothing_typed_is_lost(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/questions/papers/edit/words")
    held_by_another_draft(room, "shop.yaml")
    page = visit.send("words", hint="A hint typed for long.")
    assert page.status == 409
    assert "shop.yaml is being changed in another draft." in page.text
    assert page.fields("words")["hint"][0].strip() == "A hint typed for long."
    visit(f"{room.home}/add?section=work")
    visit.send("add", **NEW)
    page = visit.send("add")
    assert page.status == 409
    assert "shop.yaml is being changed in another draft." in page.text
    assert page.fields("add")["ask"][0].strip() == NEW["ask"]


def test_a_bank_is_read_as_a_business_sees_it(room: DraftPages, visit: Visitor) -> None:
    page = visit(room.home)
    assert page.heading == "Corner shops"
    items = [" ".join(one.get_text(" ").split()) for one in page.soup.select(".assess-calls > li")]
    assert [words[:2] for words in items] == ["1.", "2.", "3."]
    assert "Can raise an urgent sign." in items[2]
    assert "Asked if “Who works here?” is “Others too”." in items[2]
    assert "Asked in all sectors." in page.text
    assert "Changed in this draft" not in page.text
    assert visit(f"/question-banks/drafts/{room.draft_id}/no_bank").status == 404


def test_the_title_of_a_bank_is_changed_by_one_at_a_time(
    room: DraftPages, visit: Visitor, another_visit: Visitor
) -> None:
    joined_by(room, another_visit)
    visit(f"{room.home}/title")
    another_visit(f"{room.home}/title")
    assert visit.send("title", title=" ").status == 422
    assert visit.send("title", title="x" * 121).status == 422
    page = visit.send("title", title="Shops and kiosks")
    assert (page.status, page.heading) == (200, "Shops and kiosks")
    assert room.changed_lines("shop.yaml") == ["title: Shops and kiosks"]
    page = another_visit.send("title", title="Small shops")
    assert page.status == 409
    assert "Saved now: Shops and kiosks What you typed: Small shops" in page.text
    assert another_visit.send("title").heading == "Small shops"


def test_a_draft_in_review_says_that_a_change_has_to_be_asked_about_again(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/title")
    visit.send("title", title="Shops and kiosks")
    asked_about(room)
    for where in (room.home, f"{room.home}/questions/papers", f"{room.home}/questions/papers/edit/words"):
        assert "If you change it, you have to ask again." in visit(where).text
    visit.send("words", hint="One more.")
    assert "you have to ask again" not in visit(room.home).text


def test_every_change_leaves_one_event_in_the_log_and_looking_leaves_none(
    app: Flask, room: DraftPages, visit: Visitor
) -> None:
    with counting(app) as (posted, looked):
        visit(f"{room.home}/title")
        visit.send("title", title="Shops and kiosks")
        visit(f"{room.home}/add?copy=staff")
        visit.send("add", ask="Who works here at night?")  # an id is proposed, nothing is kept
        visit.send("add", id="night")
        visit(f"{room.home}/questions/night/move")
        visit.send("move", step="down")
        visit(f"{room.home}/questions/night/edit/words")
        visit.send("words", hint="After ten.")
        visit(f"{room.home}/questions/night/retire")
        visit.send()
        visit(f"{room.home}/add")
        visit.send("add", **NIGHT, id="")
        visit.send("add")
        visit(f"{room.home}/sections/night")
        visit.send("night", title="At night")
        visit(f"{room.home}/sections/night")
        visit.send("move", step="up")
        visit(f"{room.home}/sections/night/retire")
        visit.send()
    assert looked == []
    assert posted == {
        ("bank_questions.rename_bank", 1): 1,
        ("bank_questions.add_question", 0): 2,
        ("bank_questions.add_question", 1): 2,
        ("bank_questions.move_question", 1): 1,
        ("bank_questions.edit_question_part", 1): 1,
        ("bank_questions.remove_question", 1): 1,
        ("bank_questions.edit_section", 1): 1,
        ("bank_questions.move_section", 1): 1,
        ("bank_questions.remove_section", 1): 1,
    }


def test_a_bank_whose_text_has_faults_can_still_be_read(app: Flask, visit: Visitor) -> None:
    room = room_of(
        app,
        visit,
        SMALL,
        (SHOP, "ask: Who keeps the workers’ papers?\n", "sources: 5\n        option_map: 5\n"),
        (SHOP, "        sources: [S1]\n", ""),
        (SHOP, "    title: The work\n", ""),
        (START, "- id: hours\n        ask:", "- ask:"),
    )
    assert "Without a name" in visit(room.home).text
    where = f"{room.home}/questions/papers"
    for page in (
        "",
        "/move",
        "/retire",
        *(f"/edit/{part}" for part in ("words", "answers", "action", "counts", "sources")),
    ):
        assert visit(f"{where}{page}").status == 200, page
    assert visit(f"{room.home}/sections/work").status == 200
    assert visit(f"{room.home}/add?copy=papers").status == 200


def order(room: DraftPages) -> list[str]:
    return [str(one.data["id"]) for one in room.bank.questions_of("shop")]


def test_a_question_moves_and_a_condition_that_looks_forward_is_told(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/questions/staff/move")
    page = visit.send("move", step="down")
    assert order(room) == ["hours", "staff", "papers"]
    assert page.heading == "Move this question"
    assert "It is number 2" in page.text
    assert "Ask about earlier questions only" in visit(f"{room.home}/questions/hours").text
    visit(f"{room.home}/questions/staff/move")
    assert visit.send("move").status == 422


def test_the_only_question_of_a_section_stays(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/add?section=work")
    visit.send("add", **NIGHT)
    visit.send("add", id="locks")
    visit(f"{room.home}/questions/locks/move")
    page = visit.send("move", step="up")
    assert page.status == 409
    assert "It is the only question of its section." in page.text
    visit(f"{room.home}/questions/papers/move")
    assert visit.send("move", section="night").status == 409
    assert order(room) == ["staff", "hours", "papers", "locks"]


def test_what_others_rest_on_cannot_go(room: DraftPages, visit: Visitor) -> None:
    page = visit(f"{room.home}/questions/staff/retire")
    assert "the condition of the question “Who keeps the workers’ papers?”" in page.text
    assert not page.soup.select("main form")
    token = visit(f"{room.home}/questions/staff/move").fields("move")["csrf_token"][0]
    location = room.bank.question(SMALL, "staff")
    assert location
    answer = visit.client.post(f"{room.home}/questions/staff/retire", data={"csrf_token": token, "seen": location.etag})
    assert answer.status_code == 409
    assert order(room) == ["staff", "hours", "papers"]


def test_a_question_goes_with_its_answers_in_the_worked_examples_of_every_file(app: Flask, visit: Visitor) -> None:
    text = sound_but().files[SHOP].text
    check = text[text.index("checks:") : text.index("worked_examples:")]
    room = room_of(app, visit, SMALL, (SHOP, check, ""))
    page = visit(f"{room.home}/questions/hours/retire")
    assert "the worked example “kept”" in page.text
    assert visit.send(seen="an older mark").status == 409
    page = visit.send()
    assert (page.status, page.heading) == (200, "Corner shops")
    assert "Retired in this draft" in page.text
    assert order(room) == ["staff", "papers"]
    assert room.changed_lines(SHOP) == ["answers: {staff: hired, papers: we}"]
    assert "takes_over" in visit(f"{room.home}/questions/staff").html


def options(room: DraftPages, question_id: str = PAPERS) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", room.question(question_id)["options"])


def test_a_question_is_changed_part_by_part(room: DraftPages, visit: Visitor) -> None:
    page = visit(f"{room.home}/questions/{PAPERS}")
    assert "An urgent sign is raised by “We do”." in page.text
    assert "No action here may put a worker at risk" in page.text
    visit(f"{room.home}/questions/{PAPERS}/edit/why")
    assert visit.page is not None
    assert visit.page.status == 404
    visit(f"{room.home}/questions/{PAPERS}/edit/words")
    page = visit.send("words", why="It shows who bears the risk of a slow day.")
    assert (page.status, page.address) == (200, f"{room.home}/questions/{PAPERS}")
    assert "Saved in this draft." in page.text
    assert "Changed in this draft." in page.text
    assert room.changed_lines("shop.yaml") == ["why: It shows who bears the risk of a slow day."]
    assert "The words".lower() in visit(f"/question-banks/drafts/{room.draft_id}").text
    visit(f"{room.home}/questions/{PAPERS}/edit/words")
    page = visit.send("words", ask=" ")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a[href='#ask']")
    assert "It shows who bears the risk" in page.html  # what was typed is there


def test_answers_come_go_and_move_by_buttons_that_keep_what_is_typed(room: DraftPages, visit: Visitor) -> None:
    before = options(room)
    visit(f"{room.home}/questions/{PAPERS}/edit/answers")
    page = visit.send("answers", **{"options-0-label": "They hold them", "do": "add:options"})
    assert page.status == 200
    assert page.fields("answers")["options-0-label"][0].strip() == "They hold them"
    page = visit.send("answers", **{"options-3-label": "Only at weekends", "do": "up:options:3"})
    assert page.fields("answers")["options-2-label"][0].strip() == "Only at weekends"
    visit.send("answers", do="remove:options:0")
    assert options(room) == before  # nothing is saved by these buttons
    visit.send("answers", follow=False, **{"options-1-points": "1"}, another="yes")
    assert options(room) == [
        before[1],
        {"id": "only_weekends", "label": "Only at weekends", "points": 1},
        before[2],
    ]
    assert room.question(PAPERS)["rev"] == 2
    assert "people are asked again" in visit(f"{room.home}/questions/{PAPERS}").text


def test_quite_other_words_are_asked_about_before_they_are_saved(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/questions/{PAPERS}/edit/words")
    page = visit.send("words", ask="Do you own the land?")
    assert page.status == 422
    assert "Does it still mean the same?" in page.text
    page = visit.send("words")
    assert page.status == 422  # it has to be answered
    page = visit.send("words", same="no")
    assert page.status == 200
    assert (room.question(PAPERS)["ask"], room.question(PAPERS)["rev"]) == ("Do you own the land?", 2)
    visit(f"{room.home}/questions/{PAPERS}/edit/words")
    visit.send("words", another=None)
    assert "rev" not in room.question(PAPERS)


def test_two_who_change_one_question_lose_nothing(room: DraftPages, visit: Visitor, another_visit: Visitor) -> None:
    joined_by(room, another_visit)
    where = f"{room.home}/questions/{PAPERS}/edit/words"
    visit(where)
    another_visit(where)
    another_visit.send("words", hint="Ben wrote this hint.")
    page = visit.send("words", hint="Ann wrote this hint.")
    assert page.status == 409
    assert "Ben wrote this hint." in page.text
    assert "Ann wrote this hint." in page.fields("words")["hint"][0]
    assert room.question(PAPERS)["hint"] == "Ben wrote this hint."
    visit.send("words")
    assert room.question(PAPERS)["hint"] == "Ann wrote this hint."


def test_two_who_change_different_questions_both_stand(
    room: DraftPages, visit: Visitor, another_visit: Visitor
) -> None:
    joined_by(room, another_visit)
    visit(f"{room.home}/questions/{PAPERS}/edit/words")
    another_visit(f"{room.home}/questions/hours/edit/words")
    another_visit.send("words", hint="Ben wrote this hint.")
    page = visit.send("words", hint="Ann wrote this hint.")
    assert page.status == 200
    assert room.question("hours")["hint"] == "Ben wrote this hint."
    assert room.question(PAPERS)["hint"] == "Ann wrote this hint."


def test_what_was_typed_for_a_question_that_is_gone_can_be_copied(
    room: DraftPages, visit: Visitor, another_visit: Visitor
) -> None:
    joined_by(room, another_visit)
    gone = "shop_rinse"
    visit(f"{room.home}/add")
    visit.send(
        "add", ask="Do you rinse?", type="choice", kind="safeguard", dimension="freedom", matters="no", section="work"
    )
    visit.send("add", id=gone)
    visit(f"{room.home}/questions/{gone}/edit/words")
    another_visit(f"{room.home}/questions/{gone}/retire")
    another_visit.send()
    page = visit.send("words", why="A long reason that nobody wants to type twice.")
    assert page.status == 409
    assert "A long reason that nobody wants to type twice." in page.text


def test_a_problem_stands_beside_its_field_with_its_repair(room: DraftPages, visit: Visitor) -> None:
    visit(f"{room.home}/questions/{PAPERS}/edit/sources")
    visit.send("sources", sources=None)
    page = visit(f"{room.home}/questions/{PAPERS}")
    assert "To put right:" in page.text
    assert "names no source. Tick at least one" in page.text
    page = visit(page.soup.select_one(".assess-panel a")["href"])  # type: ignore[index,arg-type]  # the link is there
    assert page.heading == "Sources"
    assert "Tick at least one" in page.text
    assert "1 problem to put right." in visit(room.home).text


def sections(room: DraftPages) -> list[str]:
    return [str(one.data["title"]) for one in room.bank.sections_of("shop")]


def test_a_section_comes_moves_is_renamed_and_goes(room: DraftPages, visit: Visitor) -> None:
    common = sections(room)[0]
    visit(f"{room.home}/add")
    page = visit.send(
        "add", ask="Who locks up at night?", type="choice", kind="fact", dimension="freedom", section=":new"
    )
    assert page.status == 422
    assert "Enter a title for the new section." in page.text
    visit.send("add", section_title="The night")
    visit.send("add")
    assert sections(room) == [common, "The work", "The night"]
    where = f"{room.home}/sections/night"
    visit(where)
    visit.send("move", step="up")
    assert sections(room) == [common, "The night", "The work"]
    visit(where)
    assert visit.send("night", title="").status == 422
    assert visit.send("night", title="After dark").status == 200
    visit(where)
    visit.send("night", title="At night", seen="an older mark")
    assert visit.page is not None
    assert visit.page.status == 409
    assert "Saved now: After dark What you typed: At night" in visit.page.text
    page = visit(f"{where}/retire")
    assert "Who locks up at night?" in page.text
    assert visit.send(seen="an older mark").status == 409
    visit.send()
    assert sections(room) == [common, "The work"]
    assert visit(where).status == 404


def test_a_section_that_others_rest_on_stays(room: DraftPages, visit: Visitor) -> None:
    page = visit(f"{room.home}/sections/work/retire")
    assert "Change these first" in page.text
    assert "the check D1" in page.text
    assert not page.soup.select("main form")
    visit(f"{room.home}/add")  # beside another section, since the only one of a file stays in any case
    visit.send("add", **NIGHT)
    visit.send("add")
    assert "Night" in sections(room)
    token = visit(f"{room.home}/sections/work").fields("work")["csrf_token"][0]
    location, before = room.bank.section(SMALL, "work"), sections(room)
    assert location
    answer = visit.client.post(f"{room.home}/sections/work/retire", data={"csrf_token": token, "seen": location.etag})
    assert (answer.status_code, sections(room)) == (409, before)
