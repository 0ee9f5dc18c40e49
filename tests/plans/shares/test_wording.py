from __future__ import annotations

from assess.plans.shares.wording import SUBJECT, Sharer, offering

LINK = "http://localhost:5000/shared/accept/" + "x" * 43
STOP = "http://localhost:5000/shared/stop/" + "0" * 96


def test_the_mail_names_a_confirmed_business_with_its_domain() -> None:
    text = offering(Sharer("Fen Edge Growers Ltd", "fenedge.example"), LINK, STOP, "2026-12-24")
    assert text.subject == SUBJECT
    assert text.body.startswith("The business “Fen Edge Growers Ltd” (fenedge.example) wants to show you")
    assert "24 December 2026" in text.body
    assert f"\n{LINK}\n" in text.body
    assert text.body.endswith(f"\n{STOP}\n")


def test_without_a_confirmed_name_the_first_line_says_so_and_nobody_is_named() -> None:
    text = offering(None, LINK, STOP, "2026-12-24")
    assert text.body.splitlines()[0] == "Name not confirmed."
    assert "“" not in text.body
