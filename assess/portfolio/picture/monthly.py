"""What the worker does: on the first day of a month, or as soon as it runs again, it keeps the counts of every buyer."""

from __future__ import annotations

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.jobs.registry import Work
from assess.portfolio.picture.months import buyers_without, forget_old_months, keep_month


def keep_months(work: Work) -> None:
    """Keep this month of each buyer that has none yet. Run twice it keeps nothing more; each buyer is a transaction of its own."""
    now = work.now()
    with work.database.reading() as look:
        wanted = buyers_without(look, date_at(now).replace(day=1))
    kept = 0
    for number, buyer_id in enumerate(wanted, 1):
        with work.database.writing() as session:
            kept += keep_month(session, buyer_id, now)
        work.progress(number, len(wanted))
    with work.database.writing() as session:
        forget_old_months(session, now)
        if kept:
            deed = Deed(action="suppliers.manage", verb="kept", who=by_job("keep_months"), details={"count": kept})
            record(session, Keys.of(work.settings), deed, now)
