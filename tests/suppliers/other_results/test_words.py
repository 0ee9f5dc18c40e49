from __future__ import annotations

from datetime import date

from assess.suppliers.other_results.models import Interviews, Refusal, Scope
from assess.suppliers.other_results.words import INTERVIEWS, REFUSALS, SCOPES, is_old


def test_every_word_of_a_list_can_be_said() -> None:
    assert (set(SCOPES), set(INTERVIEWS), set(REFUSALS)) == (set(Scope), set(Interviews), set(Refusal))


def test_a_result_is_old_on_the_day_after_its_months() -> None:
    assert not is_old(date(2025, 11, 24), 12, date(2026, 11, 24))
    assert is_old(date(2025, 11, 23), 12, date(2026, 11, 24))
