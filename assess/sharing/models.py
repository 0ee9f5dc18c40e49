"""Tables of sharing: shares, views, message threads; and the scopes of a share."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, validates

from assess.core.db import Base, IntegerKey, JsonDict, UuidKey
from assess.core.encryption import encrypted_json, encrypted_text


class ShareScope(enum.StrEnum):
    """What a buyer sees, from least to most."""

    BUYER_COPY = "buyer_copy"
    """The short copy: result as a word, bars, the ordinary steps that were proposed."""
    PLAN = "plan"
    """And the ordinary steps as the business plans them: dates, and who by their job."""
    ANSWERS = "answers"
    """And answers to questions that can never raise a sign."""
    EVIDENCE = "evidence"
    """And where proof is noted, for those answers and those steps."""

    def shows(self, part: ShareScope) -> bool:
        return SCOPE_ORDER.index(self) >= SCOPE_ORDER.index(part)


SCOPE_ORDER = tuple(ShareScope)

# to the business, and then to the buyer
SCOPE_TITLES: Mapping[ShareScope, str] = MappingProxyType(
    {
        ShareScope.BUYER_COPY: "The short copy",
        ShareScope.PLAN: "The short copy and your plan",
        ShareScope.ANSWERS: "The short copy, your plan and some of your answers",
        ShareScope.EVIDENCE: "The short copy, your plan, some of your answers, and what proof there is",
    }
)
SCOPE_TITLES_FOR_BUYERS: Mapping[ShareScope, str] = MappingProxyType(
    {
        ShareScope.BUYER_COPY: "The short copy",
        ShareScope.PLAN: "The short copy and its plan",
        ShareScope.ANSWERS: "The short copy, its plan and some of its answers",
        ShareScope.EVIDENCE: "The short copy, its plan, some of its answers, and what proof there is",
    }
)
SCOPE_HINTS: Mapping[ShareScope, str] = MappingProxyType(
    {
        ShareScope.BUYER_COPY: "Your result as a word, the bars, and the ordinary steps this self-check proposed.",
        ShareScope.PLAN: "Also your dates for the ordinary steps, who by their job, and which are done, now and later. And the duties that "
        "turn only on what a company publishes anyway, such as its size, and whether you say they are done.",
        ShareScope.ANSWERS: "Also your answers to everyday questions. Never to a question that could point to harm to a person.",
        ShareScope.EVIDENCE: "Also where you noted proof: what kind and from when. Never the proof or your own words about it.",
    }
)

MAX_BUYER_NAME = 120
SHARE_EVENT_PREFIX = "share "
"""How the names of all mails to recipients begin."""


class ShareGrant(UuidKey, Base):
    """One submission shown to one recipient. `document` is the frozen copy, as `shared_copy_to_json` writes it.

    The buyer's page and PDF show that, with the sign-off of today (`buyer_sign_off`); the page lists what changed in the plan since
    (`plan_progress`). The board, the page of a supplier and the spreadsheets go by the plan of today (`with_current_plan`).

    `email` and `buyer` are the recipient as the business typed them. It opens nothing before `accepted_at`; from then on it belongs to
    the person, or to the organisation for which they buy.
    """

    __tablename__ = "share_grant"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    buyer: Mapped[str] = mapped_column(encrypted_text())
    scope: Mapped[ShareScope]
    document: Mapped[JsonDict] = mapped_column(encrypted_json())
    format: Mapped[int] = mapped_column(default=0, server_default="0")
    """That of the document, kept beside it so that older ones are found without decrypting any."""
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime]
    """When the document was frozen: when it was shared, or when the business last chose to show more."""
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    links_made: Mapped[int] = mapped_column(default=0)
    """How often a link was made for the recipient."""
    accepted_at: Mapped[datetime | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id", ondelete="SET NULL"), index=True)
    """The entry of the buyer's list that this came from, or that the buyer put it to."""

    @validates("document")
    def _note_format(self, _name: str, document: JsonDict) -> JsonDict:
        self.format = document.get("format", 0)
        return document


def grant_in_force(now: datetime) -> ColumnElement[bool]:
    """Whether the recipient has taken the share up, and may see it at this moment."""
    return and_(ShareGrant.accepted_at.is_not(None), ShareGrant.ended_at.is_(None), ShareGrant.until > now)


class ShareViewKind(enum.StrEnum):
    PAGE = "page"
    FILE = "file"


class ShareView(IntegerKey, Base):
    """A view: once for each person, thing and hour. Of a link without an account nobody knows who it was.

    `viewer` tells one person from another and names nobody; it is empty for a link.
    """

    __tablename__ = "share_view"
    __table_args__ = (
        CheckConstraint("(grant_id IS NULL) <> (buyer_link_id IS NULL)", name="of_one_share"),
        UniqueConstraint("grant_id", "viewer", "what", "hour"),
        UniqueConstraint("buyer_link_id", "viewer", "what", "hour"),
        {"sqlite_autoincrement": True},
    )

    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"))
    buyer_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("buyer_link.id", ondelete="CASCADE"))
    viewer: Mapped[str] = mapped_column(String(64))
    what: Mapped[ShareViewKind]
    hour: Mapped[datetime]
    at: Mapped[datetime]


MAX_MESSAGE_LENGTH = 1000


class MessageSide(enum.StrEnum):
    """Who speaks. Each side is one voice."""

    BUYER = "buyer"
    BUSINESS = "business"

    @property
    def other(self) -> MessageSide:
        return MessageSide.BUSINESS if self is MessageSide.BUYER else MessageSide.BUYER


class MessageKind(enum.StrEnum):
    """What a person did: wrote, proposed a date for a step, or said yes or no to the date that the other side proposed."""

    COMMENT = "comment"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"


class ShareThread(Base):
    """One thread for each share. `made`: the highest number a word of it ever had; `last_read`: the one up to which the business has read."""

    __tablename__ = "share_thread"

    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"), primary_key=True)
    made: Mapped[int] = mapped_column(default=0)
    last_read: Mapped[int] = mapped_column(default=0)


class ShareMessage(Base):
    """One thing that was said. `step` is the key of a step (`messages.step_key`), None for the whole; `due` is the date it is about.

    `person_id`: who wrote it, so that they can take it back. It is never shown.
    """

    __tablename__ = "share_message"

    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str | None] = mapped_column(String(16))
    side: Mapped[MessageSide]
    move: Mapped[MessageKind]
    words: Mapped[str] = mapped_column(encrypted_text())
    due: Mapped[date | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
