"""What other packages show on the pages of a plan."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from assess.kit.page_parts import PagePart

WAIT_FOR_A_SHARE: PagePart[[uuid.UUID], Sequence[object]] = PagePart("wait_for_a_share")
"""The buyers that asked for this assessment and do not see the latest answers. Nobody, for whoever may not share."""
