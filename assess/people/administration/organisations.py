"""What an administrator may do with organisations: find them, say how long things are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.people.administration.paging import Listed, Wanted, listed
from assess.people.models import Organisation
from assess.people.organisations.models import Invitation


class YearsUnfitError(ValueError):
    """So many years are not offered."""


def find_organisations(session: Session, wanted: Wanted) -> Listed[Organisation]:
    """Organisations whose name holds these words, or whose company number they are, by name."""
    statement = select(Organisation).order_by(Organisation.name, Organisation.id)
    if wanted.words:
        fits = Organisation.name.icontains(wanted.words, autoescape=True)
        statement = statement.where(fits | (Organisation.company_number == wanted.words.upper().rjust(8, "0")))
    return listed(session, statement, wanted.page)


def find_invitations(session: Session, wanted: Wanted, now: datetime) -> Listed[Invitation]:
    """Invitations that can still be accepted, the newest first, of addresses that hold these words."""
    statement = select(Invitation).where(Invitation.until > now).order_by(Invitation.made_at.desc(), Invitation.id)
    if wanted.words:
        statement = statement.where(Invitation.email.icontains(wanted.words, autoescape=True))
    return listed(session, statement, wanted.page)


def names_of(session: Session, invitations: Sequence[Invitation]) -> dict[object, str]:
    """The names of the organisations that invite, by their ids."""
    ids = {one.organisation_id for one in invitations}
    return {one.id: one.name for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def years_offered(submission_years: int) -> range:
    """For how many years an organisation's submissions can be kept: never longer than the installation says."""
    return range(1, submission_years + 1)


def keep_for(organisation: Organisation, typed: str, submission_years: int) -> None:
    """Keep its submissions for so many years; an empty text: as long as the installation says.

    Raises:
        YearsUnfitError
    """
    if not typed:
        organisation.keep_years = None
        return
    if typed not in map(str, years_offered(submission_years)):
        raise YearsUnfitError
    organisation.keep_years = int(typed)
