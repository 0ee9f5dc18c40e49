"""“This buyer asked for it”: a line on the result and on the page of shares, for whoever may share."""

from __future__ import annotations

import uuid

from assess.assessments.access import may_here
from assess.kit.clock import now
from assess.kit.db import database
from assess.plans.asked.standing import WhoAsked, who_asked
from assess.suppliers.models import Status


def wait_for_a_share(assessment_id: uuid.UUID) -> list[WhoAsked]:
    """Those who asked under a name that nobody suspended, have not been told no, and do not see the latest answers. Nobody, for whoever may not share."""
    if not may_here("share.manage"):
        return []
    with database().reading() as look:
        rows = who_asked(look, assessment_id, now())
    over = {Status.DECLINED, Status.OTHER_RESULT}
    return [row for row in rows if row.sees != "latest" and row.status not in over and not row.asker.over]
