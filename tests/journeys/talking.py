"""What a buyer and a supplier do with each other: a comment and a date on the one side, an answer and a yes on the other."""

from __future__ import annotations

from tests.journeys.buying import in_days
from tests.journeys.people import Person

ASKS, ANSWERS = "We can pay within 14 days from now on. Does that help?", "It does. We begin on Monday."


def proposes_a_date(buyer: Person, business: str, *, scripts: bool) -> None:
    """From a copy: one comment and one date for its first step."""
    buyer.follows("Talk with the business about it")
    buyer.looks(scripts=scripts)
    assert buyer.heading == f"Talk with {business}"
    assert "Stay and help fix it" in buyer.words
    buyer.page.locator('main a[href*="?step="]').first.click()
    buyer.looks(scripts=scripts)
    buyer.page.get_by_label("Your comment").fill(ASKS)
    buyer.page.get_by_label("By when?").fill(in_days(45))
    buyer.presses("Send it")
    buyer.looks(scripts=scripts)
    assert ASKS in buyer.words
    assert "It waits for an answer." in buyer.words


def answers_and_agrees(owner: Person, home: str, asker: str, *, scripts: bool) -> None:
    """From the result: read what the buyer wrote, say yes to its date, and write back."""
    owner.opens(f"{home}/result")
    owner.looks(scripts=scripts)
    assert f"1 new comment from {asker}." in owner.words
    owner.follows(f"Read what {asker} wrote")
    owner.looks(scripts=scripts)
    assert "Nobody has written anything yet." not in owner.words
    assert "your turn" in owner.words
    owner.page.locator('main a[href*="?step="]').first.click()
    owner.looks(scripts=scripts)
    assert ASKS in owner.words
    owner.presses("Agree to")
    owner.looks(scripts=scripts)
    assert "Agreed: by" in owner.words
    owner.page.get_by_label("Your comment").fill(ANSWERS)
    owner.presses("Send it")
    owner.looks(scripts=scripts)
    assert ANSWERS in owner.words
