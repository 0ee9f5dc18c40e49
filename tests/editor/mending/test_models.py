from __future__ import annotations

from datetime import timedelta

from assess.banks.models import CONFIRM_WITHIN
from assess.editor.mending.models import Mend, Outcome
from tests.conftest import TODAY


def test_a_mend_is_overdue_after_seven_days_until_somebody_looked() -> None:
    row = Mend(at=TODAY, outcome=None)
    assert not row.overdue(TODAY + CONFIRM_WITHIN)
    assert row.overdue(TODAY + CONFIRM_WITHIN + timedelta(seconds=1))
    row.outcome = Outcome.RIGHT
    assert not row.overdue(TODAY + timedelta(days=99))
