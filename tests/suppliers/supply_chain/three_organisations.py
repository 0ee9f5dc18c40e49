"""Three organisations that buy from each other in a row, and the names that one of them sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assess.identity.models import Organisation
from assess.suppliers.models import Supplier, VisibilityLevel
from assess.suppliers.supply_chain import ChainNode, SupplyChain, get_supplier_chain, set_naming_consent, set_visibility
from tests.conftest import TODAY
from tests.suppliers.factories import a_buyer, a_supplier


class Three:
    """The council buys from the packhouse, which buys from a farm, which buys from a nursery."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.council, self.packhouse, self.farm = (
            a_buyer(session, name) for name in ("The Council", "The Packhouse", "Fen Edge")
        )
        self.entry = self.on(self.council, "Packhouse as we call it", self.packhouse)
        self.below = self.on(self.packhouse, "That farm", self.farm)
        self.last = self.on(self.farm, "The nursery")

    def on(self, buyer: Organisation, name: str, organisation: Organisation | None = None) -> Supplier:
        made = a_supplier(self.session, buyer, name, sector="farming")
        made.organisation_id = organisation.id if organisation else None
        self.session.flush()
        return made

    def all_yes(self) -> None:
        set_visibility(self.session, self.packhouse.id, self.council.id, VisibilityLevel.NAMES, TODAY)
        set_visibility(self.session, self.farm.id, self.packhouse.id, VisibilityLevel.NAMES, TODAY)
        set_naming_consent(self.session, self.below, "", TODAY, may=True)
        set_naming_consent(self.session, self.last, "Nursery of the Fens", TODAY, may=True)

    def seen(self) -> list[str]:
        return names(get_supplier_chain(self.session, self.entry, TODAY))


def names(chain: SupplyChain) -> list[str]:
    """Each with its level: “2 Fen Edge”."""

    def of(nodes: list[ChainNode]) -> list[str]:
        return [line for node in nodes for line in (f"{node.level} {node.name}", *of(node.below))]

    return of(list(chain.nodes))
