"""Tables of people, login sessions, second factors, organisations, sites, memberships, one-time tokens, member invitations and organisation names."""

from __future__ import annotations

import enum
import secrets
import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, IntegerKey, UuidKey
from assess.core.encryption import encrypted_text

MAX_NAME_LENGTH = 120


class StaffRole(enum.StrEnum):
    """What a person does for the operator of this installation. Neither acts for a buyer."""

    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Role(enum.StrEnum):
    """What a person does for an organisation. One person may have several."""

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


class ConfirmationMethod(enum.StrEnum):
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
    """By the operator of the machine of the installation, on the command line."""


class Person(UuidKey, Base):
    """A person with an account. `password_hash` is None for those who sign in by mail or passkey alone.

    Until `confirmed_at` the address is a claim and opens nothing; from `disabled_at` on the account opens nothing.
    """

    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), default="")
    password_hash: Mapped[str | None]
    desk: Mapped[StaffRole | None]
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


class LoginSession(UuidKey, Base):
    """One browser in which a person is signed in. Deleting the row signs it out, whatever cookie it still holds."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str] = mapped_column(String(60))
    """In a few words, as the person would know it: “Firefox on Windows”."""
    second_step: Mapped[bool]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    proven_at: Mapped[datetime]
    """When the person last proved who they are: grave acts ask again after 15 minutes."""
    until: Mapped[datetime] = mapped_column(index=True)


class Organisation(UuidKey, Base):
    """A business, council, trust or company that people act for. It may answer and buy at once.

    `domain` is where a manager with a proven address says it is at home: proven by mail, said by nobody else. The confirmation of
    the name is of one triple: `name`, `name_domains`, `company_number`. What decides on it is in `organisations/name_confirmation.py` alone.
    """

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    company_number: Mapped[str | None] = mapped_column(String(8))
    domain: Mapped[str | None] = mapped_column(String(253))
    name_state: Mapped[NameState] = mapped_column(
        default=NameState.UNCONFIRMED, server_default=NameState.UNCONFIRMED.value, index=True
    )
    name_before: Mapped[NameState | None]
    """While suspended: the state before it."""
    name_changed_at: Mapped[datetime | None]
    name_domains: Mapped[str] = mapped_column(String(800), default="", server_default=text("''"))
    """The confirmed domains, with spaces between."""
    name_how: Mapped[ConfirmationMethod | None]
    name_by: Mapped[str | None] = mapped_column(String(MAX_NAME_LENGTH))
    """Who ran the service when it was confirmed; never a person."""
    name_since: Mapped[date | None]
    name_until: Mapped[date | None]
    """The day from which the confirmation counts no longer."""
    name_lifted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an administrator lifted the limit of the first 14 days."""
    mark_key: Mapped[str] = mapped_column(String(64), default=secrets.token_hex, server_default=text("''"))
    """Under it are the keyed hashes of all who ever belonged to it."""
    keep_years: Mapped[int | None]
    """For how long its submissions are kept; None: as long as the installation says."""
    made_at: Mapped[datetime]


class Site(UuidKey, Base):
    """One place of an organisation. Each site answers for itself."""

    __tablename__ = "site"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    made_at: Mapped[datetime]


class Membership(UuidKey, Base):
    """One role of one person in one organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id", "role"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    made_at: Mapped[datetime]


class OneTimeToken(UuidKey, Base):
    """A link that acts once: confirm an address, sign in, choose a new password, join an organisation. Only its hash is stored.

    `kind` names what it does; `person_id` whom it is for when there is an account; `about` what it is about, such as an organisation.
    """

    __tablename__ = "one_time_token"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    about: Mapped[uuid.UUID | None] = mapped_column(index=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class TotpDevice(UuidKey, Base):
    """An app that shows a new code every 30 seconds. Until `confirmed_at` it is being set up and counts for nothing.

    `last_counter` is the number of the 30 seconds whose code was used last: that code and all before it are refused.
    """

    __tablename__ = "totp_device"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    seed: Mapped[bytes]
    """Encrypted for this row (`encrypt_seed`)."""
    last_counter: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Passkey(UuidKey, Base):
    """A key that a phone, a computer or a stick keeps. Ids and keys are in base64url, as browsers send them."""

    __tablename__ = "passkey"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(UuidKey, Base):
    """A code for when the phone is lost. It is deleted when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


INVITATION_EVENT_PREFIX = "invitation "


class MemberInvitation(UuidKey, Base):
    """One address asked to join one organisation. `roles` are the words of the roles, in the order of `Role`, with spaces between.

    Inviting an address again makes a new row, so that the older link and its mail are over.
    """

    __tablename__ = "member_invitation"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)

    @property
    def as_roles(self) -> frozenset[Role]:
        return frozenset(map(Role, self.roles.split()))

    @property
    def event(self) -> str:
        """What its mail is called in the outbox."""
        return f"{INVITATION_EVENT_PREFIX}{self.id}"


MAX_REASON_LENGTH = 500
"""Characters of what shows a name, or of a reason."""


class NameEventKind(enum.StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    SUSPENSION_LIFTED = "suspension_lifted"
    LIMIT_LIFTED = "limit_lifted"
    """Of the first 14 days."""
    ENDED = "ended"
    """Another name or number, nobody left at the domain, or two years over."""


class OrganisationNameEvent(IntegerKey, Base):
    """One thing done about the name of an organisation, with the triple it was about. `by_id` is None for the machine or a deleted account."""

    __tablename__ = "organisation_name_event"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it from the class

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    deed: Mapped[NameEventKind]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    domains: Mapped[str] = mapped_column(String(800), default="")
    company_number: Mapped[str | None] = mapped_column(String(8))
    how: Mapped[ConfirmationMethod | None]
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


class OrganisationMemberHash(Base):
    """That a person belongs or once belonged to an organisation: nobody confirms a name they had a part in.

    The hash is made of an account or an address, with the key of the organisation, so that it names nobody.
    """

    __tablename__ = "organisation_member_hash"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
