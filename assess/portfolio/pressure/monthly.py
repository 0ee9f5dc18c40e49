"""The monthly round of every buyer. It is looked for each night, so that a first of the month without a worker is made up for."""

from __future__ import annotations

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.jobs.registry import Work
from assess.portfolio.pressure.keeping import buyers, go_round


def pool_pressure(work: Work) -> None:
    """Make the round of this month for each buyer that has none yet. Run twice it changes nothing more."""
    with work.database.reading() as look:
        wanted = buyers(look)
    for number, buyer_id in enumerate(wanted, 1):
        with work.database.writing() as session:
            if go_round(session, buyer_id, work.now()):
                deed = Deed(
                    action="suppliers.manage", verb="made", who=by_job("pool_pressure"), organisation_id=buyer_id
                )
                record(session, Keys.of(work.settings), deed, work.now())
        work.progress(number, len(wanted))
