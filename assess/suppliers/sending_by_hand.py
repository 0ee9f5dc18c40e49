"""The words with which a buyer sends the link to an invitation itself: as a text message, a mail, or with an app."""

from __future__ import annotations

from urllib.parse import quote

from assess.suppliers.wording import SUBJECT


def messages(buyer: str, address: str) -> dict[str, str]:
    """The same words for each way: `text`, `sms`, `mail`."""
    text = (
        f"{buyer} asks you to answer some questions about how work is done in your business. You may say no: {address}"
    )
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(SUBJECT, safe='')}&body={quote(text, safe='')}",
    }
