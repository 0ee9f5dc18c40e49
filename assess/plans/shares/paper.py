"""A shared copy as finished HTML, ready to be printed."""

from __future__ import annotations

from assess.plans.copies import Record
from assess.plans.first_page import help_of
from assess.plans.pages import draw
from assess.plans.shares.document import SharedCopy
from assess.plans.sign_off import Signed


def to_html(shared: SharedCopy, record: Record, code: str, signed: Signed | None = None) -> str:
    """The whole document. Of the record only its numbers to call are read: everything else stands in the frozen copy."""
    return draw("plans/shared_paper.html", shared=shared, code=code, signed=signed, help=help_of(record))
