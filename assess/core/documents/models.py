"""The table of stored PDFs."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, UuidKey
from assess.core.encryption import encrypted_bytes

OWNERS = ("submission_id", "grant_id", "organisation_id", "template")
"""The columns that say whose a document is: of each row exactly one is set."""


class StoredPdf(UuidKey, Base):
    """One printed document. It goes with its owner.

    Triggers remove those that list what is deleted: the index of an organisation's plans as soon as one of its assessments is deleted or
    moved away, and a buyer's summary as soon as a share that it may rest on is deleted.
    """

    __tablename__ = "stored_pdf"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END" for owner in OWNERS) + " = 1", name="one_owner"
        ),
        UniqueConstraint("submission_id", "kind", "key"),
        UniqueConstraint("grant_id"),
        UniqueConstraint("organisation_id", "kind"),
        UniqueConstraint("template"),
    )

    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    template: Mapped[str | None] = mapped_column(String(60))
    """The id of a document template. Templates are files, the same for every business."""
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    """A digest of what it shows: one that is outdated is never handed out."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    content: Mapped[bytes] = mapped_column(encrypted_bytes())
    made_at: Mapped[datetime]
