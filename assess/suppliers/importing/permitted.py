"""Whether letters may go to suppliers of a buyer, and what to do where they may not."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.models import Organisation
from assess.suppliers.letter_words import SAYS, Silence
from assess.suppliers.letters import silence_of_buyer


def why_not(session: Session, buyer: Organisation, settings: Settings, today: date) -> str | None:
    """What keeps letters from going, and what to do; None when nothing does."""
    because = silence_of_buyer(session, buyer, settings, today)
    if because is Silence.NO_MAIL:
        return "This service sends no mail, so suppliers are put on your list and nobody is asked. Ask whoever runs it to set up mail."
    if because is Silence.NOT_CONFIRMED:
        return (
            "Your name is not confirmed yet, so no letter can go out in it. Suppliers are put on your list and nobody is asked. "
            "The page of your organisation says how to have it confirmed."
        )
    return None if because is None else f"{SAYS[because]} Suppliers are put on your list and nobody is asked."
