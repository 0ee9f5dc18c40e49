from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.editor.review.telling import PUBLISHED, News
from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from tests.conftest import TODAY
from tests.editor.review.shop import WORDS, a_draft

MAILS = Settings(env="development", mail_server="smtp://localhost", mail_from="desk@network.example")


def news(session: Session, ann: uuid.UUID) -> News:
    draft = a_draft(session, ann, WORDS, title="Clearer question about papers")
    return News(session, draft, frozenset({ann}), "/banks/drafts/1", MAILS, TODAY)


def mails(session: Session) -> dict[str, str]:
    return {row.to_address: row.body for row in session.scalars(select(Outgoing))}


def test_everybody_who_could_publish_it_hears_and_nobody_else(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    news(shop, ann).tell_others()
    assert list(mails(shop)) == ["ben@desk.example"]
    assert ben


def test_a_mail_holds_the_title_and_a_link_and_nothing_of_the_change(shop: Session, ann: uuid.UUID) -> None:
    told = news(shop, ann)
    told.tell_editors(PUBLISHED)
    told.tell_editors(PUBLISHED)  # of one step everybody hears once
    (body,) = mails(shop).values()
    assert "Clearer question about papers" in body
    assert "/banks/drafts/1" in body
    assert "Who keeps" not in body


def test_without_mail_nobody_is_written_to(shop: Session, ann: uuid.UUID, ben: uuid.UUID) -> None:
    replace(news(shop, ann), settings=Settings(env="development")).tell_others()
    assert mails(shop) == {}
    assert ben
