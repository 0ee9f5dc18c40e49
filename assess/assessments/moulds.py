"""Parts of a page that are rendered once and filled many times.

The words of a question change with an edition or with a dated setting; which box is ticked changes with every look. So a template
is rendered once with slots where the answers go, and a look at the page only joins strings. A slot is filled with finished HTML:
whatever a person typed must be escaped before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Letters for private use: no bank and no page has them."""
_SLOT = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def slot(name: str) -> Markup:
    """The place of a value in a template. Slots of one name are filled alike."""
    return Markup(f"{_OPEN}{name}{_CLOSE}")  # noqa: S704 - names of slots are ours


class Mould:
    """A rendered template with slots."""

    def __init__(self, rendered: str) -> None:
        self._pieces = _SLOT.split(rendered)
        self._names = self._pieces[1::2]
        self._encoded = [piece.encode() for piece in self._pieces]

    def fill(self, values: Mapping[str, str]) -> str:
        """The finished HTML. A slot without a value stays empty."""
        pieces = self._pieces.copy()
        pieces[1::2] = [values.get(name, "") for name in self._names]
        return "".join(pieces)

    def fill_encoded(self, values: Mapping[str, bytes]) -> bytes:
        """The same in UTF-8, from values in UTF-8: a page is mostly words that were encoded long ago."""
        pieces = self._encoded.copy()
        pieces[1::2] = [values.get(name, b"") for name in self._names]
        return b"".join(pieces)
