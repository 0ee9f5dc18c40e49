"""The codes that were printed, and what they stand for."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base


class CheckCode(Base):
    """A code that stands on a printed copy. It goes when the submission goes.

    Several submissions may share one: two buyer's copies with the same words have the same code.
    """

    __tablename__ = "check_code"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    copy: Mapped[str] = mapped_column(String(20), primary_key=True)
