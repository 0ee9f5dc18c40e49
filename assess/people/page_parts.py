"""What packages above show on the pages of staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.kit.page_parts import PagePart

MENDS_WAITING: PagePart[[], Sequence[Mapping[str, object]]] = PagePart("mends_waiting")
"""What waits for a second person: words (`what`), day (`at`), whether it is `overdue`, and the `page` to decide on."""
