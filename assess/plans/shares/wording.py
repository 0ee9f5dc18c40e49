"""The words of the mail to a recipient. It names the business only where its name is confirmed, and nothing else of it: no result, no answer."""

from __future__ import annotations

from dataclasses import dataclass

from assess.plans.words import day

SUBJECT = "A business wants to share something with you"


@dataclass(frozen=True, slots=True)
class Sharer:
    """A business whose name is confirmed. `domain` may be empty."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a mail."""

    subject: str
    body: str


def offering(sharer: Sharer | None, link: str, stop: str, until: str) -> Text:
    """The mail. `sharer` is None where the name is not confirmed; `link` and `stop` are full addresses of pages, `until` an ISO date."""
    wants = "wants to show you a copy of answers it gave about itself."
    if sharer is None:
        who = f"Name not confirmed.\n\nA business {wants} Nobody has confirmed its name, so it does not stand here. You see it once you have opened the page."
    else:
        at = f" ({sharer.domain})" if sharer.domain else ""
        who = f"The business “{sharer.name}”{at} {wants}"
    return Text(
        SUBJECT,
        "\n\n".join(
            (
                who,
                f"To see it, open this page and sign in, or make an account with this address. It works until {day(until)}:",
                link,
                "The link works once, and only for this address. The business can end it at any time and sees when you looked.",
                "We never ask for money, bank details or passwords. If you do not expect this, you can leave it. Nothing happens then.",
                "If you want no more of these mails, whoever shares something, open this page and press the button:",
                stop,
            )
        )
        + "\n",
    )
