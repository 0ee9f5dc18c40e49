"""The printed summary for the board of a buyer, with and without the names of those to call first."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from assess.core.documents.services import DocumentKind, Drawing, Page, html_digest
from assess.identity.models import Organisation
from assess.plans.pages import render_print_template
from assess.portfolio import charts as portfolio_charts
from assess.portfolio.contact_first import SCORE_PART_LABELS, sector_label
from assess.portfolio.dashboard import DASHBOARD_BAND_LABELS, STATUS_GROUPS, Dashboard, get_dashboard


def summary_html(dashboard: Dashboard, *, names: bool) -> str:
    """The whole document. `names`: with the names of those to call first. The same picture gives the same text."""
    return render_print_template(
        "portfolio/summary_pdf.html",
        picture=dashboard,
        names=names,
        bands=DASHBOARD_BAND_LABELS,
        groups=STATUS_GROUPS,
        parts_of=SCORE_PART_LABELS,
        sector_name=sector_label,
        shapes=portfolio_charts,
    )


def summary_page(session: Session, buyer_id: uuid.UUID, now: datetime, *, names: bool) -> Page | None:
    """None where the buyer has no suppliers, or is gone."""
    buyer = session.get(Organisation, buyer_id)
    dashboard = None if buyer is None else get_dashboard(session, buyer_id, buyer.name, now)
    if dashboard is None or not dashboard.total:
        return None
    html = summary_html(dashboard, names=names)
    return Page(
        key=html_digest(html),
        title="Summary for your board (PDF)",
        file_name="summary-for-the-board-{day}.pdf",
        meanwhile="The overview has the same numbers, and your browser can print it.",
        draw=lambda _session: Drawing(html),
    )


SUMMARIES = tuple(
    DocumentKind(name, "organisation_id", partial(summary_page, names=names))
    for name, names in (("summary", False), ("summary_with_names", True))
)
