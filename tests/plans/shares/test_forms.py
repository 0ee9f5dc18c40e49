from __future__ import annotations

from assess.plans.shares.forms import ShareForm, read_choice, read_share
from assess.plans.shares.granting import Recipient
from assess.plans.shares.scopes import Scope

WHOLE = {"email": "Jo@Council.example", "buyer": "Council", "scope": "plan", "days": "60"}


def test_a_whole_form_says_whom_how_much_and_for_how_long() -> None:
    read = read_share(WHOLE)
    assert read.errors == ()
    assert read.to == Recipient("jo@council.example", "Council")
    assert read.choice
    assert (read.choice.scope, read.choice.days) == (Scope.PLAN, 60)


def test_each_fault_is_said_once_in_the_order_of_the_page() -> None:
    read = read_share({})
    assert [name for name, _ in read.errors] == ["email", "scope", "days"]
    assert (read.to, read.choice) == (None, None)
    assert read.error("scope") == "Choose what the buyer sees."
    assert read.error("buyer") is None


def test_no_number_of_days_but_those_that_are_offered() -> None:
    for days in ("0", "31", "365", "-7", "7.0", "٧"):
        assert read_choice({**WHOLE, "days": days}).choice is None


def test_the_least_is_chosen_already() -> None:
    assert (ShareForm().scope, ShareForm().days) == ("buyer_copy", "30")


def test_a_number_in_the_name_of_a_buyer_is_asked_about_and_a_name_is_not() -> None:
    assert read_share({**WHOLE, "buyer": "Agnieszka Nowak"}).errors == ()
    asked = read_share({**WHOLE, "buyer": "Ring 07700 900123"})
    assert [name for name, _ in asked.errors] == ["buyer"]
    assert read_share({**WHOLE, "buyer": "Ring 07700 900123", "keep_words": asked.asked[0].mark}).errors == ()
