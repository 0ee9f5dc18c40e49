from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine import endangering_words
from assess.engine.endangering_words import endangering
from assess.engine.lookalikes import as_seen, mixed_words

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
    assert endangering(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_forbidden_and_what_is_harmless_passes(text: str) -> None:
    assert endangering(text) == ()


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_no_writing_hides_a_word(text: str) -> None:
    assert endangering(text)


def test_every_word_of_a_text_is_told_as_it_reads() -> None:
    assert endangering(ENDANGERS[0]) == ("ask", "took the phone", "search", "dismiss")
    assert endangering("Do not ask anybody. Warn the agent.") == ("warn",)


def test_a_word_of_two_alphabets_is_told_whatever_it_says() -> None:
    assert endangering("Keep it in a s\u0430fe.") == ("s\u0430fe",)
    assert mixed_words("Українська, Română, Ελληνικά, naïve café") == ()
    assert as_seen("\u0405\u0415\u0410\u0420 \u201cs\u00ed\u201d") == "seap \u201csi\u201d"


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


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from(["", "not ", "do not "]))
def test_a_long_text_costs_no_more_than_its_length(pieces: list[str], begin: str) -> None:
    looked = []
    for longest in (1000, 4000):
        text = (begin + "".join(pieces) * longest)[:longest]
        with pytest.MonkeyPatch.context() as patch:
            counted = [Counting(getattr(endangering_words, name)) for name in ("_BEFORE", "_LIST", "_CHAIN")]
            for name, one in zip(("_BEFORE", "_LIST", "_CHAIN"), counted, strict=True):
                patch.setattr(endangering_words, name, one)
            endangering.__wrapped__(text)
        looked.append(sum(one.letters for one in counted))
    assert looked[1] <= 6 * looked[0] + 200_000


def test_a_no_far_away_forbids_nothing() -> None:
    assert endangering("Do not ask, " + "warn, " * 5 + "dismiss or move anyone.") == ()
    assert endangering("Do not ask, " + "warn, " * 60 + "dismiss or move anyone.")
