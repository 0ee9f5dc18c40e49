from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine import endangering_words
from assess.engine.bank import Column, Fact, Option, Question
from assess.engine.conditions import AllOf, Always, AnyOf, Applies, Asked, AtLeastOf, Condition, Leaf, Not, Term
from assess.engine.endangering_words import find_endangering_words
from assess.engine.in_words import (
    PlaceholderError,
    condition_in_words,
    edition_names,
    fact_text,
    fill_placeholders,
    number_text,
    placeholders,
)
from assess.engine.question_types import answer_text
from assess.engine.text_normalise import fold_lookalikes, mixed_alphabet_words
from tests.builders import a_bank, a_number, a_question, an_option
from tests.engine import real_banks

ENDANGERS = """
Ask the workers who took the phone, search the caravans and dismiss the supervisor today.
Call the manager and say what you saw.
Do not wait: search the caravans.
Do not hesitate to ask the workers.
Ask nobody but the supervisor.
Ask no one except the driver.
Do not panic, ask the workers.
Do not only ask the supervisor.
Never ask only one worker; ask all of them.
Why not ask the workers?
Do not ask the supervisor, ask the workers or search their rooms.
Do not search alone, search in pairs.
Do not move anyone without searching first.
Sack him.
He was sacked.
Let the driver go.
End the contract of the labour provider.
Cut ties with the provider.
Stop using the agency.
Replace the supervisor.
Report it to the agency.
Let the landlord know.
Have a word with the gangmaster.
Raise it with the owner.
The agency should be told.
Tell the person who brought them.
Move them to another caravan.
Put them up elsewhere.
Find them another room.
Send them home.
Rehouse the crew.
Speak to the workers alone.
Question each worker.
Put the question to the crew.
Interviewing staff helps.
Check the caravans.
Look in their bags.
Go through their phones.
Confront the team leader.
Warn the agent.
Accuse nobody except the agent.
Take their passports.
Keep their passports safe for them.
Keep the papers in your own safe.
Hold the workers’ documents until it is clear.
Hand over the passports.
Phone Immigration Enforcement.
Report the workers to the Home Office.
Give their names to immigration.
Do not call the helpline.
No need to call the helpline.
You do not have to call anybody.
There is no need to tell the police.
Call nobody.
There is no danger here.
Nobody is in danger.
Deal with it yourself first.
Use the supervisor as interpreter.
Let a colleague translate; use the driver as interpreter.
Switch to another labour provider.
Sit down with each of the pickers.
Sit down with Marek and the gang and go over this.
Hold a meeting with all workers about this.
Pull the workers aside.
Get in touch with the gangmaster.
Get in touch with whoever brings the workers.
Confide in the supervisor.
Bring it up with the supervisor.
Flag it to the agency.
Feed back to the agency.
Copy in the agency.
Make it clear to the gangmaster.
Get the agency to explain.
Get each worker to say who takes their money.
Do not pay them until this is cleared up.
Deduct the money from their wages.
Lock the workers’ caravan.
Lock them in.
Do not let them back on site.
Stop the workers leaving the site until the police come.
Ban them from the site.
Have the workers wait in the office.
Chuck them out.
Show them the door.
Stand them down.
Go and see the house yourself at night.
Knock on the door of the house.
Call their family.
Post their names and photos on the notice board.
Record the conversation.
Sign a paper that they are free to go.
""".strip().splitlines()

