"""People who want an account, the organisations they act for, and in which roles.

Nobody needs any of this to answer. An address is stored in lower case and is the only thing an account must have.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base

LONGEST_NAME = 120


class Desk(enum.StrEnum):
    """What somebody does for whoever runs this installation. Neither acts for a buyer (decisions.md 7.9)."""

    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Role(enum.StrEnum):
    """What somebody does for an organisation. One person may have several."""

    MANAGER = "manager"
    """Invites and removes people, shares, deletes."""
    RESPONDENT = "respondent"
    """Answers and follows the plan."""
    SIGNER = "signer"
    """Reads everything and signs off."""
    BUYER = "buyer"
    """Looks at what other businesses shared with the organisation."""


class Person(Base):
    """Somebody with an account. `password_hash` is None for those who sign in by mail or passkey alone.

    Until `confirmed_at` the address is a claim and opens nothing; from `disabled_at` on the account opens nothing.
    """

    __tablename__ = "person"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    password_hash: Mapped[str | None]
    desk: Mapped[Desk | None]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def shown(self) -> str:
        """How they are called among those they work with."""
        return self.name or self.email


class SignedIn(Base):
    """One browser in which somebody is signed in. Deleting the row signs it out, whatever cookie it still holds."""

    __tablename__ = "signed_in"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str] = mapped_column(String(60))
    """In a few words, as the person would know it: “Firefox on Windows”."""
    second_step: Mapped[bool]
    """Whether a second factor was shown."""
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    proven_at: Mapped[datetime]
    """When the person last proved who they are: grave acts ask again after 15 minutes."""
    until: Mapped[datetime] = mapped_column(index=True)


class Organisation(Base):
    """A business, council, trust or company that people act for. It may answer and buy at once.

    `confirmed_by` says what shows that the name is true: `invitation`, `domain` or `company_check`; None: nothing yet.
    """

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    company_number: Mapped[str | None] = mapped_column(String(8))
    domain: Mapped[str | None] = mapped_column(String(253))
    confirmed_by: Mapped[str | None] = mapped_column(String(20))
    keep_years: Mapped[int | None]
    """For how long its submissions are kept; None: as long as the installation says."""
    made_at: Mapped[datetime]


class Site(Base):
    """One place of an organisation. Each site answers for itself."""

    __tablename__ = "site"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    made_at: Mapped[datetime]


class Membership(Base):
    """One role of one person in one organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id", "role"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    made_at: Mapped[datetime]


class Ticket(Base):
    """A link that acts once: confirm an address, sign in, choose a new password, join an organisation. Only its hash is stored.

    `kind` names what it does; `person_id` whom it is for when there is an account; `about` what it is about, such as an organisation.
    """

    __tablename__ = "ticket"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    about: Mapped[uuid.UUID | None] = mapped_column(index=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
