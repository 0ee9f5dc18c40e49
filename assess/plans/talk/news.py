"""New comments of buyers, as pages of the business tell of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from assess.kit.db import database
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.keeping import new_in
from assess.plans.talk.pages import buyer_name


@dataclass(frozen=True, slots=True)
class News:
    """New comments of one buyer: who, how many, and where they are read."""

    buyer: str
    count: int
    address: str


def talk_news(assessment_id: uuid.UUID) -> Sequence[News]:
    """What buyers wrote that the business has not read, for its own pages. It names no step."""
    with database().reading() as look:
        found = new_in(look, assessment_id)
        grants = [look.get_one(ShareGrant, grant_id) for grant_id in found]
        news = [(buyer_name(look, grant), grant.id) for grant in grants]
    return [
        News(name, found[grant_id], url_for("talk_business.show_talk", assessment_id=assessment_id, grant_id=grant_id))
        for name, grant_id in sorted(news)
    ]