HARMLESS = """
Ask nobody at work about it.
Do not search the rooms.
Never move anyone.
Never question a worker.
Do not ask, warn or move anyone.
Do not ask workers or search rooms.
Do not dismiss or move any worker.
Do not search the rooms until the helpline says so.
Don’t confront anybody.
Nobody is asked about it.
No worker is moved or dismissed.
You must not warn the agent.
Do not tell the agency or the supervisor.
Move nobody, and dismiss nobody.
Without asking anybody, look in the payroll file.
Call the helpline on {helpline}. Tell no one at work.
Call the helpline.
Look in papers you already have.
Keep a copy of each payslip.
Pay each worker in full.
Ask nobody, do not search, and never move anyone.
The first question is about pay.
Never take anyone’s passport.
Do not keep their passports.
Call the helpline before you do anything else.
Do not wait to call the helpline.
In danger, call {emergency}.
If you are not sure, call {helpline}. You need not give your name.
Someone is hurt or locked in.
Each person has a key.
Do not pay in cash.
Keep the contract and the payslips in a folder.
Give each person a written contract.
Write down what you saw, and when.
""".strip().splitlines()

HIDDEN = [
    "S\u0435arch the beds",  # Cyrillic
    "\u0410sk the crew",
    "\u0391\u0455k them",  # Greek and Cyrillic
    "se\u00adarch the beds",  # a soft hyphen
    "s\u200bearch the beds",  # no width
    "se\u2060arch the beds",
    "se-arch the beds",
    "inter-\nview everybody",
    "sea\nrch the beds",
    "dis miss them",
    "s e a r c h the beds",
    "s.e.a.r.c.h the beds",
    "SEARCH THE BEDS",
    "sEaRcH the beds",
    "\uff53\uff45\uff41\uff52\uff43\uff48 the beds",  # wide letters
    "\U0001d42c\U0001d41e\U0001d41a\U0001d42b\U0001d41c\U0001d421 the beds",  # bold ones of mathematics
    "s\u1d07\u1d00\u0280\u1d04\u029c the beds",  # small capitals
    "se\u0301arch the beds",
    "\u00c5sk them",
    "d1sm1ss them",
    "s*arch, s3arch the beds",
    "ask\u00a0the\u00a0crew",
    "let\nthe\nlandlord\nknow",
    "as\u0138 the crew",  # a letter of Greenland
    "\u019carn the boss",  # an M turned over
    "as k the crew",
    "Do n\u043et call the helpline",
]


