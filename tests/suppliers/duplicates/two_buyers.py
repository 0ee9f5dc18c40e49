"""Two buyers of the same businesses with entries in every state, and a way to look at all that is stored and all that can be opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation
from assess.portfolio import board_projection
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.viewing import find_permitted_share, list_received_shares
from assess.suppliers.models import Supplier
from assess.suppliers.services import archive_supplier, latest_invitations
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, invited, shared

assert board_projection  # it listens for what changes
TRAIL = "supplier_event"
Rows = Mapping[str, Counter[str]]


@dataclass(frozen=True)
class TwoBuyers:
    council: Organisation
    shop: Organisation
    entries: Sequence[Supplier]
    """Of the council: two that shared, one that was asked, two that were not, one that is off the list."""
    of_shop: Supplier
    callers: Sequence[CurrentUser]
    grants: Sequence[ShareGrant]


def a_world(session: Session, *, shares: bool = True) -> TwoBuyers:
    """Without shares it is made at once."""
    people = [a_person(session, f"{name}@people.example") for name in ("ann", "bob", "sue")]
    council, shop = a_buyer(session, "The Council", buyer=people[0]), a_buyer(session, "The Shop", buyer=people[1])
    entries = [
        a_supplier(session, council, name, email=f"mail{place}@farm.example", sector="farming", spend_gbp=1000)
        for place, name in enumerate(("Fen Edge", "Fen Edge Ltd", "Packhouse", "Yard", "Orchard", "Old Barn"))
    ]
    of_shop = a_supplier(session, shop, "Fen Edge", sector="farming")
    grants = []
    if shares:
        grants.append(shared(session, invited(session, entries[0]), scope=ShareScope.PLAN))
        grants.append(shared(session, invited(session, entries[1]), days=30))
        grants.append(shared(session, invited(session, of_shop)))
    invited(session, entries[2])
    archive_supplier(session, entries[5], TODAY, by=None)
    callers = [caller_of(people[0], council.id), caller_of(people[1], shop.id), caller_of(people[2])]
    return TwoBuyers(council, shop, entries, of_shop, callers, grants)


def stored(columns: Mapping[str, Sequence[str]], session: Session) -> Rows:
    """Every row of every table but the trail, as this session sees it. `columns`: by table, see `columns_of`."""
    session.flush()
    found = {}
    for table, names in columns.items():
        if table != TRAIL:
            asked = ", ".join(f'"{name}"' for name in names)
            rows = session.execute(text(f"SELECT {asked} FROM {table}"))  # noqa: S608  # our own tables
            found[table] = Counter(str(tuple(row)) for row in rows)
    return found


def opened(session: Session, world: TwoBuyers) -> list[object]:
    """What each caller can open of each share, with its document, scope and end; and what each invitation is."""
    found: list[object] = []
    for who in world.callers:
        found.append(list_received_shares(session, who, TODAY))
        for grant in world.grants:
            seen = find_permitted_share(session, who, grant.id, TODAY)
            found.append(
                None
                if seen is None
                else (
                    seen.id,
                    seen.document,
                    seen.scope,
                    seen.until,
                    seen.supplier_id,
                )
            )
    asked = latest_invitations(session, [one.id for one in (*world.entries, world.of_shop)])
    found.append(sorted((str(one), asked[one].id.hex, asked[one].status.value) for one in asked))
    return found
