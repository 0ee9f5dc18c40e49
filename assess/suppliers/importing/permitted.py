"""Whether letters may go to suppliers of a buyer, and what to do where they may not."""

from __future__ import annotations

from assess.kit.config import Settings
from assess.people.models import Organisation
from assess.suppliers.letters import may_write


def why_not(buyer: Organisation, settings: Settings) -> str | None:
    """What keeps letters from going, and what to do; None when nothing does."""
    if settings.mail_server is None:
        return "This service sends no mail, so suppliers are put on your list and nobody is asked. Ask whoever runs it to set up mail."
    if not may_write(buyer, settings):
        return (
            "Your name is not confirmed yet, so no letter can go out in it. Suppliers are put on your list and nobody is asked. "
            "Confirm your name on the page of your organisation, or, if you have a company number, ask whoever runs this service to look it up."
        )
    return None
