"""Papers are printed beside the site: one when somebody waits for it, and all that are missing once a day, before anybody does.

Doing it twice stores one file. No transaction is open while the press works.
"""

from __future__ import annotations

from datetime import timedelta

from assess.kit.clock import date_at
from assess.kit.jobs.models import JobState
from assess.kit.jobs.ordering import AHEAD, defer, latest_with_key
from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.plans.papers.kept import is_kept, keep
from assess.plans.papers.shelf import papers_of
from assess.plans.papers.wanted import PRINT, PaperPdf
from assess.plans.printing.render import PressBusyError, PressUnfitError, PrintingFailedError, render_page

APART = timedelta(seconds=10)
"""Between two papers nobody waits for. One takes a quarter of it, so that a single worker is mostly free for whoever comes."""


def print_paper(work: Work, *, paper: str) -> None:
    """Print the paper of this id with the words and rates of this moment, unless that file is there.

    A paper that is no longer on the shelf is left alone.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError: nothing was stored; the job is tried again.
    """
    found = next((one for one in papers_of(date_at(work.now())) if one.id == paper), None)
    if found is None:
        return
    html = PaperPdf(found).html
    with work.database.reading() as look:
        if is_kept(look, html):
            return
    try:
        content = render_page(html)
    except (PressBusyError, PressUnfitError, PrintingFailedError) as error:
        # the sentence is ours; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with work.database.writing() as session:
        keep(session, html, content, work.now())


def order_missing(work: Work) -> None:
    """Order every paper whose words were not printed yet: just after midnight, when new rates begin, and at the first start.

    One that was set aside waits until a person decides, and is not ordered anew each day. Whoever asks for a paper meanwhile
    gets a job of his own, without the waiting in line: hence the key.
    """
    now = work.now()
    ahead = [(wanted, f"ahead {wanted.key}") for wanted in map(PaperPdf, papers_of(date_at(now)))]
    missing = 0
    with work.database.writing() as session:
        for wanted, key in ahead:
            before = latest_with_key(session, key)
            if is_kept(session, wanted.html) or (before and before.state is JobState.SET_ASIDE):
                continue
            defer(session, PRINT, key=key, after=missing * APART, rank=AHEAD, now=now, paper=wanted.paper.id)
            missing += 1
