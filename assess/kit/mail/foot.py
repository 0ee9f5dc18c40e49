"""What stands at the foot of a mail to somebody who may never have heard of this service: what it is, and who runs it.

Neutral on purpose: mails are read on locked screens. How to reach the operator stands there only where the operator has said it.
"""

from __future__ import annotations

from flask import current_app, has_app_context

from assess.kit.application import settings_of
from assess.kit.config import Settings


def foot(settings: Settings) -> str:
    """One or two sentences."""
    run_by = f", run by {settings.operator_name}" if settings.operator_name else ""
    reach = f" You can reach them here: {settings.operator_contact}" if settings.operator_contact else ""
    return f"This mail comes from a self-check for businesses{run_by}.{reach if run_by else ''}"


def with_foot(body: str) -> str:
    """The text with the foot of the site that writes it; as it is outside of one."""
    return f"{body.rstrip()}\n\n{foot(settings_of(current_app))}\n" if has_app_context() else body
