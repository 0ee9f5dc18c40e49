"""What is stored of sharing: the shares with named recipients, who looked at what, and the printed files.

A share hangs on its submission and goes with it. Its recipient may delete their account: then nobody stands to it any more.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_bytes, encrypted_json, encrypted_text
from assess.plans.shares.scopes import Scope

LONGEST_BUYER = 120
EVENTS = "share "
"""How the names of all mails to recipients begin."""


class ShareGrant(Base):
    """One submission shown to one recipient. `document` is the frozen copy, as `document.freeze` writes it: all a buyer ever sees.

    `email` and `buyer` are the recipient as the business typed them. It opens nothing before `accepted_at`; from then on it belongs to
    the person, or to the organisation for which they buy.
    """

    __tablename__ = "share_grant"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    buyer: Mapped[str] = mapped_column(encrypted_text())
    scope: Mapped[Scope]
    document: Mapped[Document] = mapped_column(encrypted_json())
    format: Mapped[int] = mapped_column(default=0, server_default="0")
    """That of the document, kept beside it so that older ones are found without decrypting any."""
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime]
    """When the document was frozen: when it was shared, or when the business last chose to show more."""
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    written: Mapped[int] = mapped_column(default=0)
    """How often a link was made for the recipient."""
    accepted_at: Mapped[datetime | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id", ondelete="SET NULL"), index=True)
    """The entry of the buyer's list that this came from, or that the buyer put it to."""

    @validates("document")
    def _note_format(self, _name: str, document: Document) -> Document:
        self.format = document.get("format", 0)
        return document


class Looked(enum.StrEnum):
    """At what somebody looked."""

    PAGE = "page"
    FILE = "file"


class ShareLook(Base):
    """Somebody looked: once for each person, thing and hour. Of a link without an account nobody knows who it was.

    `viewer` tells one person from another and names nobody; it is empty for a link.
    """

    __tablename__ = "share_view"
    __table_args__ = (
        CheckConstraint("(grant_id IS NULL) <> (buyer_link_id IS NULL)", name="of_one_share"),
        UniqueConstraint("grant_id", "viewer", "what", "hour"),
        UniqueConstraint("buyer_link_id", "viewer", "what", "hour"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"))
    buyer_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("buyer_link.id", ondelete="CASCADE"))
    viewer: Mapped[str] = mapped_column(String(64))
    what: Mapped[Looked]
    hour: Mapped[datetime]
    at: Mapped[datetime]


class ShareFile(Base):
    """The printed copy of one share. Each share has its own: a file made for one buyer never tells another that it was asked for."""

    __tablename__ = "share_pdf"

    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"), primary_key=True)
    page: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was printed: a changed share is another file."""
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(encrypted_bytes())
    made_at: Mapped[datetime]
