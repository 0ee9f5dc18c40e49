"""Who may act on the invitation of a buyer: the browser in which its link was opened, while the invitation lives."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import abort

from assess.assessments.visits import may_answer_invitation
from assess.kit.audit.requests import log_refusal
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import database
from assess.kit.errors import Wording, error_page
from assess.kit.route_permissions import permission_of_request
from assess.people.caller import Caller, caller
from assess.people.models import Organisation
from assess.people.permissions import ForbiddenError, Relation, authorise
from assess.suppliers.asker import is_over
from assess.suppliers.following import last_named
from assess.suppliers.models import Supplier, SupplierInvitation

TAKEN_BACK = Wording(
    "We can no longer confirm who asked",
    ("You need not answer; nothing you write goes to them.", "What you have answered already stays yours."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation as its pages need it: as it was when the page was opened. Whoever changes it reads it anew."""

    invitation: SupplierInvitation
    supplier: Supplier
    buyer: Organisation


@dataclass(frozen=True, slots=True)
class _OfBrowser:
    opened: bool

    def relations(self, caller: Caller | None) -> frozenset[Relation]:
        """Whoever sits at a desk acts for no business by a link."""
        at_desk = caller is not None and caller.desk is not None
        return frozenset({Relation.INVITED}) if self.opened and not at_desk else frozenset()


def asked_or_404(invitation_id: uuid.UUID) -> Asked:
    """The invitation, for the browser that opened its link. For all others 404, as if there were none.

    Raises:
        HTTPException: 404, or 410 when we can no longer confirm who asked.
        VisitEndedError: when this browser had opened it and its time is up.
    """
    with database().reading() as look:
        opened = may_answer_invitation(look, visit_token(), invitation_id, now())
        invitation = look.get(SupplierInvitation, invitation_id) if opened else None
        try:
            authorise(caller(), permission_of_request(), _OfBrowser(invitation is not None and invitation.lives))
        except ForbiddenError:
            log_refusal()
            abort(404)
        if invitation is None:
            abort(404)
        supplier = look.get(Supplier, invitation.supplier_id) or abort(404)
        buyer = look.get(Organisation, supplier.buyer_id) or abort(404)
        if is_over(look, buyer, last_named(look, invitation)):
            abort(error_page(410, TAKEN_BACK))
        return Asked(invitation, supplier, buyer)
