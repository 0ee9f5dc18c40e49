"""What people at a supplier do with the letter of a buyer: open it, answer, look at what would be seen, and share it."""

from __future__ import annotations

from tests.journeys.beginnings import answers_all, answers_of, says_who_it_is
from tests.journeys.letters import Letters, link_in
from tests.journeys.people import Person


def opens_the_letter(person: Person, letters: Letters, email: str, asker: str, *, scripts: bool) -> str:
    """Read the letter and go on from the page it leads to. Returns the address of the page of the request."""
    subject, body = letters.next_to(email)
    assert asker in body
    assert "Slavery" not in subject, "whoever sees the list of mails learns nothing"
    person.opens(link_in(body))
    person.looks(scripts=scripts)
    assert person.heading == f"{asker} asks how work is done in your business"
    assert "You may say no." in person.words
    person.presses("Go on")
    person.looks(scripts=scripts)
    return person.page.url


def answers_what_was_asked(person: Person, asker: str, name: str, title: str, *, scripts: bool) -> str:
    """From the page of the request to the result. Returns the address of the assessment."""
    person.follows("Begin")
    person.looks(scripts=scripts)
    assert f"{asker} can see that you began." in person.words
    person.presses("Begin")
    person.looks(scripts=scripts)
    person.presses("Make my link")
    person.looks(scripts=scripts)
    person.follows("Continue")
    person.looks(scripts=scripts)
    home = person.page.url.rstrip("/")
    says_who_it_is(person, name, scripts=scripts)
    person.opens(f"{home}/")
    person.page.locator('a.govuk-task-list__link[href*="/sections/"]').first.click()
    answers_all(person, answers_of(title), stop_after=None, scripts=False)  # other journeys look at each question
    person.opens(f"{home}/check")
    person.looks(scripts=scripts)
    person.chooses("I have read these again")
    person.presses("Submit")
    person.looks(scripts=scripts)
    assert person.page.url.endswith("/result")
    return home


def shares_it(person: Person, asker: str, *, scripts: bool) -> None:
    """From the result: the short copy and the plan, after a look at all that is seen."""
    assert f"{asker} asked for this." in person.words
    person.follows("Share it")
    person.looks(scripts=scripts)
    assert person.heading == f"Share with {asker}"
    person.page.get_by_label("The short copy and your plan").check()
    person.presses("Look at what they will see")
    person.looks(scripts=scripts)
    assert person.heading == f"What {asker} will see"
    person.presses(f"Share it with {asker}")
    person.looks(scripts=scripts)
    assert f"You shared it with {asker}." in person.words
