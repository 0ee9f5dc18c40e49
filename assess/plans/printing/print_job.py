"""The job that prints one copy: it runs beside the site, reads what is frozen, and stores the file.

Doing it twice stores one file. No transaction is open while the press works.
"""

from __future__ import annotations

from assess.assessments.models import Submission
from assess.assessments.submitting import latest_id, state_of_record
from assess.banks.editions import edition_of
from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.plans.check_code.codes import code_of
from assess.plans.copies import COPIES
from assess.plans.pages import to_html
from assess.plans.printing.kept import Printed, is_kept, keep, key_of, state_shown
from assess.plans.printing.render import (
    PressBusyError,
    PressUnfitError,
    PrintingFailedError,
    render,
    render_page,
)
from assess.plans.signing.shown import signed_shown


def print_copy(work: Work, *, submission_id: int, copy: str) -> None:
    """Print a copy with the register as it is at this moment, unless that file is there.

    When the business deletes everything meanwhile, or changes the register, nothing is stored and the job is done all the
    same: whoever asks next orders what is needed then. A submission that is no longer the latest is not printed: no page and no
    buyer's link shows it any more.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored; the job is tried again.
    """
    wanted = next(one for one in COPIES if one == copy)
    with work.database.reading() as look:
        submission = look.get(Submission, submission_id)
        if submission is None or submission_id != latest_id(look, submission.assessment_id):
            return
        shown = state_shown(look, submission_id, wanted)
        signed = signed_shown(look, submission_id, wanted)
        if is_kept(look, submission_id, wanted, key_of(shown, signed)):
            return
        code, record_as_read = code_of(look, submission, wanted), state_of_record(submission)
        edition = edition_of(look, submission.edition_id).edition if wanted == "buyer" else None
    try:
        if edition:  # the press knows no editions, and nothing travels inside this copy
            content = render_page(to_html(submission.record, wanted, code=code, signed=signed, edition=edition))
        else:
            content = render(submission.record, wanted, shown, code, signed)
    except (PressBusyError, PressUnfitError, PrintingFailedError) as error:
        # the sentence is ours and holds nothing of the plan; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with work.database.writing() as session:
        keep(session, submission_id, wanted, Printed(record_as_read, shown, content, signed), work.now())
