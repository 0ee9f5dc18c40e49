"""Invitations that nobody has accepted yet. The link itself is a ticket; here stands what it will give."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.people.models import Role


class Invitation(Base):
    """One address asked to join one organisation. `roles` are the words of the roles, in the order of `Role`, with spaces between.

    Inviting an address again makes a new row, so that the older link and its mail are over.
    """

    __tablename__ = "invitation"
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
        return f"invitation {self.id}"
