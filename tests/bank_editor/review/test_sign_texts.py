"""What touches a sign reaches the second person whole, and nothing of it is published before they read it, text by text."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from assess.bank_editor.review.sign_texts import BESIDE_A_SIGN, SignText, sign_question_ids, sign_texts
from assess.engine.assessing import EditionRef
from assess.engine.endangering_words import find_endangering_words
from assess.identity.models import Person
from assess.question_banks import drafts, folder_sync
from assess.question_banks.editions import current_edition
from assess.question_banks.files import ContentFile, ContentFiles
from assess.question_banks.models import Draft
from assess.question_banks.reader import LoadedEdition
from assess.question_banks.validation import CheckedFiles, check_files_cached
from tests.bank_editor.review.reviewer import marks_of, reads_all
from tests.bank_editor.review.shop_bank import GRAVE, a_draft, change
from tests.conftest import TODAY, Page, Visitor
from tests.content_files import CONTACTS, SHOP, START, UK, Edit, edition_after, sound_but
from tests.engine.real_banks import bank_files
from tests.identity.accounts_factory import a_person, database_of, sign_in

FATAL = "Ask the workers who took the phone, search the caravans and dismiss the supervisor today."
SAFE = "Give them back, or call {helpline} first."
WHY = "The papers are in the safe of the firm itself."
ACTION = (SHOP, f'do: "{SAFE}"')


@dataclass
class Two:
    """Ann, who writes, and Ben, who reads, each at a browser."""

    app: Flask
    ann: Person
    ben: Person
    writes: Visitor
    reads: Visitor
    draft_id: uuid.UUID

    @property
    def home(self) -> str:
        return f"/question-banks/drafts/{self.draft_id}"

    def put(self, sheet: str, old: str, new: str) -> None:
        """Ann changes a file."""
        with database_of(self.app).writing() as session:
            change(session, session.get_one(Draft, self.draft_id), self.ann.id, sheet, old, new)

    def asked(self) -> Page:
        """Ann asks for a review, and Ben opens it."""
        self.writes(f"{self.home}/review")
        page = self.writes.send("/review/ask", note="For safer words.", read="yes")
        assert page.heading == "Review and publish", page.text
        return self.reads(f"{self.home}/review")

    def publishes_anyway(self, who: Visitor) -> int:
        """Send what the form for publishing would send, though the page does not show it."""
        page = who(f"{self.home}/review")
        form = next(iter(page.soup.select("main form[method=post]")))
        fields = page.fields(str(form["action"]))
        seen = who.page.soup.select_one("input[name=seen]") if who.page else None
        data = {"csrf_token": fields["csrf_token"], "seen": str(seen["value"]) if seen else "", "sure": "yes"}
        return who.client.post(f"{self.home}/review/publish", data=data).status_code

    def number(self) -> int:
        """The number of the edition in use."""
        with database_of(self.app).reading() as session:
            return current_edition(session, "shop").ref.number


@pytest.fixture
def two(app: Flask, visit: Visitor, another_visit: Visitor) -> Iterator[Two]:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        made = Two(app, ann, ben, visit, another_visit, a_draft(session, ann.id).id)
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ben)
    return made


def test_a_dangerous_action_is_told_at_once_and_blocked_until_the_reader_says_why(two: Two) -> None:
    two.writes(f"{two.home}/shop/questions/papers/edit/action")
    page = two.writes.send("/action", **{"action-do": FATAL, "do": "save"})
    told = "“ask”, “took the phone”, “search”, “dismiss”: this may put a worker in danger."
    assert told in page.text, "as soon as it is saved"
    assert told in two.writes(f"{two.home}/shop/questions/papers/edit/action").text, "and beside the field"
    assert FATAL in two.writes(f"{two.home}/problems").text
    page = two.writes(f"{two.home}/review")
    assert "Whoever publishes it has to write why it may stand." in page.text, "the author sees what will be asked"
    page = two.asked()
    headings = [one.text for one in page.soup.select("main h2")]
    assert headings.index("What touches a sign") < headings.index("What changes"), "at the top"
    for words in ("Who keeps the workers’ papers?", "An urgent sign is raised by “We do”.", SAFE, FATAL, "“dismiss”"):
        assert words in page.text
    assert "Publish it" not in [one.text.strip() for one in page.soup.select("button")]
    assert two.publishes_anyway(two.reads) == 422
    (mark,) = marks_of(two.reads(f"{two.home}/review"))
    page = two.reads.send("/review/read", **{f"read-{mark}": "yes"})
    assert (page.status, "Write why these words may stand" in page.text) == (422, True)
    page = two.reads.send("/review/read", **{f"read-{mark}": None, f"why-{mark}": WHY})
    assert (page.status, "Tick that you have read this text." in page.text, WHY in page.html) == (422, True, True)
    assert two.publishes_anyway(two.reads) == 422
    assert two.number() == 1
    two.reads(f"{two.home}/review")
    assert "You have read all of them." in reads_all(two.reads, two.home, WHY).text
    assert "This draft is published." in two.reads.send("/review/publish", sure="yes").text
    for page in (two.writes(two.home), two.writes("/question-banks/history/shop/2")):
        assert f"“ask”, “took the phone”, “search”, “dismiss” may stand: “{WHY}”" in page.text
        assert FATAL in page.text
    assert "published by Ben, written by Ann" in page.text
    assert "Ben read texts that touch a sign" in two.writes(two.home).text


def test_nobody_reads_or_publishes_their_own_text(two: Two) -> None:
    two.put(*ACTION, f'do: "{FATAL}"')
    two.asked()
    page = two.writes(f"{two.home}/review")
    assert marks_of(page) == [], "no ticks for the author"
    assert FATAL in page.text
    (mark,) = marks_of(two.reads(f"{two.home}/review"))
    token = page.fields("/review/send-back")["csrf_token"] if page.soup.select("form[action$='send-back']") else None
    data = {"csrf_token": token or two.writes(f"{two.home}/discard").fields(None)["csrf_token"]}
    sent = two.writes.client.post(f"{two.home}/review/read", data=data | {f"read-{mark}": "yes", f"why-{mark}": WHY})
    assert sent.status_code == 409
    sent = two.writes.client.post(f"{two.home}/review/publish", data=data | {"sure": "yes"})
    assert sent.status_code in {409, 422}
    assert two.number() == 1


def test_what_somebody_else_read_is_not_read_by_who_publishes(two: Two) -> None:
    with database_of(two.app).writing() as session:
        cat = a_person(session, "cat@desk.example", desk="coordinator", name="Cat")
    two.put(*ACTION, f'do: "{FATAL}"')
    two.asked()
    reads_all(two.reads, two.home)
    sign_in(two.reads, two.app, cat)
    assert two.publishes_anyway(two.reads) == 422


def test_a_text_that_changes_is_read_again_and_one_that_does_not_stays_read(two: Two) -> None:
    two.put(*ACTION, f'do: "{FATAL}"')
    two.put(SHOP, "label: They do", "label: They keep them")
    first = marks_of(two.asked())
    reads_all(two.reads, two.home, WHY)
    two.reads.send("/review/send-back", reason="Write “tomorrow”.")
    two.put(SHOP, "today.", "tomorrow.")
    page = two.asked()
    second = marks_of(page)
    assert len(first) == len(second) == 2
    assert len(set(first) & set(second)) == 1, "another text has another mark"
    assert [one["name"] for one in page.soup.select("input[checked]")] == [
        f"read-{mark}" for mark in set(first) & set(second)
    ]
    assert WHY not in str(page.soup.select("textarea")), "the reason was for the other text"
    assert two.publishes_anyway(two.reads) == 422
    reads_all(two.reads, two.home, "Tomorrow is late enough.")
    assert "This draft is published." in two.reads.send("/review/publish", sure="yes").text


NOT_IN_ANY_LIST = [
    "Have everybody line up in the yard so that each can say what happened.",
    "Put a notice on the wall that says a phone was taken.",
    "Give the phone back in front of the whole crew.",
    "Hand this page to the man at the gate.",
    "Leave this report on the desk in the hall.",
    "Hang up a poster that says who wrote to us.",
    "Gather the men and read this out.",
    "Say who spoke up.",
    "Make a list of those who are unhappy and give it to the office.",
    # by somebody who had not seen the list
    "Sit down over a cup of tea with the lads and gently find out how things really are at home.",
    "Let the gentleman who drives the minibus know, politely, that this sort of thing is not on.",
    "The chap in charge of the crew should be shown the door without any further delay or fuss.",
    "A friendly chat through an interpreter, perhaps the cousin who speaks good English, will soon bring the truth out.",
    "Put your cards on the table with the owner of the house and see what he has to say for himself.",
    "Pin up a notice in the canteen saying that the business is aware of the pay problem and looking into it.",
    "Slip the quietest one a card with the helpline number on it when the others are nearby at break time.",
    "A discreet end to the arrangement with the labour provider, with your reasons set out, would draw a line under it.",
]
IN_A_LIST = [
    FATAL,
    "Interview each worker.",
    "Tell the landlord today.",
    "Move the crew to other rooms.",
    "Sack the driver.",
    "Warn the agency.",
    "Search the bags.",
    "Confront the gangmaster.",
    "Let the person who runs the house know.",
    "Keep the workers in the house until the police come.",
    "Hold back the wages of the crew until it is clear who did it.",
    "Write to their families at home.",
    "Lock the gate and count them.",
    "Take the passports yourself and keep them.",
    # by somebody who had not seen the list
    "Have a quiet word with whoever runs the shift, so that he has a chance to put things right.",
    "Why not pop round to the house one evening and have a good look in the cupboards and drawers?",
    "It may be kindest to find the people concerned a bed somewhere else before the weekend comes.",
    "As a courtesy, give the firm that sends you the staff a heads-up before taking things any further.",
    "Get the passports back into the right hands yourself, with a firm but good-natured visit to the person keeping them.",
    "Invite the person who collects everyone's wages in for coffee, and go through the bank details together line by line.",
    "A short anonymous questionnaire, handed out by the foreman at the end of the shift, would show who is unhappy.",
]


def test_every_text_reaches_the_reader_whole_whatever_it_says(two: Two) -> None:
    texts = (*NOT_IN_ANY_LIST, *IN_A_LIST)
    answers = "".join(
        f"          - {{id: own_{number}, label: Answer {number}, points: 2, "
        f'action: {{do: "{text}", priority: 7, owner: owner, effort: S}}}}\n'
        for number, text in enumerate(texts)
    )
    first = "          - {id: they, label: They do, points: 0}\n"
    two.put(SHOP, first, first + answers)
    page = two.asked()
    assert [text for text in texts if text not in page.text] == []
    assert two.publishes_anyway(two.reads) == 422
    assert two.number() == 1
    blocked = [text for text in texts if find_endangering_words(text)]
    assert blocked == IN_A_LIST
    assert len(marks_of(page, "why-")) == len(blocked)
    reads_all(two.reads, two.home, WHY, but=1)
    assert two.publishes_anyway(two.reads) == 422
    assert two.number() == 1


def test_a_forbidding_text_needs_a_tick_and_no_reason(two: Two) -> None:
    two.put(*ACTION, 'do: "Call {helpline} first. Ask nobody, do not search, and never move anyone."')
    page = two.asked()
    assert (len(marks_of(page)), marks_of(page, "why-")) == (1, [])
    reads_all(two.reads, two.home)
    assert "This draft is published." in two.reads.send("/review/publish", sure="yes").text


def test_a_text_in_use_stands_unmarked_and_one_that_comes_to_a_sign_is_new(two: Two) -> None:
    two.put(START, "do: Write down who works here.", "do: Ask each worker for a name.")
    page = two.asked()
    assert len(marks_of(page, "why-")) == 1, "this question can raise no sign, but its words may harm"
    reads_all(two.reads, two.home, "A list of names is kept anyway.")
    assert "This draft is published." in two.reads.send("/review/publish", sure="yes").text
    with database_of(two.app).writing() as session:
        two.draft_id = a_draft(session, two.ann.id, *GRAVE).id
    page = two.asked()
    assert "Ask each worker for a name." in page.text, "not one word of it changed, and it stands beside a sign now"
    assert len(marks_of(page, "why-")) == 1
    assert "A serious sign is raised by “Others too”." in page.text
    reads_all(two.reads, two.home, "A list of names is kept anyway.")
    two.reads.send("/review/publish", sure="yes")
    with database_of(two.app).writing() as session:
        hint = (START, "ask: Who works here?", "ask: Who works here today?")
        two.draft_id = a_draft(session, two.ann.id, hint).id
    page = two.asked()
    assert (len(marks_of(page)), marks_of(page, "why-")) == (1, []), "the action is in use, on this question"


@pytest.mark.parametrize(
    ("sheet", "old", "new", "shown"),
    [
        (
            SHOP,
            "Who keeps the workers’ papers?",
            "Who has the papers of the workers?",
            "Who has the papers of the workers?",
        ),
        (SHOP, "label: They do", "label: The workers", "The workers"),
        (SHOP, "points: 4, sign: urgent", "points: 3, sign: urgent", "3 points, urgent sign"),
        (SHOP, "show_if: {staff: {is: hired}}", "show_if: {staff: {is_one_of: [hired, dk]}}", "is one of “Others too”"),
        (SHOP, "who keeps them?", "who has them?", "Find out: who has them?"),
        (
            SHOP,
            'first.", priority: immediate',
            'first.", after_advice: true, priority: immediate',
            "Only after calling the helpline",
        ),
        (
            SHOP,
            "        sources: [S1]\nchecks",
            "        hint: Copies do not count.\n        sources: [S1]\nchecks",
            "Copies do not count.",
        ),
        (UK, "applies_to: Whoever hires people.", "applies_to: Whoever has people.", "Whoever has people."),
        (UK, "Give everybody a payslip.", "Give every worker a payslip.", "Give every worker a payslip."),
        (UK, "title: Payslips", "title: Pay slips", "Pay slips"),
        (CONTACTS, "who: The helpline", "who: A helpline", "A helpline"),
        (CONTACTS, "situation: You are not sure", "situation: You wonder", "You wonder"),
        (CONTACTS, "for_whom: Anyone\n", "for_whom: Anyone. Ring the landlord first.\n", "Ring the landlord first."),
        ("owners.yaml", "owner: ", "owner: Site ", "Site "),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_each_part_of_what_touches_a_sign_is_read_one_by_one(
    two: Two, sheet: str, old: str, new: str, shown: str
) -> None:
    two.put(sheet, old, new)
    page = two.asked()
    assert len(marks_of(page)) == 1
    panel = page.soup.select_one(".assess-danger")
    assert panel
    assert shown in panel.text
    assert two.publishes_anyway(two.reads) == 422


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_way_into_a_draft_goes_past_the_reader(two: Two, tmp_path: Path) -> None:
    two.writes(f"{two.home}/texts/{SHOP}")
    with database_of(two.app).reading() as look:
        text = (drafts.file_in_draft(look, look.get_one(Draft, two.draft_id), SHOP) or b"").decode()
    two.writes.send(text=text.replace(SAFE, FATAL))
    assert FATAL in two.asked().text
    assert two.publishes_anyway(two.reads) == 422
    with database_of(two.app).writing() as session:
        drafts.discard_draft(session, session.get_one(Draft, two.draft_id), two.ann.id, "", TODAY)
        folder_sync.pull(session, tmp_path)
        path = tmp_path / SHOP
        path.write_text(path.read_text(encoding="utf-8").replace(SAFE, FATAL), encoding="utf-8")
        draft, _ = folder_sync.push(session, tmp_path, "From files", two.ann.id, TODAY)
        assert draft
        two.draft_id = draft.id
    assert FATAL in two.asked().text
    assert two.publishes_anyway(two.reads) == 422


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_question_nobody_gave_points_cannot_be_asked_about(two: Two) -> None:
    two.writes(f"{two.home}/shop/add")
    new = {
        "ask": "Has anybody’s phone been taken?",
        "type": "choice",
        "kind": "exposure",
        "dimension": "freedom",
        "section": "work",
    }
    two.writes.send("add", **new, matters="later")
    two.writes.send("add", id="phone_taken")
    page = two.writes(f"{two.home}/review")
    assert "Put the problems right first" in page.text
    page = two.writes.send("/review/ask", note="Phones.", read="yes")
    assert page.status == 422
    assert "has no points" in two.writes(f"{two.home}/problems").text


def test_the_questions_of_a_sign_are_those_a_check_looks_at_and_those_that_print_one_action() -> None:
    check = (
        SHOP,
        "{id: D1, says: Papers are kept and pay is low., ",
        "{id: D1, says: Papers are kept., sign: serious, ilo: [7], ",
    )
    assert sign_question_ids(edition_after()) == {"papers"}
    assert sign_question_ids(edition_after(check)) == {"papers", "hours"}
    same = (START, "        unit: hours\n", "        unit: hours\n        same_as: papers\n")
    assert sign_question_ids(edition_after(same)) == {"papers", "hours"}


def guarded_after(*edits: Edit) -> list[SignText]:
    """What there is to read after these changes of the shop."""
    loaded = LoadedEdition(1, EditionRef("shop", 1, "as it was"), edition_after())
    after = sound_but(*edits)
    return list(sign_texts(check_files_cached(after, TODAY), after, {"shop": loaded}, sound_but()))


CARD = "papers/first_hour_card.yaml"


def texts_after(name: str, old: str, new: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """What there is to read after a change of a real file: old, new, and the words that need a reason."""
    before = bank_files()
    text = before.files[name].text
    assert old in text
    after = ContentFiles({**before.files, name: ContentFile(name, text.replace(old, new, 1).encode())})
    return [(one.before, one.after, one.words) for one in sign_texts(CheckedFiles({}, (), ()), after, {}, before)]


def test_a_paper_is_read_block_by_block() -> None:
    ((old, new, words),) = texts_after(
        CARD, "Stop work if it is not safe and tell us.", "Tell the agent who complains."
    )
    assert "Stop work if it is not safe and tell us." in old
    assert "Tell the agent who complains." in new
    assert words == ("tell the agent",)
    assert texts_after(CARD, "  - {line: Pay day}\n", "") == [("Pay day", "nothing", ())]
    assert texts_after(CARD, "  - {line: Pay day}\n", "  - {line: Pay day}\n  - {line: Rest day}\n") == [
        ("nothing", "Rest day", ())
    ]
    assert texts_after(CARD, "  - {line: Breaks}\n  - {line: Pay day}", "  - {line: Pay day}\n  - {line: Breaks}") != []


def test_of_numbers_only_what_is_said_in_words_is_read() -> None:
    assert texts_after("settings/rates.yaml", "value: 12.71", "value: 12.72") == []
    ((_, new, words),) = texts_after("settings/law.yaml", '"£1 million"', '"£2 million, so warn the agent"')
    assert (new, words) == ("£2 million, so warn the agent", ("warn",))
    assert texts_after("reference/purchases.yaml", "Not known is not the same as safe.", "Not known is not safe.") == []
    ((*_, words),) = texts_after("reference/purchases.yaml", "Not known is not the same as safe.", "Search the bags.")
    assert words == ("search",)


def test_the_title_of_a_bank_is_searched_and_a_choice_of_a_table_is_read() -> None:
    titled = guarded_after((SHOP, "title: Corner shops", "title: Corner shops. Warn the agent"))
    assert [(one.label, one.words) for one in titled] == [("The title of the bank", ("warn",))]
    assert guarded_after((SHOP, "title: Corner shops", "title: Small shops")) == []


def test_a_harmless_text_beside_no_sign_needs_no_tick_and_a_dangerous_one_does() -> None:
    assert guarded_after((START, "do: Write down who works here.", "do: Keep a list of who works here.")) == []
    for place, label in (
        ((START, "do: Write down who works here.", "do: Search the rooms."), "What to do"),
        ((START, "ask: Who works here?", "ask: Who works here? Search the rooms."), "The question"),
        ((START, "label: Only family", "label: Search the rooms"), "Answer “Search the rooms”"),
        ((START, "title: The people", "title: Search the rooms"), "The title of a page"),
        ((SHOP, "says: Papers are kept and pay is low.", "says: Search the rooms."), "What it found"),
    ):
        assert [(one.label, one.words[:1]) for one in guarded_after(place) if one.words] == [(label, ("search",))]


def test_the_page_of_a_question_with_a_sign_is_one_of_its_parts() -> None:
    renamed = guarded_after((SHOP, "title: The work", "title: Daily life"))
    assert [(one.label, one.before, one.after) for one in renamed] == [
        ("The title of a page", "The work", "Daily life")
    ]
    plain = "      - id: sweep\n        ask: Who sweeps?\n        type: choice\n        kind: safeguard\n        dimension: pay\n"
    plain += "        options: [{id: us, label: We do, points: 0}]\n        sources: [S1]\n"
    moved = guarded_after(
        (
            SHOP,
            "    title: The work\n    questions:\n",
            f"    title: The work\n    questions:\n{plain}  - id: home\n    title: At home\n    questions:\n",
        )
    )
    pages = [(one.thing, one.before, one.after) for one in moved if one.label == "The page it stands on"]
    assert pages == [("Who keeps the workers’ papers?", "The work", "At home")]


@pytest.mark.parametrize(
    ("name", "old", "new", "read"),
    [
        ("papers/putting_right.yaml", "[Get advice, ", '["Line everybody up", ', True),
        ("duties/facts.yaml", "group: identity", "group: Who we are", True),
        ("duties/uk.yaml", "source_as_of:", 'source_as_of: "Some day" #', True),
        ("duties/uk.yaml", "jurisdiction: [", 'jurisdiction: ["Here and there", ', True),
        ("dimensions.yaml", "meaning: ", 'meaning: "What is paid" #', True),
        ("sources.yaml", "document: ", 'document: "Search the rooms" #', True),
        ("settings/contacts.yaml", "order: 3", "order: 90", True),
        ("duties/uk.yaml", "evidence: ", "evidence: D #", False),
        ("papers/putting_right.yaml", "review_by: ", "review_by: 2030-01-01 #", False),
    ],
)
def test_whatever_somebody_wrote_freely_is_read_and_what_is_of_a_fixed_form_is_not(
    name: str, old: str, new: str, *, read: bool
) -> None:
    assert (texts_after(name, old, new) != []) is read


def test_a_contact_is_read_in_whatever_file_it_stands() -> None:
    before = bank_files()
    line = "format: 1\ncontacts:\n  - {id: other, order: 1, situation: At night, who: A line, number: 01632 960 001}\n"
    after = ContentFiles({**before.files, "settings/more.yaml": ContentFile("settings/more.yaml", line.encode())})
    found = {one.label: one.after for one in sign_texts(CheckedFiles({}, (), ()), after, {}, before)}
    assert found == {"Order": "1", "Situation": "At night", "Who": "A line", "Number": "01632 960 001"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_whoever_asks_for_the_review_does_not_publish(two: Two) -> None:
    two.put(START, "do: Write down who works here.", "do: Keep a list of who works here.")
    two.reads(f"{two.home}/review")
    page = two.reads.send("/review/ask", note="Shorter.", read="yes")
    assert "You asked for this review." in page.text
    assert "Publish it" not in [one.text.strip() for one in page.soup.select("button")]
    assert two.publishes_anyway(two.reads) == 409
    assert two.number() == 1


def test_what_is_asked_because_of_a_sign_touches_it_and_says_so() -> None:
    assert sign_question_ids(edition_after(*GRAVE)) == {"staff", "hours", "papers"}
    hours = [one for one in guarded_after(*GRAVE) if one.key.startswith("question hours")]
    assert {one.signs for one in hours} == {(BESIDE_A_SIGN,)}
