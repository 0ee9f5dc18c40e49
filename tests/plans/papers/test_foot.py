from __future__ import annotations

from assess.plans.papers.foot import NOT_ADVICE, foot_of
from tests.plans.papers.shelf_of_papers import paper_called


def test_the_foot_says_what_a_paper_is_not_how_old_it_is_and_what_it_rests_on() -> None:
    assert foot_of(paper_called("helpline_poster")) == (
        f"{NOT_ADVICE} Reviewed 24 November 2026. To be looked at again by 24 December 2026.",
        "Written from: Modern Slavery & Exploitation Helpline, what happens when you call.",
    )
