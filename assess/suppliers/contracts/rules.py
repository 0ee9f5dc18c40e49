"""The dated texts beside contracts, as the files have them today."""

from __future__ import annotations

from assess.banks.contracts import ContractRules, contract_rules
from assess.banks.in_force import in_use
from assess.suppliers.contracts.grading import Proposal, propose
from assess.suppliers.contracts.models import Asks, Contract, Level
from assess.suppliers.models import Tier


def rules() -> ContractRules:
    """Everything that `questionnaires/buyers/contracts.yaml` says.

    Raises:
        RefusedError: when the file is missing or broken.
    """
    return contract_rules(in_use())


def proposal_for(contract: Contract, texts: ContractRules) -> Proposal:
    """The tier that its headings propose now."""
    headings = {one.id: one.name for one in texts.characteristics.values()}
    return propose({name: Level(level) for name, level in contract.levels.items()}, headings, texts.limits)


def asked_by(tier: Tier, texts: ContractRules) -> Asks:
    """What this tier asks of a supplier unless somebody decides otherwise."""
    return Asks(texts.tiers[tier.value].asks)
