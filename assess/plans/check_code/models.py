"""The codes that were printed, what they stand for, and the secret they are made with."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base


class CodeKey(Base):
    """The secret every code is made with: one row, made with its table and never changed.

    It lives here and does not come from the settings: codes stand on paper for years, and the settings' key is changed.
    """

    __tablename__ = "verification_secret"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)


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
