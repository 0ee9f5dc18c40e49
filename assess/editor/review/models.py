"""A rehearsal: past submissions of one bank scored by the edition in force and by that of a draft, as counts alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.banks.drafts.models import Draft
from assess.kit.db import Base, Document

_DIGEST = String(64)


class Rehearsal(Base):
    """One bank of a draft tried on past submissions. No row tells of one business: `counts` are those of a `Tally`.

    `before` and `after` are the digests of both editions, `settings` that of the settings they were scored with. It counts `total`
    submissions, those up to the one with the id `until`; so far `counted` of them, up to `done_until`. `ended_at` None: it is under way.
    """

    __tablename__ = "dry_run"
    __table_args__ = (Index("ix_dry_run_draft_id_bank", "draft_id", "bank"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"))
    bank: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(_DIGEST)
    after: Mapped[str] = mapped_column(_DIGEST)
    settings: Mapped[str] = mapped_column(_DIGEST)
    until: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done_until: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    counts: Mapped[Document]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
