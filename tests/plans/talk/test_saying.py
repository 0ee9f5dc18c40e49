from __future__ import annotations

from assess.plans.talk.forms import TalkForm
from assess.plans.talk.saying import FULL, MEANWHILE, OVER


def test_what_was_typed_stays_beside_the_reason() -> None:
    typed = TalkForm(typed="Hello.", typed_date="1 2 2027")
    for refusal in (FULL, MEANWHILE, OVER):
        said = refusal.with_typed(typed)
        assert (said.typed, said.typed_date) == ("Hello.", "1 2 2027")
        assert said.error("words") == refusal.errors[0][1]
