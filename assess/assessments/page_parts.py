"""What packages above show on the pages of an assessment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from assess.kit.page_parts import PagePart

TALK_NEWS: PagePart[[uuid.UUID], Sequence[object]] = PagePart("talk_news")
"""Of each buyer with comments that the business has not read: its name (`buyer`), their `count`, and the `address` to read them."""
