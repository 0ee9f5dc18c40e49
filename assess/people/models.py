"""People who want an account, the organisations they act for, and in which roles.

Nobody needs any of this to answer. An address is stored in lower case and is the only thing an account must have.
"""

from __future__ import annotations

import enum
import secrets
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false, text
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


class NameState(enum.StrEnum):
    """How it stands with the name of an organisation. Only a confirmed one is shown without “name not confirmed”."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    """A manager asked for a look; nobody has decided yet."""
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    """Taken back by a coordinator or administrator. Only an administrator ends that."""
    REFUSED = "refused"


class Method(enum.StrEnum):
    """How a name was confirmed. Each confirmation has exactly one."""

    CALLED_BACK = "called_back"
    """On a number found without the applicant."""
    REGISTER = "register"
    """The company register, and a code posted to the registered office."""
    LIST = "list"
    """An official list of domains with their owners."""
    KNOWN = "known"
    """Known in person."""
    MACHINE = "machine"
    """By whoever has the machine of the installation, on the command line."""


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
    desk_given_at: Mapped[datetime | None]
    """When they last got it; None for the first administrator of an installation, and from before this was kept."""
    desk_given_by: Mapped[uuid.UUID | None]
    """Whose account gave it, deleted or not; None for the machine of the installation."""
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def shown(self) -> str:
        """How they are called among those they work with."""
        return self.name or self.email


class SignedIn(Base):
    """One browser in which somebody is signed in. Deleting the row signs it out, whatever cookie it still holds."""

    __tablename__ = "login_session"

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

    `domain` is where a manager with a proven address says it is at home: proven by mail, said by nobody else. The confirmation of
    the name is of one triple: `name`, `name_domains`, `company_number`. What decides on it is in `organisations.names` alone.
    """

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    company_number: Mapped[str | None] = mapped_column(String(8))
    domain: Mapped[str | None] = mapped_column(String(253))
    name_state: Mapped[NameState] = mapped_column(
        default=NameState.UNCONFIRMED, server_default=NameState.UNCONFIRMED.value, index=True
    )
    name_before: Mapped[NameState | None]
    """While suspended: the state before it."""
    name_changed_at: Mapped[datetime | None]
    """When the state last changed."""
    name_domains: Mapped[str] = mapped_column(String(800), default="", server_default=text("''"))
    """The confirmed domains, with spaces between."""
    name_how: Mapped[Method | None]
    name_by: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    """Who ran the service when it was confirmed; never a person."""
    name_since: Mapped[date | None]
    name_until: Mapped[date | None]
    """The day from which the confirmation counts no longer."""
    name_lifted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an administrator lifted the limit of the first 14 days."""
    mark_key: Mapped[str] = mapped_column(String(64), default=secrets.token_hex, server_default=text("''"))
    """Under it are the marks of all who ever belonged to it."""
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

    __tablename__ = "one_time_token"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    about: Mapped[uuid.UUID | None] = mapped_column(index=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
