"""The mail of everybody in the journeys: the site sends it over the wire, and people read it and follow what stands in it."""

from __future__ import annotations

import re
import time

from tests.mail_servers import MailServer

LONGEST_WAIT_SECONDS = 30
A_TOKEN = re.compile(r"^(http://localhost:\d+/\S*/[\w-]{43}\S*)$", re.MULTILINE)


class ReceivedMail:
    """A postbox that is read letter by letter: what somebody has read is not read again."""

    def __init__(self, postbox: MailServer) -> None:
        self.postbox = postbox
        self.read: set[int] = set()

    def next_to(self, email: str) -> tuple[str, str]:
        """Subject and body of the next letter to this address, when it has come."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < until:
            for number, (_, recipients) in enumerate(list(self.postbox.envelopes)):
                if email in recipients and number not in self.read:
                    self.read.add(number)
                    return str(self.postbox.mails[number]["Subject"]), self.postbox.bodies()[number]
            time.sleep(0.1)
        raise AssertionError(f"no letter came to {email}")

    def link_to(self, email: str) -> str:
        """The link in the next letter to this address."""
        _, body = self.next_to(email)
        return link_in(body)


def link_in(words: str) -> str:
    """The first link with a token that stands in these words."""
    found = A_TOKEN.search(words)
    assert found, words
    return found[1]
