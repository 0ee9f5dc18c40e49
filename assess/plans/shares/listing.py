"""Everything that was shared, as the business reads it: with whom, until when, how it stands, and when somebody looked."""

from __future__ import annotations

import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assess.assessments.links import works
from assess.assessments.models import BuyerLink
from assess.kit.clock import HOME, date_at
from assess.plans.shares.granting import lives
from assess.plans.shares.models import Looked, ShareGrant, ShareLook
from assess.plans.shares.scopes import TITLES

Stand = Literal["works", "waits", "answered_again", "ended", "over"]
LINK = "A link for somebody without an account"
_DID: Mapping[Looked, str] = {Looked.PAGE: "looked at the page", Looked.FILE: "took a file"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One share or link. `name` is the recipient as the business typed it. `scope`: what is seen, in words. `stand`: works, waits (not taken up), answered_again, ended, over."""

    id: uuid.UUID
    named: bool
    name: str
    scope: str
    made_on: date
    until: date
    ended_on: date | None
    stand: Stand
    opened: int
    opened_on: date | None
    looks: tuple[ShareLook, ...]
    suspended: bool = False
    """Whether nobody can confirm any longer who the recipient is: it sees nothing now, and the share can be ended."""

    @property
    def looked_on(self) -> date | None:
        """The day somebody looked last."""
        return date_at(self.looks[0].at) if self.looks else None

    @property
    def can_be_ended(self) -> bool:
        """Whether there is something to end."""
        return self.stand in {"works", "waits", "answered_again"}


def listed(
    grants: Sequence[ShareGrant],
    links: Sequence[BuyerLink],
    of_grants: Mapping[uuid.UUID, Sequence[ShareLook]],
    of_links: Mapping[uuid.UUID, Sequence[ShareLook]],
    latest: int,
    now: datetime,
    suspended: Container[uuid.UUID | None] = (),
) -> tuple[Entry, ...]:
    """All of them in one list, the newest first. `latest` is the id of the newest submission, `suspended` as `suspended_among` has it."""
    rows = [(grant.made_at, of_grant(grant, of_grants.get(grant.id, ()), latest, now, suspended)) for grant in grants]
    rows += [(link.made_at, of_link(link, of_links.get(link.id, ()), latest, now)) for link in links]
    return tuple(entry for _, entry in sorted(rows, key=lambda row: row[0], reverse=True))


def of_grant(
    grant: ShareGrant,
    looks: Sequence[ShareLook],
    latest: int,
    now: datetime,
    suspended: Container[uuid.UUID | None] = (),
) -> Entry:
    """A share with a named recipient."""
    living: Stand = "works" if grant.submission_id == latest else "answered_again"
    if living == "works" and grant.accepted_at is None:
        living = "waits"
    return Entry(
        id=grant.id,
        named=True,
        name=recipient_words(grant),
        scope=TITLES[grant.scope],
        made_on=date_at(grant.made_at),
        until=date_at(grant.until),
        ended_on=None if grant.ended_at is None else date_at(grant.ended_at),
        stand="ended" if grant.ended_at else living if lives(grant, now) else "over",
        opened=0,
        opened_on=None,
        looks=tuple(looks),
        suspended=grant.organisation_id in suspended,
    )


def of_link(link: BuyerLink, looks: Sequence[ShareLook], latest: int, now: datetime) -> Entry:
    """A link without an account."""
    living: Stand = "works" if link.submission_id == latest else "answered_again"
    return Entry(
        id=link.id,
        named=False,
        name=link.note or "Without a note",
        scope=LINK,
        made_on=date_at(link.made_at),
        until=date_at(link.until),
        ended_on=None if link.ended_at is None else date_at(link.ended_at),
        stand="ended" if link.ended_at else living if works(link, now) else "over",
        opened=link.opened,
        opened_on=None if link.last_opened_at is None else date_at(link.last_opened_at),
        looks=tuple(looks),
    )


def recipient_words(grant: ShareGrant) -> str:
    """The recipient as the business typed it: “Norfolk County Council (jo@council.example)”. A buyer that asked has no address here."""
    if grant.buyer and grant.email:
        return f"{grant.buyer} ({grant.email})"
    return grant.buyer or grant.email


def look_words(look: ShareLook) -> str:
    """When and at what: “24 November 2026, 9:30: looked at the page”."""
    moment = look.at.astimezone(HOME)
    return f"{moment.day} {moment:%B %Y}, {moment.hour}:{moment:%M}: {_DID[look.what]}"
