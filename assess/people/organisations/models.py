"""Invitations that nobody has accepted yet, and what was decided on the names of organisations.

The link of an invitation is a ticket; here stands what it will give.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_text
from assess.people.models import LONGEST_NAME, Method, Role

EVENTS = "invitation "
"""How the names of their mails begin."""


class Invitation(Base):
    """One address asked to join one organisation. `roles` are the words of the roles, in the order of `Role`, with spaces between.

    Inviting an address again makes a new row, so that the older link and its mail are over.
    """

    __tablename__ = "member_invitation"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)

    @property
    def as_roles(self) -> frozenset[Role]:
        """What it gives."""
        return frozenset(map(Role, self.roles.split()))

    @property
    def event(self) -> str:
        """What its mail is called in the outbox."""
        return f"{EVENTS}{self.id}"


LONGEST_WORDS = 500
"""Characters of what shows a name, or of a reason."""


class NameDeed(enum.StrEnum):
    """What was done about a name."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    SUSPENSION_LIFTED = "suspension_lifted"
    LIMIT_LIFTED = "limit_lifted"
    """Of the first 14 days."""
    ENDED = "ended"
    """Another name or number, nobody left at the domain, or two years over."""


class NameDecision(Base):
    """One thing done about the name of an organisation, with the triple it was about. `by_id` is None for the machine or a deleted account."""

    __tablename__ = "organisation_name_event"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it from the class

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    deed: Mapped[NameDeed]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    domains: Mapped[str] = mapped_column(String(800), default="")
    company_number: Mapped[str | None] = mapped_column(String(8))
    how: Mapped[Method | None]
    words: Mapped[str] = mapped_column(encrypted_text(), default="")
    """The evidence of a confirmation, the reason of anything else."""


class PostedCode(Base):
    """A code on its way by post to the registered office of an organisation. It holds for the name and number it was made for."""

    __tablename__ = "posted_code"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    entered_at: Mapped[datetime | None]


class MemberMark(Base):
    """That somebody belongs or once belonged to an organisation: nobody confirms a name they had a part in.

    The mark is made of an account or an address, with the key of the organisation, so that it names nobody.
    """

    __tablename__ = "organisation_member_hash"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
