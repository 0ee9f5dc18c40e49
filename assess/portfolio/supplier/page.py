"""What stands on the page of one supplier, put together for one moment from the buyer's list, what was asked, and what is shared."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.plans.shares.document import SharedCopy, thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.plan_now import with_plan_now
from assess.plans.shares.scopes import TITLES_FOR_BUYERS
from assess.plans.talk.keeping import agreed_dates
from assess.portfolio.board.seen import OPEN
from assess.portfolio.from_copies import Agreed, Step, open_steps, shows_plan
from assess.portfolio.models import Standing
from assess.portfolio.reckoning import living_grants
from assess.suppliers.inviting import latest_of
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Status, Supplier, SupplierInvitation
from assess.suppliers.other_results.keeping import told_by
from assess.suppliers.other_results.models import State
from assess.suppliers.tracking.lines import Line, Words
from assess.suppliers.trail import trail_of

LAST = 5
"""So many entries of the trail stand on the page."""


@dataclass(frozen=True, slots=True)
class Good:
    """Goods from a country, as the copy tells of them."""

    name: str
    place: str
    word: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy that is shared. `band`: None for a quick check."""

    grant: ShareGrant
    scope: str
    made_on: str
    good_until: str
    shared_on: date
    until: date
    band: str | None
    quick: bool
    planned: bool
    """Whether `steps` are those of its plan as it stands now; else as they were proposed."""
    steps: Sequence[Step]
    done: int
    goods: Sequence[Good]


@dataclass(frozen=True, slots=True)
class Page:
    """All that stands on it. `status` and everything of a copy: as it is at this moment."""

    supplier: Supplier
    parts: Sequence[Supplier]
    status: Status
    late: bool
    asked: Sequence[SupplierInvitation]
    to_decide: bool
    """It told of a result of another scheme, and nobody has said yet whether that is enough."""
    copies: Sequence[Copy]
    trail: Sequence[Line]


def page_of(session: Session, supplier: Supplier, now: datetime) -> Page:
    """The page of this supplier, with all entries that are shown as one with it."""
    parts = shown_as_one(session, supplier)
    ids = [one.id for one in parts]
    asked = sorted(latest_of(session, ids).values(), key=lambda one: one.made_at)
    grants = living_grants(session, ids, now)
    agreed = agreed_dates(session, [one.id for one in grants])
    standing = session.get(Standing, parts[0].id)
    status = standing.status if standing is not None else Status.NOT_ASKED
    if status is Status.SHARED and not grants:
        status = Status.SHARE_OVER
    today = date_at(now)
    return Page(
        supplier=supplier,
        parts=[one for one in parts if one.id != supplier.id],
        status=status,
        late=status in OPEN and any(one.due < today and one.status in OPEN for one in asked),
        asked=asked,
        to_decide=any(result.state is State.TOLD and invitation.lives for result, invitation in told_by(session, ids)),
        copies=[_copy(one, with_plan_now(session, one, thaw(one.document)), agreed.get(one.id, {})) for one in grants],
        trail=_trail(session, supplier.buyer_id, ids),
    )


def _copy(grant: ShareGrant, shared: SharedCopy, agreed: Agreed) -> Copy:
    copy = shared.copy
    bought = copy.buying.purchases if copy.buying else ()
    return Copy(
        grant=grant,
        scope=TITLES_FOR_BUYERS[shared.scope],
        made_on=copy.made_on,
        good_until=copy.valid_until,
        shared_on=date_at(grant.frozen_at),
        until=date_at(grant.until),
        band=copy.band,
        quick=copy.quick,
        planned=shows_plan(shared),
        steps=open_steps(shared, agreed),
        done=shared.done,
        goods=[Good(one.name, one.place, one.word) for one in bought],
    )


def _trail(session: Session, buyer_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Sequence[Line]:
    latest = trail_of(session, ids)[-LAST:]  # in the order of the whole trail: which five they are tells no hour either
    return Words(session, buyer_id).lines(latest[::-1])
