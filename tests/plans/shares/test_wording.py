from __future__ import annotations

from assess.plans.shares.wording import LONGEST_NAME, SUBJECT, offering

LINK = "http://localhost:5000/shared/accept/" + "x" * 43


def test_the_mail_names_the_business_and_says_that_nobody_confirmed_it() -> None:
    text = offering("Fen Edge Growers Ltd", LINK, "2026-12-24")
    assert text.subject == SUBJECT
    assert "“Fen Edge Growers Ltd”" in text.body
    assert "Nobody has confirmed its name." in text.body
    assert "24 December 2026" in text.body
    assert f"\n{LINK}\n" in text.body


def test_a_name_cannot_become_a_letter_of_its_own() -> None:
    text = offering("You have won!\n\nOpen http://evil.example " + "x" * 500, LINK, "2026-12-24")
    name = text.body.partition("“")[2].partition("”")[0]
    assert "\n" not in name
    assert len(name) <= LONGEST_NAME
