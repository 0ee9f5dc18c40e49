"""The cover is printed beside the site, when somebody waits for it. Doing it twice stores one file."""

from __future__ import annotations

import uuid

from assess.kit.clock import date_at
from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.people.models import Organisation
from assess.plans.cover.kept import is_kept, keep
from assess.plans.cover.listing import cover_of
from assess.plans.cover.page import to_html
from assess.plans.printing.render import PressBusyError, PressUnfitError, PrintingFailedError, render_page


def print_cover(work: Work, *, organisation: str) -> None:
    """Print the cover as it is at this moment, unless that file is there. Of an organisation that is gone nothing is printed.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored; the job is tried again.
    """
    organisation_id = uuid.UUID(organisation)
    with work.database.reading() as look:
        found = look.get(Organisation, organisation_id)
        if found is None:
            return
        cover = cover_of(look, organisation_id, found.name, date_at(work.now()))
        html = to_html(cover)
        if not cover.lines or is_kept(look, organisation_id, html):
            return
    try:
        content = render_page(html)
    except (PressBusyError, PressUnfitError, PrintingFailedError) as error:
        # the sentence is ours; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with work.database.writing() as session:
        # whoever deleted or moved a plan meanwhile must not find it on a cover
        if to_html(cover_of(session, organisation_id, found.name, date_at(work.now()))) == html:
            keep(session, organisation_id, html, content, cover.lines, work.now())
