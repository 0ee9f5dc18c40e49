"""What of a sign-off stands on which copy: name and job on the business's own if the signer agreed, a buyer learns the date alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assess.assessments.signing.keeping import signed
from assess.kit.clock import date_at
from assess.plans.copies import Copy
from assess.plans.sign_off import Signed


def signed_shown(session: Session, submission_id: int, copy: Copy) -> Signed | None:
    """The sign-off as this copy shows it now; None while there is none, and on the wall always."""
    if copy == "wall":
        return None
    found = signed(session, submission_id)
    if found is None:
        return None
    day = date_at(found.signed_at).isoformat()
    if copy in {"business", "large"} and found.on_paper:
        return Signed(day, found.name, found.job)
    return Signed(day)
