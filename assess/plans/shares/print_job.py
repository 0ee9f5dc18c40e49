"""The job that prints the copy of one share. A share that was ended meanwhile is not printed, and nothing of it is stored."""

from __future__ import annotations

import uuid

from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.plans.printing.render import PressBusyError, PressUnfitError, PrintingFailedError, render_page
from assess.plans.shares.wanted import keep, to_print


def print_share(work: Work, *, grant_id: str) -> None:
    """Print the copy of this share, unless it is there or nobody may see it any more.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored; the job is tried again.
    """
    of = uuid.UUID(hex=grant_id)
    with work.database.reading() as look:
        wanted = to_print(look, of, work.now())
    if wanted is None:
        return
    try:
        content = render_page(wanted.html)
    except (PressBusyError, PressUnfitError, PrintingFailedError) as error:
        # the sentence is ours and holds nothing of the copy
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with work.database.writing() as session:
        keep(session, of, wanted.page, content, work.now())
