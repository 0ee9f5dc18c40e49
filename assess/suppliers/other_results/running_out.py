"""Each night: what stood in place of a form and is over stands there no longer, so that the buyer waits for a form again."""

from __future__ import annotations

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.suppliers.other_results.keeping import run_out


def end_other_results(work: Work) -> None:
    """The job of the night. Run twice it ends nothing more."""
    with work.database.writing() as session:
        ended = run_out(session, work.now())
        if ended:
            who = by_job("end_other_results")
            deed = Deed(action="suppliers.manage", verb="ended", who=who, details={"count": ended})
            record(session, Keys.of(work.settings), deed, work.now())
            log("other_results_ended", number=ended)
