"""What a web address is, for whatever is typed or stands in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
"""A part of the name of a website. One that begins with “xn--” stands for letters of another writing, which may look like ours."""
_ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>(?:{_LABEL}\.)+(?=[a-z]){_LABEL})(?::(?P<port>[0-9]{{1,5}}))?(?P<rest>[/?#][^\s\\]*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where an address leads. `host` is in small letters."""

    scheme: str
    host: str
    port: int | None

    @property
    def website(self) -> tuple[str, int | None]:
        """The same for all pages of one website, with “www.” or without."""
        return self.host.removeprefix("www."), self.port


def web_address(text: str) -> WebAddress | None:
    """A whole address, None when it is none or could be read in two ways."""
    found = _ADDRESS.fullmatch(text) if text.isprintable() else None
    if found is None:
        return None
    return WebAddress(found["scheme"].lower(), found["host"].lower(), int(found["port"]) if found["port"] else None)
