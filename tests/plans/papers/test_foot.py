from __future__ import annotations

from assess.plans.papers.foot import NOT_ADVICE, TO_CHANGE, foot_of
from tests.plans.papers.shelf_of_papers import paper_called


def test_the_foot_says_to_whoever_changes_a_paper_how_old_it_is_and_what_it_rests_on() -> None:
    assert foot_of(paper_called("buyer_letter"))[0] == f"{TO_CHANGE} {NOT_ADVICE}"
    assert foot_of(paper_called("who_to_call"))[1].startswith(
        "Reviewed 24 November 2026. To be looked at again by 24 December 2026. Written from: Modern Slavery & Exploitation Helpline"
    )


def test_a_paper_for_workers_says_only_what_it_is_not_and_how_old_it_is() -> None:
    for name in ("helpline_poster", "job_terms", "first_hour_card"):
        assert foot_of(paper_called(name)) == (f"{NOT_ADVICE} Reviewed 24 November 2026.",)
