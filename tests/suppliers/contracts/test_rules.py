from __future__ import annotations

from assess.suppliers.contracts.models import Asks, Contract
from assess.suppliers.contracts.rules import asked_by, proposal_for, rules
from assess.suppliers.models import Tier


def test_a_tier_asks_for_nothing_the_quick_check_or_the_full_form() -> None:
    assert [asked_by(tier, rules()) for tier in Tier] == [Asks.NOTHING, Asks.QUICK, Asks.FULL]


def test_a_contract_about_which_nothing_is_known_is_proposed_high() -> None:
    made = proposal_for(Contract(levels={}), rules())
    assert (made.tier, len(made.points)) == (Tier.HIGH, 6)
    low = dict.fromkeys(rules().characteristics, "low")
    assert proposal_for(Contract(levels=low), rules()).tier is Tier.LOW


def test_ppn_009_is_said_to_bind_central_bodies_and_to_be_adopted_by_others() -> None:
    regimes = rules().regimes
    assert "binds central government departments" in regimes["ppn_009_binding"].says
    assert "Others in the public sector, such as councils, may adopt it." in regimes["ppn_009_adopted"].says
    assert "not yet confirmed by a lawyer" in (regimes["nhs"].not_confirmed or "")
    assert rules().source.url.startswith("https://www.gov.uk/")
