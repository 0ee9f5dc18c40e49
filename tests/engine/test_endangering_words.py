from __future__ import annotations

import pytest

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
