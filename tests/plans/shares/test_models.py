from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.plans.shares.models import Looked, ShareLook

pytestmark = pytest.mark.both_databases


def test_a_look_is_at_a_share_or_at_a_link(session: Session, now: datetime) -> None:
    session.add(ShareLook(grant_id=None, buyer_link_id=None, viewer="", what=Looked.PAGE, hour=now, at=now))
    with pytest.raises(IntegrityError):
        session.flush()