@pytest.mark.parametrize("text", ENDANGERS)
def test_words_that_may_put_a_worker_in_danger_are_found(text: str) -> None:
    assert find_endangering_words(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_forbidden_and_what_is_harmless_passes(text: str) -> None:
    assert find_endangering_words(text) == ()


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_no_writing_hides_a_word(text: str) -> None:
    assert find_endangering_words(text)


def test_every_word_of_a_text_is_told_as_it_reads() -> None:
    assert find_endangering_words(ENDANGERS[0]) == ("ask", "took the phone", "search", "dismiss")
    assert find_endangering_words("Do not ask anybody. Warn the agent.") == ("warn",)


def test_a_word_of_two_alphabets_is_told_whatever_it_says() -> None:
    assert find_endangering_words("Keep it in a s\u0430fe.") == ("s\u0430fe",)
    assert mixed_alphabet_words("Українська, Română, Ελληνικά, naïve café") == ()
    assert fold_lookalikes("\u0405\u0415\u0410\u0420 \u201cs\u00ed\u201d") == "seap \u201csi\u201d"


class Counting:
    """A pattern that counts the letters it may have to look at."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.letters = pattern, 0

    def search(self, text: str, begin: int = 0, end: int | None = None) -> re.Match[str] | None:
        end = len(text) if end is None else end
        self.letters += end - begin
        return self.pattern.search(text, begin, end)

    match = search


PIECES = (
    "ask, ",
    "search, ",
    "do not ",
    "never ",
    "or ",
    "move ",
    "a-ask ",
    "nobody ",
    "tell the owner ",
    "until ",
    ". ",
)


@pytest.mark.no_cover
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from(["", "not ", "do not "]))
@pytest.mark.thorough
def test_a_long_text_costs_no_more_than_its_length(pieces: list[str], begin: str) -> None:
    looked = []
    for longest in (1000, 4000):
        text = (begin + "".join(pieces) * longest)[:longest]
        with pytest.MonkeyPatch.context() as patch:
            counted = [Counting(getattr(endangering_words, name)) for name in ("_NEGATED_BEFORE", "_LIST", "_CHAIN")]
            for name, one in zip(("_NEGATED_BEFORE", "_LIST", "_CHAIN"), counted, strict=True):
                patch.setattr(endangering_words, name, one)
            find_endangering_words.__wrapped__(text)
        looked.append(sum(one.letters for one in counted))
    assert looked[1] <= 6 * looked[0] + 200_000


def test_a_no_far_away_forbids_nothing() -> None:
    assert find_endangering_words("Do not ask, " + "warn, " * 5 + "dismiss or move anyone.") == ()
    assert find_endangering_words("Do not ask, " + "warn, " * 60 + "dismiss or move anyone.")


BANK = a_bank(
    a_question("papers", ask="Who keeps papers?", options=(an_option("boss", label="The boss"), an_option("self"))),
    a_number("hours", ask="How many hours?"),
)
BOSS, LONG = Leaf("papers", "is", "boss"), Leaf("hours", "more_than", 48)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (None, "always"),
        (Always(), "always"),
        (BOSS, "“Who keeps papers?” is “The boss”"),
        (Not(BOSS), "“Who keeps papers?” is not “The boss”"),
        (Not(Leaf("papers", "includes", "boss")), "“Who keeps papers?” does not include “The boss”"),
        (LONG, "“How many hours?” is more than 48"),
        (Leaf("hours", "at_least", 10), "“How many hours?” is 10 or more"),
        (Leaf("hours", "at_most", 10), "“How many hours?” is 10 or less"),
        (Leaf("papers", "is_one_of", ("boss", "self")), "“Who keeps papers?” is one of “The boss”, “Self”"),
        (AllOf((BOSS, LONG)), "“Who keeps papers?” is “The boss” and “How many hours?” is more than 48"),
        (
            AllOf((BOSS, AnyOf((LONG, Asked("hours"))))),
            "“Who keeps papers?” is “The boss” and (“How many hours?” is more than 48 or “How many hours?” was asked)",
        ),
        (
            Not(AnyOf((BOSS, LONG))),
            "not (“Who keeps papers?” is “The boss” or “How many hours?” is more than 48)",
        ),
        (
            AtLeastOf(2, (BOSS, LONG)),
            "at least 2 of these: (“Who keeps papers?” is “The boss”; “How many hours?” is more than 48)",
        ),
        (Leaf(subject="strange", test="is", value=True), "“strange” is yes"),
        (Term("in_uk"), "in_uk"),
        (Applies("tell"), "“tell” applies"),
    ],
)
def test_it_is_said_in_the_words_of_the_bank(condition: Condition | None, said: str) -> None:
    assert condition_in_words(condition, edition_names(BANK)) == said


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_every_condition_of_the_banks_is_said_without_an_id(bank: str) -> None:
    edition = real_banks.edition_of(bank)
    names = edition_names(edition)
    conditions = [question.show_if for question in edition.questions() if question.show_if]
    conditions += [duty.when for duty in edition.duty_book.duties]
    said = [condition_in_words(condition, names) for condition in conditions]
    assert len(said) > 60
    known = {*names.questions, *names.duties, *names.terms}
    assert not [one for one in said if known & {word.strip("“”(),;") for word in one.split() if "_" in word}]


def test_placeholders_are_found_in_order_with_repeats() -> None:
    assert placeholders("Pay {wage}, not less than {wage}; call {helpline}.") == ("wage", "wage", "helpline")


def test_braces_that_are_no_names_stay_as_they_are() -> None:
    assert placeholders("{} {A} { wage } {1}") == ()
    assert fill_placeholders("{} {A} { wage } {1}", {}) == "{} {A} { wage } {1}"


def test_every_placeholder_is_filled() -> None:
    assert (
        fill_placeholders("At least {wage} an hour, {wage} each.", {"wage": "£12"}) == "At least £12 an hour, £12 each."
    )


def test_a_filled_text_is_not_filled_again() -> None:
    assert fill_placeholders("{a}", {"a": "{b}", "b": "no"}) == "{b}"


def test_a_placeholder_without_a_value_says_what_to_do() -> None:
    with pytest.raises(PlaceholderError, match=r"nothing stands for \{wage\}; give it a value") as caught:
        fill_placeholders("Pay {wage}.", {})
    assert caught.value.name == "wage"


HOMES = Question(
    id="homes",
    ask="Where do people live?",
    type="table",
    kind="fact",
    dimension="home",
    columns=(
        Column(id="kind", label="Kind", type="choice", options=(Option("caravan", "Caravan"),)),
        Column(id="people", label="People", type="number"),
        Column(id="note", label="Note", type="text"),
    ),
)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (13.8, "£ an hour", "£13.80 an hour"),
        (5, "£", "£5.00"),
        (46, "hours", "46 hours"),
        (46.5, None, "46.5"),
        (55, "%", "55%"),
        (2400000, "people", "2,400,000 people"),
    ],
)
def test_a_number_is_said_with_its_unit(value: float, unit: str | None, said: str) -> None:
    assert number_text(value, unit) == said


def test_an_answer_is_said_in_the_words_of_its_options() -> None:
    question = a_question()
    assert answer_text(question, "good") == "Good"
    assert answer_text(question, None) == "Not answered"
    assert answer_text(question, "gone") == "gone"
    assert answer_text(a_question(type="choices", options=question.options), ["good", "bad"]) == ["Good", "Bad"]


def test_dont_know_is_said_where_no_option_says_it() -> None:
    assert answer_text(a_question(type="number", unit="hours"), "dk") == "Don’t know"
    assert answer_text(a_question(), "dk") == "Dk"


def test_numbers_take_the_unit_of_their_question() -> None:
    assert answer_text(a_question(type="number", unit="hours"), 46) == "46 hours"
    assert answer_text(a_question(type="percentage"), 40) == "40%"


def test_rows_are_said_column_by_column_and_empty_cells_left_out() -> None:
    assert answer_text(HOMES, [{"kind": "caravan", "people": 4, "note": ""}]) == ["Kind: Caravan; People: 4"]
    assert answer_text(HOMES, [{"kind": "tent", "note": "damp"}]) == ["Kind: tent; Note: damp"]
    assert answer_text(HOMES, []) == ["None listed"]
    assert answer_text(HOMES, "dk") == ["None listed"]


def a_fact(**changes: object) -> Fact:
    values: dict[str, object] = {"id": "f", "type": "number", "ask": "How many?", "group": "size"}
    return Fact(**(values | changes))  # type: ignore[arg-type]  # a short maker


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        (a_fact(type="yes_no"), True, "Yes"),
        (a_fact(type="yes_no"), False, "No"),
        (a_fact(type="money"), 2400000, "£2,400,000"),
        (a_fact(type="money", unit="Australian dollars"), 5000, "5,000 Australian dollars"),
        (a_fact(type="money"), "<36000000", "less than £36,000,000"),
        (a_fact(type="number", unit="people"), 18, "18 people"),
        (a_fact(type="choice", options=(Option("llp", "A partnership"),)), "llp", "A partnership"),
        (
            a_fact(type="choices", options=(Option("ENG", "England"), Option("WLS", "Wales"))),
            ["ENG", "WLS"],
            "England, Wales",
        ),
        (a_fact(type="choices"), [], "None of these"),
        (a_fact(type="date"), "2026-03-31", "2026-03-31"),
    ],
)
def test_a_fact_is_said_as_a_person_would_read_it(fact: Fact, value: object, said: str) -> None:
    assert fact_text(fact, value) == said  # type: ignore[arg-type]  # any fact value
