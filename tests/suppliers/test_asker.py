"""Who asks, as a supplier reads it: that another organisation knows the buyer is never told."""

from __future__ import annotations

import pytest

from assess.people.models import Organisation
from assess.suppliers.asker import asker_of, is_confirmed


@pytest.mark.parametrize(
    ("by", "note"),
    [(None, "name not confirmed"), ("invitation", "name not confirmed"), ("domain", None), ("company_check", None)],
)
def test_a_name_counts_as_true_only_where_everybody_may_see_why(by: str | None, note: str | None) -> None:
    buyer = Organisation(name="The Council", confirmed_by=by, domain="council.example")
    found = asker_of(buyer)
    assert (found.name, found.note) == ("The Council", note)
    assert is_confirmed(buyer) is (note is None)
    assert (found.shown is None) is (note is not None)
    assert "invited" not in (found.shown or "")
