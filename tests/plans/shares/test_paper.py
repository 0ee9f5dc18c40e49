from __future__ import annotations

import html5lib
import pytest

from assess.plans.register.state import NOTHING_YET
from assess.plans.shares.document import shared_copy
from assess.plans.shares.looking import presented
from assess.plans.shares.paper import to_html
from assess.plans.shares.scopes import Scope
from tests.engine.real_banks import edition_of
from tests.plans.records import SCENARIOS, scenario, text_of


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_copy_is_sound_and_says_what_it_is_not_and_until_when(bank: str, title: str, scope: Scope) -> None:
    record = scenario(bank, title)
    shared = shared_copy(record, edition_of(bank), NOTHING_YET, scope)
    html = to_html(presented(shared, "2026-12-24"), record, "K7QF-2M9D")
    html5lib.HTMLParser(strict=True).parse(html)
    said = text_of(html)
    assert "The business’s own answers; not a finding; not for selection or exclusion." in said
    assert "valid until 24 December 2026 · check code K7QF-2M9D" in said
    assert said.index("Stay and help fix it") < said.index("Result")
    assert record["reference"] not in html
    assert "PE38" not in html
