"""All background jobs: name, function and limits of each, and when it is due where it is due by itself.

The name is stored with what was ordered, so a job that is called otherwise is another job. Who orders one needs its name alone:
that stands beside the code that orders it, without the function.
"""

from __future__ import annotations

from assess.assessments.ordering_files import PRINT as PRINT_COPY
from assess.assessments.tidying import tidy_daily
from assess.editor.diary.weekly import tell_reviews
from assess.editor.review.rehearsal_job import rehearse_draft
from assess.editor.review.rehearsals import WORKING as REHEARSE_DRAFT
from assess.kit.audit.anchoring import anchor_daily
from assess.kit.jobs.registry import install_jobs, job
from assess.kit.mail.outbox import SENDING as SEND_MAIL
from assess.kit.mail.sending import look_after_outbox, send_mail
from assess.people.organisations.name_endings import end_names
from assess.plans.cover.print_job import print_cover
from assess.plans.cover.wanted import PRINT as PRINT_COVER
from assess.plans.papers.print_job import order_missing, print_paper
from assess.plans.papers.wanted import PRINT as PRINT_PAPER
from assess.plans.printing.print_job import print_copy
from assess.plans.printing.render import LONGEST
from assess.plans.reminders.daily import forget_unconfirmed, remind
from assess.plans.shares.print_job import print_share
from assess.plans.shares.wanted import PRINT as PRINT_SHARE
from assess.portfolio.board.background import ACTING as CARRY_ON_BULK
from assess.portfolio.board.background import carry_on_bulk, reckon_standings
from assess.portfolio.files.making import SECONDS_OF_A_PART, forget_portfolio_files, make_file
from assess.portfolio.files.ordering import MAKE as MAKE_PORTFOLIO_FILE
from assess.portfolio.picture.monthly import keep_months
from assess.portfolio.picture.print_job import print_summary
from assess.portfolio.picture.wanted import PRINT as PRINT_SUMMARY
from assess.portfolio.pressure.monthly import pool_pressure
from assess.suppliers.chasing import chase
from assess.suppliers.correcting import SENDING as CORRECT_LETTERS
from assess.suppliers.correcting import correct_letters
from assess.suppliers.importing.keeping import WORKING as IMPORT_SUPPLIERS
from assess.suppliers.importing.working import forget_imports, import_suppliers
from assess.suppliers.other_results.running_out import end_other_results

_TO_PRINT = LONGEST + 12
"""Seconds: as long as a file may be drawn, and room to store it."""
_A_PART_OF_FILES = SECONDS_OF_A_PART + LONGEST + 30
"""Seconds: a part stops in time for the file that is then being drawn."""

ORDERED = (
    job(SEND_MAIL, send_mail, seconds=150, attempts=5),
    job(PRINT_COPY, print_copy, seconds=_TO_PRINT),
    job(PRINT_COVER, print_cover, seconds=_TO_PRINT),
    job(PRINT_SHARE, print_share, seconds=_TO_PRINT),
    job(PRINT_PAPER, print_paper, seconds=_TO_PRINT),
    job(PRINT_SUMMARY, print_summary, seconds=_TO_PRINT),
    job(MAKE_PORTFOLIO_FILE, make_file, seconds=_A_PART_OF_FILES, attempts=6),
    job(REHEARSE_DRAFT, rehearse_draft, seconds=600, attempts=6),
    job(IMPORT_SUPPLIERS, import_suppliers, seconds=1800, attempts=10),
    job(CORRECT_LETTERS, correct_letters, seconds=1800, attempts=10),
    job(CARRY_ON_BULK, carry_on_bulk, seconds=1800),
)
"""Jobs that somebody orders."""

DAILY = (
    job("print_papers", order_missing, at="00:05"),
    job("reckon_standings", reckon_standings, at="00:20", seconds=3600),
    job("anchor_audit", anchor_daily, at="03:05"),
    job("tidy", tidy_daily, at="03:15"),
    job("pool_pressure", pool_pressure, at="03:20", seconds=900),
    job("forget_portfolio_files", forget_portfolio_files, at="03:40"),
    job("look_after_outbox", look_after_outbox, at="03:40"),
    job("forget_unconfirmed", forget_unconfirmed, at="03:50"),
    job("forget_imports", forget_imports, at="03:55"),
    job("end_names", end_names, at="04:10"),
    job("end_other_results", end_other_results, at="04:20"),
    job("keep_months", keep_months, at="05:10", seconds=600),
    job("remind", remind, at="07:30", seconds=900),
    job("chase", chase, at="08:00", seconds=900),
    job("tell_reviews", tell_reviews, at="08:10"),
)
"""Jobs that are due by themselves, at a local time of each day."""

JOBS = (*ORDERED, *DAILY)


def install() -> None:
    """Let this process run all of them. Doing it twice changes nothing."""
    install_jobs(JOBS)
