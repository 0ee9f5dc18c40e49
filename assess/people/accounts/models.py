"""What accounts keep beside the person: second steps, and when was guessed.

No secret can be read back from here: the seed of an app is sealed, recovery codes are hashed, of a passkey only the public half is kept.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document


class CodeApp(Base):
    """An app that shows a new code every 30 seconds. Until `confirmed_at` it is being set up and counts for nothing.

    `last_counter` is the number of the 30 seconds whose code was used last: that code and all before it are refused.
    """

    __tablename__ = "totp_device"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    seed: Mapped[bytes]
    """Sealed for this row; see `sealing.py`."""
    last_counter: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that a phone, a computer or a stick keeps. Ids and keys are in base64url, as browsers send them."""

    __tablename__ = "passkey"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    """What the person calls it."""
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for when the phone is lost. It is deleted when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class Guesses(Base):
    """The latest moments at which something was tried that may be a guess. `key` is a keyed hash: nobody reads from it who tried."""

    __tablename__ = "attempt_counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    moments: Mapped[Document]
    """{"at": [seconds since 1970, …]}, oldest first. Of an account: {"from": [[keyed hash of an address that called, …], …]}, from where it was signed in to."""
    until: Mapped[datetime] = mapped_column(index=True)
