"""What is stored of a result of another scheme: words of fixed lists and dates, nothing else."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_text


class Scheme(enum.StrEnum):
    """Which scheme. What its result shows stands in `questionnaires/buyers/contracts.yaml`."""

    MSAT = "msat"
    SMETA = "smeta"
    GRASP = "grasp"
    RED_TRACTOR = "red_tractor"


class Scope(enum.StrEnum):
    """How much of the business it looked at."""

    WHOLE = "whole"
    ONE_SITE = "one_site"
    ONE_PRODUCT = "one_product"


class Interviews(enum.StrEnum):
    """Whether workers were interviewed, as the business knows it."""

    YES = "yes"
    NO = "no"
    DONT_KNOW = "dk"


class State(enum.StrEnum):
    """What the buyer did with it."""

    TOLD = "told"
    TAKEN = "taken"
    REFUSED = "refused"


class Refusal(enum.StrEnum):
    """Why a buyer does not accept a result in place of a form. A fixed list: no judgement of anybody's own."""

    TOO_OLD = "too_old"
    NOT_WHOLE = "not_whole"
    NO_INTERVIEWS = "no_interviews"
    OTHER_SUBJECT = "other_subject"
    SAME_FORM = "same_form"


class OtherResult(Base):
    """A result a supplier told of when this buyer asked. One for each scheme and invitation; telling anew replaces it."""

    __tablename__ = "external_result"
    __table_args__ = (UniqueConstraint("invitation_id", "scheme"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier_invitation.id", ondelete="CASCADE"))
    scheme: Mapped[Scheme]
    result_on: Mapped[date]
    scope: Mapped[Scope]
    interviews: Mapped[Interviews]
    state: Mapped[State]
    told_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(encrypted_text(), default="")
    """The name of who decided, as it was then."""
    taken_until: Mapped[date | None]
    """The last day on which it stands in place of a form."""
    refusal: Mapped[Refusal | None]
