"""The words of the mail to a recipient. It names the business and nothing else of it: no result, no sector, no answer."""

from __future__ import annotations

from dataclasses import dataclass

from assess.plans.words import day

SUBJECT = "A business wants to share something with you"
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a mail."""

    subject: str
    body: str


def offering(business: str, link: str, until: str) -> Text:
    """The mail. `link` is the full address of the page, `until` an ISO date."""
    # one line, and no longer than a name: it is typed by whoever shares, and must not become a letter of theirs
    name = " ".join(business.split())[:LONGEST_NAME]
    return Text(
        SUBJECT,
        "\n\n".join(
            (
                "Hello,",
                f"The business “{name}” wants to show you a copy of answers it gave about itself. Nobody has confirmed its name.",
                f"To see it, open this page and sign in, or make an account with this address. It works until {day(until)}:",
                link,
                "The link works once, and only for this address. The business can end it at any time and sees when you looked.",
                "If you do not expect this, you can leave it. Nothing happens then.",
            )
        )
        + "\n",
    )
