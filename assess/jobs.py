"""All background jobs: stored name, function, limits and daily time. Job names are stored in the database and must not change."""

from __future__ import annotations

from assess.assessments.retention import clean_up_daily
from assess.bank_editor.recheck_dates import email_recheck_dates
from assess.bank_editor.review.dry_runs import DRY_RUN_JOB, run_dry_run
from assess.core.audit.verify import anchor_audit
from assess.core.documents.printing import MAX_RENDER_SECONDS
from assess.core.documents.services import PRINT_JOB, print_document
from assess.core.jobs.services import define_job, install_jobs
from assess.core.mail.services import SEND_MAIL, clean_up_outbox, send_mail
from assess.identity.organisations.name_confirmation import end_names
from assess.plans.document_templates import enqueue_missing_document_template_pdfs
from assess.plans.reminders import clean_up_reminders, send_daily_reminders
from assess.portfolio.board.bulk_actions import BULK_ACTION_JOB, run_bulk_action
from assess.portfolio.board_projection import refresh_outdated_board_rows
from assess.portfolio.bulk_exports.bundle import PART_SECONDS, delete_expired_exports, make_export_part
from assess.portfolio.bulk_exports.services import EXPORT_JOB
from assess.portfolio.dashboard import save_monthly_snapshots
from assess.portfolio.supplier_feedback import pool_supplier_feedback
from assess.suppliers.external_results import expire_external_results
from assess.suppliers.name_revocation import CORRECTION_JOB, send_correction_emails
from assess.suppliers.reminders import send_due_emails
from assess.suppliers.supplier_import.services import IMPORT_JOB, delete_old_imports, import_suppliers

_EXPORT_PART_SECONDS = PART_SECONDS + MAX_RENDER_SECONDS + 30
"""Seconds: a part stops in time for the file that is then being drawn."""

ON_DEMAND = (
    define_job(SEND_MAIL, send_mail, seconds=150, attempts=5),
    define_job(PRINT_JOB, print_document, seconds=MAX_RENDER_SECONDS + 12),  # and time to store it
    define_job(EXPORT_JOB, make_export_part, seconds=_EXPORT_PART_SECONDS, attempts=6),
    define_job(DRY_RUN_JOB, run_dry_run, seconds=600, attempts=6),
    define_job(IMPORT_JOB, import_suppliers, seconds=1800, attempts=10),
    define_job(CORRECTION_JOB, send_correction_emails, seconds=1800, attempts=10),
    define_job(BULK_ACTION_JOB, run_bulk_action, seconds=1800),
)
"""Jobs that a person, or another job, orders."""

DAILY = (
    define_job("print_papers", enqueue_missing_document_template_pdfs, at="00:05"),
    define_job("reckon_standings", refresh_outdated_board_rows, at="00:20", seconds=3600),
    define_job("anchor_audit", anchor_audit, at="03:05"),
    define_job("tidy", clean_up_daily, at="03:15"),
    define_job("pool_pressure", pool_supplier_feedback, at="03:20", seconds=900),
    define_job("forget_portfolio_files", delete_expired_exports, at="03:40"),
    define_job("look_after_outbox", clean_up_outbox, at="03:40"),
    define_job("forget_unconfirmed", clean_up_reminders, at="03:50"),
    define_job("forget_imports", delete_old_imports, at="03:55"),
    define_job("end_names", end_names, at="04:10"),
    define_job("end_other_results", expire_external_results, at="04:20"),
    define_job("keep_months", save_monthly_snapshots, at="05:10", seconds=600),
    define_job("remind", send_daily_reminders, at="07:30", seconds=900),
    define_job("chase", send_due_emails, at="08:00", seconds=900),
    define_job("tell_reviews", email_recheck_dates, at="08:10"),
)
"""Jobs that are due by themselves, at a local time of each day."""

JOBS = (*ON_DEMAND, *DAILY)


def install() -> None:
    """Let this process run all of them. Doing it twice changes nothing."""
    install_jobs(JOBS)
