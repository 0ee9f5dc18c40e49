"""The summary is printed beside the site, when somebody waits for it. Doing it twice stores one file."""

from __future__ import annotations

import uuid

from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.people.models import Organisation
from assess.plans.printing.render import PressBusyError, PressUnfitError, PrintingFailedError, render_page
from assess.portfolio.picture.gathering import picture_of
from assess.portfolio.picture.kept import is_kept, keep
from assess.portfolio.picture.page import to_html


def print_summary(work: Work, *, buyer: str, names: bool) -> None:
    """Print the summary as it is at this moment, unless that file is there. Of a buyer that is gone nothing is printed.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored; the job is tried again.
    """
    buyer_id = uuid.UUID(buyer)
    with work.database.reading() as look:
        found = look.get(Organisation, buyer_id)
        if found is None:
            return
        picture = picture_of(look, buyer_id, found.name, work.now())
        html = to_html(picture, names=names)
        if not picture.total or is_kept(look, buyer_id, html, names=names):
            return
    try:
        content = render_page(html)
    except (PressBusyError, PressUnfitError, PrintingFailedError) as error:
        # the sentence is ours; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with work.database.writing() as session:
        # whoever ended a share meanwhile must not be counted on a file
        if to_html(picture_of(session, buyer_id, found.name, work.now()), names=names) == html:
            keep(session, buyer_id, html, content, work.now(), names=names)
