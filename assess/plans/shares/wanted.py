"""The printed copy of one share as a file that somebody waits for. Each share has its own, whatever others have printed."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.engine.record import canonical
from assess.kit.clock import date_at
from assess.kit.jobs.ordering import LONG, defer, latest_with_key
from assess.plans.printing.kept import Finished
from assess.plans.printing.standing import Standing, standing_of_job
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import lives
from assess.plans.shares.looking import is_latest, presented, valid_until
from assess.plans.shares.models import ShareFile, ShareGrant
from assess.plans.shares.paper import to_html
from assess.plans.sign_off import Signed
from assess.plans.signing.shown import signed_shown

PRINT = "print_share"
"""The name of the job."""


@dataclass(frozen=True, slots=True)
class SharePdf:
    """The file of this share as it is now."""

    grant_id: uuid.UUID

    @property
    def title(self) -> str:
        """What a link to it says."""
        return "The shared copy (PDF)"

    @property
    def meanwhile(self) -> str:
        """What there is without it."""
        return "You can read the copy on its page."

    def name(self, made_at: datetime) -> str:
        """A neutral name and the day."""
        return f"buyer-copy-{date_at(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> Finished | None:
        """The stored file, if it was printed of the share as it is now."""
        grant = session.get(ShareGrant, self.grant_id)
        found = session.get(ShareFile, self.grant_id)
        if grant is None or found is None or found.page != page_of(grant, signed_for(session, grant)):
            return None
        return Finished(found.content, found.digest, found.made_at)

    def standing(self, session: Session, now: datetime) -> Standing:
        """Where it is on its way."""
        grant = session.get(ShareGrant, self.grant_id)
        if grant is None:
            return Standing.NOT_ORDERED
        page = page_of(grant, signed_for(session, grant))
        if session.scalar(select(ShareFile.page).where(ShareFile.grant_id == self.grant_id)) == page:
            return Standing.READY
        return standing_of_job(latest_with_key(session, self._key(page)), now)

    def order(self, session: Session, now: datetime) -> None:
        """Order it; nothing when it is on its way."""
        grant = session.get(ShareGrant, self.grant_id, with_for_update={"read": True, "key_share": True})
        if grant is None:
            return
        key = self._key(page_of(grant, signed_for(session, grant)))
        defer(session, PRINT, key=key, about=grant.assessment_id, rank=LONG, now=now, grant_id=self.grant_id.hex)

    def _key(self, page: str) -> str:
        return f"{PRINT} {self.grant_id.hex} {page[:32]}"


def signed_for(session: Session, grant: ShareGrant) -> Signed | None:
    """The sign-off a buyer reads of now. It is no part of what was frozen: the business can take it back, and then it is gone here too."""
    return signed_shown(session, grant.submission_id, "buyer")


def page_of(grant: ShareGrant, signed: Signed | None = None) -> str:
    """What tells this file from an earlier one of the same share: SHA-256 of all that is printed."""
    printed = [grant.document, valid_until(grant), *([] if signed is None else [signed.on])]
    return hashlib.sha256(canonical(printed)).hexdigest()


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A page to be printed, and what tells it from another."""

    page: str
    html: str


def to_print(session: Session, grant_id: uuid.UUID, now: datetime) -> ToPrint | None:
    """What is to be printed now; None when it is there, or nobody may see it any more."""
    grant = session.get(ShareGrant, grant_id)
    if grant is None or not _may_be_printed(session, grant, now):
        return None
    signed = signed_for(session, grant)
    page = page_of(grant, signed)
    if session.scalar(select(ShareFile.page).where(ShareFile.grant_id == grant_id)) == page:
        return None
    submission = session.get_one(Submission, grant.submission_id)
    shared = presented(thaw(grant.document), valid_until(grant))
    return ToPrint(page, to_html(shared, submission.record, code_of_share(session, grant.document), signed))


def keep(session: Session, grant_id: uuid.UUID, page: str, content: bytes, now: datetime) -> bool:
    """Store the file. False when it came too late: the share was ended, changed or deleted meanwhile."""
    grant = session.get(ShareGrant, grant_id, with_for_update=True, populate_existing=True)
    if grant is None or not _may_be_printed(session, grant, now):
        return False
    if page_of(grant, signed_for(session, grant)) != page:
        return False
    session.execute(delete(ShareFile).where(ShareFile.grant_id == grant_id, ShareFile.page != page))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "grant_id": grant_id,
        "page": page,
        "digest": hashlib.sha256(content).hexdigest(),
        "content": content,
        "made_at": now,
    }
    session.execute(insert(ShareFile).values(row).on_conflict_do_nothing())
    return True


def _may_be_printed(session: Session, grant: ShareGrant, now: datetime) -> bool:
    return lives(grant, now) and is_latest(session, grant)
