"""Create, change, export and delete organisations; sites, roles and member invitations. No buyer may hold a staff role, and a manager always remains."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.core.application import settings_of
from assess.core.clock import uk_date
from assess.core.config import Settings
from assess.core.db import Base, JsonDict, database, erase_after_commit
from assess.core.errors import NotFoundError
from assess.core.events import publishing
from assess.core.forms.fields import FormField
from assess.core.links import LinkUnknownError
from assess.core.mail.addresses import normalise_mailbox
from assess.core.mail.services import Mail, MailMayBeSent, enqueue_mail, with_mail_footer, withdraw_mails
from assess.core.mail.unsubscribe import MailKind
from assess.core.models import OutgoingMail
from assess.core.rate_limits import Limit, enforce_limit
from assess.identity import one_time_tokens
from assess.identity.current_user import CurrentUser
from assess.identity.events import NameRevoked, OrganisationDeleted
from assess.identity.models import (
    INVITATION_EVENT_PREFIX,
    MemberInvitation,
    Membership,
    NameState,
    OneTimeToken,
    Organisation,
    Person,
    Role,
    Site,
    StaffRole,
)
from assess.identity.organisations.name_confirmation import (
    end_lost_domains,
    get_name_status,
    is_name_confirmed,
    save_member_hashes,
)

MAX_SITES = 500


class SiteInUseError(Exception):
    """Something belongs to this site."""


class SiteUnknownError(NotFoundError):
    """There is no such site in this organisation."""


class DuplicateSiteError(Exception):
    """The organisation has a site of this name."""


class TooManySitesError(Exception):
    """An organisation has no more sites than that."""


@dataclass(frozen=True, slots=True)
class Member:
    id: uuid.UUID
    email: str
    name: str
    roles: frozenset[Role]

    @property
    def shown(self) -> str:
        return self.name or self.email


def create_organisation(
    session: Session, name: str, number: str | None, person_id: uuid.UUID, now: datetime
) -> Organisation:
    organisation = Organisation(name=name, company_number=number, made_at=now)
    session.add(organisation)
    session.flush()
    _add_roles(session, organisation.id, person_id, {Role.MANAGER, Role.RESPONDENT}, now)
    return organisation


def get_organisations(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def list_members(session: Session, organisation_id: uuid.UUID) -> Sequence[Member]:
    """Everybody who does something there, by address."""
    found: dict[uuid.UUID, tuple[Person, set[Role]]] = {}
    for person, role in session.execute(
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.email)
    ):
        found.setdefault(person.id, (person, set()))[1].add(role)
    return [Member(person.id, person.email, person.name, frozenset(roles)) for person, roles in found.values()]


def list_sites(session: Session, organisation_id: uuid.UUID) -> Sequence[Site]:
    return session.scalars(
        select(Site).where(Site.organisation_id == organisation_id).order_by(func.lower(Site.name), Site.id)
    ).all()


def add_site(session: Session, organisation_id: uuid.UUID, name: str, now: datetime) -> Site:
    """Add a site. Raises `DuplicateSiteError`, `TooManySitesError`."""
    there = list_sites(session, organisation_id)
    if len(there) >= MAX_SITES:
        raise TooManySitesError
    _require_unique_site_name(there, name)
    site = Site(organisation_id=organisation_id, name=name, made_at=now)
    session.add(site)
    session.flush()
    return site


def rename_site(session: Session, organisation_id: uuid.UUID, site_id: uuid.UUID, name: str) -> None:
    """Call a site otherwise. Raises `SiteUnknownError`, `DuplicateSiteError`."""
    site = get_site(session, organisation_id, site_id)
    _require_unique_site_name([other for other in list_sites(session, organisation_id) if other.id != site_id], name)
    site.name = name


def remove_site(session: Session, organisation_id: uuid.UUID, site_id: uuid.UUID) -> None:
    """Remove a site that nothing belongs to. Raises `SiteUnknownError`, `SiteInUseError`."""
    site = get_site(session, organisation_id, site_id)
    if is_site_in_use(session, site_id):
        raise SiteInUseError
    session.delete(site)
    session.flush()


def get_site(session: Session, organisation_id: uuid.UUID, site_id: uuid.UUID) -> Site:
    """The site, if it is one of this organisation. Raises `SiteUnknownError`."""
    found = session.scalars(select(Site).where(Site.id == site_id, Site.organisation_id == organisation_id)).first()
    if found is None:
        raise SiteUnknownError
    return found


def is_site_in_use(session: Session, site_id: uuid.UUID) -> bool:
    """Whether a row of any table belongs to this site: what the packages above keep is not known by name here."""
    return any(
        session.scalar(select(exists().where(key.parent == site_id)))
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == f"{Site.__tablename__}.id"
    )


def role_labels(roles: frozenset[Role], words: Mapping[Role, str]) -> list[str]:
    """The words for these roles, always in the same order."""
    return [words[role] for role in Role if role in roles]


def _require_unique_site_name(there: Sequence[Site], name: str) -> None:
    if any(site.name.casefold() == name.casefold() for site in there):
        raise DuplicateSiteError


ROLE_LABELS: Mapping[Role, str] = {
    Role.MANAGER: "Manager",
    Role.RESPONDENT: "Answers and follows the plan",
    Role.SIGNER: "Signs off",
    Role.BUYER: "Buyer",
}
ROLE_HINTS: Mapping[Role, str] = {
    Role.MANAGER: "Invites and removes people, shares plans and deletes. Can open everything the organisation answers.",
    Role.RESPONDENT: "Answers the questions and follows the plan.",
    Role.SIGNER: "Reads everything and signs off.",
    Role.BUYER: "Keeps the list of suppliers, asks them, and looks at what they share. Sees nothing the organisation answers itself.",
}


class LastManagerError(Exception):
    """Nobody would be left who can manage the organisation."""


class MemberUnknownError(NotFoundError):
    """They do nothing in this organisation."""


def lock_organisation(session: Session, organisation_id: uuid.UUID) -> Organisation | None:
    """The organisation, held until this transaction ends: two managers who remove each other do so one after the other."""
    return session.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)


def get_roles(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID) -> frozenset[Role]:
    return frozenset(
        session.scalars(
            select(Membership.role).where(
                Membership.organisation_id == organisation_id, Membership.person_id == person_id
            )
        )
    )


def change_roles(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role], now: datetime
) -> None:
    """Have a member do exactly this.

    Raises `MemberUnknownError`, `LastManagerError`; `BuyerAndStaffError` when they are staff here and are to buy.
    """
    organisation = lock_organisation(session, organisation_id)
    person = lock_person(session, person_id)
    before = get_roles(session, organisation_id, person_id)
    if not before or person is None:
        raise MemberUnknownError
    require_roles_allowed(person, roles)
    if Role.MANAGER in before - roles:
        _require_another_manager(session, organisation_id, person_id)
    _add_roles(session, organisation_id, person_id, roles - before, now)
    _remove_roles(session, organisation_id, person_id, before - roles)
    if organisation is not None and Role.MANAGER in before - roles:
        end_lost_domains(session, organisation, now)


def add_roles(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role], now: datetime
) -> None:
    """Have a person do this as well as what they do already; they may be new.

    Raises `MemberUnknownError` when there is no such person any more; `BuyerAndStaffError` as for `change_roles`.
    """
    lock_organisation(session, organisation_id)
    person = lock_person(session, person_id)
    if person is None:
        raise MemberUnknownError
    require_roles_allowed(person, roles)
    _add_roles(session, organisation_id, person_id, roles - get_roles(session, organisation_id, person_id), now)


def remove_membership(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> None:
    """Have a member do nothing there any more, whether they leave or are removed. What they answered stays.

    Raises `MemberUnknownError`, `LastManagerError`.
    """
    organisation = lock_organisation(session, organisation_id)
    before = get_roles(session, organisation_id, person_id)
    if not before:
        raise MemberUnknownError
    if Role.MANAGER in before:
        _require_another_manager(session, organisation_id, person_id)
    _remove_roles(session, organisation_id, person_id, before)
    if organisation is not None and Role.MANAGER in before:
        end_lost_domains(session, organisation, now)


def _require_another_manager(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """A disabled manager manages nothing, so does not count."""
    others = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.MANAGER)
        .where(Membership.person_id != person_id, Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
    )
    if not others:
        raise LastManagerError


def _add_roles(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: AbstractSet[Role], now: datetime
) -> None:
    for role in sorted(roles):
        session.add(Membership(organisation_id=organisation_id, person_id=person_id, role=role, made_at=now))
    save_member_hashes(session, organisation_id, session.get_one(Person, person_id))
    session.flush()


def _remove_roles(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID, roles: frozenset[Role]) -> None:
    for row in session.scalars(
        select(Membership).where(
            Membership.organisation_id == organisation_id, Membership.person_id == person_id, Membership.role.in_(roles)
        )
    ):
        session.delete(row)
    session.flush()


INVITATION_KIND = "join"
JOIN_PATH = "/join/"
STOP_INVITATIONS_PATH = "/join/stop/"
INVITATION_DAYS = 7
INVITATION_LIFETIME = timedelta(days=INVITATION_DAYS)

INVITATION_MAILS = MailKind("invitations", STOP_INVITATIONS_PATH, "somebody invites it into an organisation.")
_DOT = re.compile(r"\.(?=\S)")


class AlreadyMemberError(Exception):
    """They are a member: their roles can be changed."""


class WrongEmailError(Exception):
    """The invitation is for another address than the one signed in with."""


class InvitationUnknownError(NotFoundError):
    """There is no such invitation in this organisation."""


def invite_member(
    session: Session,
    organisation: Organisation,
    email: str,
    roles: frozenset[Role],
    base_url: str,
    now: datetime,
    *,
    secret: str,
    silent: bool = False,
) -> MemberInvitation:
    """Write to this address. An earlier invitation of it ends.

    `base_url` is the address of the site, `secret` its key. `silent`: no mail goes out, because that mailbox has had enough of them.
    Raises `AlreadyMemberError` when the address is that of a member, which a manager sees anyway.
    """
    if email in session.scalars(_member_emails(organisation.id)).all():
        raise AlreadyMemberError
    revoke_invitation(session, organisation.id, _invitation_to(session, organisation.id, email), now)
    invitation = MemberInvitation(
        id=uuid.uuid4(),
        organisation_id=organisation.id,
        email=email,
        roles=" ".join(role for role in Role if role in roles),
        made_at=now,
        until=now + INVITATION_LIFETIME,
    )
    session.add(invitation)
    session.flush()
    token = one_time_tokens.issue_token(
        session, INVITATION_KIND, email, now, lasts=INVITATION_LIFETIME, about=organisation.id
    )
    if not silent:
        stop = f"{base_url}{INVITATION_MAILS.unsubscribe_path(email, secret)}"
        text = _invitation_text(organisation, f"{base_url}{JOIN_PATH}{token}", stop, now)
        # the subject is neutral on purpose: it shows on locked screens
        enqueue_mail(session, Mail(invitation.event, email, "An invitation to work together", text, None, stop), now)
    return invitation


def is_invitation_wanted(question: MailMayBeSent) -> bool:
    if not question.mail.event.startswith(INVITATION_EVENT_PREFIX):
        return True
    with question.database.reading() as session:
        return not INVITATION_MAILS.is_stopped(session, question.mail.to_address, question.settings.honoured_keys)


def revoke_invitation(
    session: Session, organisation_id: uuid.UUID, invitation: MemberInvitation | None, now: datetime
) -> None:
    """Take an invitation back: its link is dead, and a mail that still waits is not sent."""
    if invitation is None:
        return
    session.execute(
        delete(OneTimeToken).where(
            (OneTimeToken.kind == INVITATION_KIND)
            & (OneTimeToken.about == organisation_id)
            & (OneTimeToken.email == invitation.email)
        )
    )
    withdraw_mails(session, invitation.event, now)
    session.delete(invitation)
    session.flush()


def open_invitations(session: Session, organisation_id: uuid.UUID, now: datetime) -> Sequence[MemberInvitation]:
    """Those that can still be accepted, the newest first."""
    return session.scalars(
        select(MemberInvitation)
        .where(MemberInvitation.organisation_id == organisation_id, MemberInvitation.until > now)
        .order_by(MemberInvitation.made_at.desc(), MemberInvitation.email)
    ).all()


def get_invitation(session: Session, organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> MemberInvitation:
    """One invitation of this organisation. Raises `InvitationUnknownError`."""
    found = session.scalars(
        select(MemberInvitation).where(
            MemberInvitation.id == invitation_id, MemberInvitation.organisation_id == organisation_id
        )
    ).first()
    if found is None:
        raise InvitationUnknownError
    return found


def find_invitation(session: Session, token: str, now: datetime) -> tuple[Organisation, MemberInvitation]:
    """What a link is about. Changes nothing, however often. Raises `LinkUnknownError`."""
    one_time_token = one_time_tokens.find_token(session, INVITATION_KIND, token, now)
    organisation = session.get(Organisation, one_time_token.about)
    invitation = _invitation_to(session, one_time_token.about, one_time_token.email) if one_time_token.about else None
    if organisation is None or invitation is None:
        raise LinkUnknownError
    return organisation, invitation


def accept_invitation(session: Session, token: str, who: CurrentUser, now: datetime) -> uuid.UUID:
    """Join, by the one link and once. Returns the organisation. Nothing is used up when it is refused.

    Raises:
        LinkUnknownError: no such link, or used, or over.
        WrongEmailError: the person signed in is not whom it is for.
        BuyerAndStaffError: they are staff here and would buy.
    """
    organisation, invitation = find_invitation(session, token, now)
    if invitation.email != who.email:
        raise WrongEmailError
    add_roles(session, organisation.id, who.id, invitation.as_roles, now)
    one_time_tokens.use_token(session, INVITATION_KIND, token, now)
    session.delete(invitation)
    session.flush()
    return organisation.id


def delete_expired_invitations(session: Session, now: datetime) -> None:
    gone = session.execute(
        delete(MemberInvitation).where(MemberInvitation.until <= now).returning(MemberInvitation.id)
    ).all()
    if gone:
        erase_after_commit(session)


def withdraw_invitation_mails(session: Session, event: NameRevoked) -> None:
    """Nothing more leaves in a name that was suspended. The links that left already still let people in, where all of it says so."""
    organisation = event.organisation
    if organisation.name_state is NameState.SUSPENDED and organisation.name_changed_at is not None:
        for invitation in session.scalars(
            select(MemberInvitation).where(MemberInvitation.organisation_id == organisation.id)
        ):
            withdraw_mails(session, invitation.event, organisation.name_changed_at)


def _invitation_to(session: Session, organisation_id: uuid.UUID, email: str) -> MemberInvitation | None:
    return session.scalars(
        select(MemberInvitation).where(
            MemberInvitation.organisation_id == organisation_id, MemberInvitation.email == email
        )
    ).first()


def _member_emails(organisation_id: uuid.UUID) -> Select[str]:
    return (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
    )


def _invitation_text(organisation: Organisation, address: str, stop: str, now: datetime) -> str:
    """A name that nobody has confirmed stands in no mail: it would be a letter in that name to a stranger. The page shows it."""
    if is_name_confirmed(organisation, uk_date(now)):
        # no mail program makes a link of a name a person chose
        asks = f"Somebody at “{_DOT.sub('. ', organisation.name)}” asks you to join them on a service for businesses."
    else:
        asks = "Somebody asks you to join their organisation on a service for businesses."
    return with_mail_footer(
        "\n\n".join(
            (
                "Hello,",
                asks,
                f"To see what for, open this page. It works once, for this address only, and for {INVITATION_DAYS} days:",
                address,
                "If you do not know who asks, you can leave it: nothing happens.",
                "If you want no more invitations at this address, open this page and press the button:",
                stop,
            )
        )
    )


NAME_DOES_NOT_MATCH = "Type the name exactly as it stands above, to show that you mean this one."
NEW_ORGANISATION_LIMIT = Limit("organisation-begin", 10, 86_400)
INVITATION_LIMIT = Limit("invite", 50, 86_400)
NEW_ORGANISATION_INVITATION_LIMIT = Limit("invite-new", 20, 86_400)
INVITED_MAILBOX_LIMIT = Limit("invite-to", 5, 86_400)
"""Invitations to one mailbox from all organisations together: nobody can have us fill it."""
UNCONFIRMED_INVITATION_LIMIT = Limit("invite-by", 20, 86_400)
"""By one person for all their organisations whose names are not confirmed: a new organisation brings no new invitations."""
NEW_ORGANISATION_PERIOD = timedelta(days=14)

ROLE_MISSING = "Choose at least one thing they may do."


def enforce_invitation_limits(organisation: Organisation, email: str, by: uuid.UUID, now: datetime) -> bool:
    """Count one more invitation. Returns whether a mail may go to that mailbox; the person who invites is not told.

    Raises `TooManyRequests` when the organisation, or the person who invites, has invited as many as they may today.
    """
    if not is_name_confirmed(organisation, uk_date(now)):
        enforce_limit(UNCONFIRMED_INVITATION_LIMIT, str(by))
    enforce_limit(
        NEW_ORGANISATION_INVITATION_LIMIT if now < organisation.made_at + NEW_ORGANISATION_PERIOD else INVITATION_LIMIT,
        str(organisation.id),
    )
    try:
        enforce_limit(INVITED_MAILBOX_LIMIT, normalise_mailbox(email))
    except TooManyRequests:
        return False
    with database().reading() as session:
        return not INVITATION_MAILS.is_stopped(session, email, settings_of(current_app).honoured_keys)


def enforce_new_organisation_limit(person_id: uuid.UUID) -> None:
    """Count one more organisation that a person begins. Raises `TooManyRequests`."""
    enforce_limit(NEW_ORGANISATION_LIMIT, str(person_id))


def delete_organisation(session: Session, organisation: Organisation) -> None:
    with publishing(session, OrganisationDeleted(organisation.id)):
        events = [
            one.event
            for one in session.scalars(
                select(MemberInvitation).where(MemberInvitation.organisation_id == organisation.id)
            )
        ]
        # mail about no assessment hangs on nothing, so it would outlive what it tells of
        session.execute(delete(OutgoingMail).where(OutgoingMail.event.in_(events)))
        one_time_tokens.revoke_tokens(session, INVITATION_KIND, about=organisation.id)
        session.delete(organisation)
    erase_after_commit(session)


class TypedAgainField(FormField[str]):
    """The name of what somebody is about to delete. Spaces and capitals do not matter."""

    empty = ""

    def __init__(self, name: str) -> None:
        super().__init__(required=NAME_DOES_NOT_MATCH, invalid=NAME_DOES_NOT_MATCH)
        self.named = name

    def clean(self, typed: str) -> str:
        if typed.casefold() != self.named.casefold():
            raise self.refuse()
        return typed


def organisation_as_data(session: Session, organisation: Organisation, now: datetime) -> JsonDict:
    """Plain data. Moments are ISO texts in UTC; nothing in it opens anything."""
    status = get_name_status(session, organisation, uk_date(now))
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "company_number": organisation.company_number,
        "domain": organisation.domain,
        "name_state": status.state.value,
        "name_confirmed_how": status.how,
        "name_confirmed_domains": list(status.domains),
        "name_confirmed_until": None if status.until is None else status.until.isoformat(),
        "keep_years": organisation.keep_years,
        "made_at": organisation.made_at.isoformat(),
        "sites": [
            {"id": str(site.id), "name": site.name, "made_at": site.made_at.isoformat()}
            for site in list_sites(session, organisation.id)
        ],
        "people": [
            {"email": one.email, "name": one.name, "roles": [role.value for role in Role if role in one.roles]}
            for one in list_members(session, organisation.id)
        ],
        "invitations": [
            {"email": one.email, "roles": one.roles.split(), "until": one.until.isoformat()}
            for one in open_invitations(session, organisation.id, now)
        ],
    }


BUYER_OR_STAFF = "Nobody can buy for an organisation and be staff here: a coordinator or administrator must not be a customer of those who ask for help."
NO_INDEPENDENT_DESK = (
    "This installation is run by a buyer and names no independent desk, so it has no coordinators. "
    "Set ASSESS_INDEPENDENT_DESK to name one."
)


class BuyerAndStaffError(Exception):
    """A person would buy and be staff. The sentence is for the one who tried."""


class ConflictOfInterestError(Exception):
    """The site may not start. `errors` has one sentence for each thing to repair."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def lock_person(session: Session, person_id: uuid.UUID) -> Person | None:
    """The person, held until this transaction ends, so that nobody gives them something else at the same moment."""
    return session.get(Person, person_id, with_for_update=True, populate_existing=True)


def require_roles_allowed(person: Person, roles: Iterable[Role]) -> None:
    """See that a person may have these roles. Lock them first. Raises `BuyerAndStaffError`."""
    if Role.BUYER in roles and person.desk is not None:
        raise BuyerAndStaffError(BUYER_OR_STAFF)


def require_staff_role_allowed(session: Session, person: Person, desk: StaffRole, settings: Settings) -> None:
    """See that a person may have this staff role. Lock them first. Raises `BuyerAndStaffError`."""
    if desk is StaffRole.COORDINATOR and settings.run_by_buyer and not settings.independent_desk:
        raise BuyerAndStaffError(NO_INDEPENDENT_DESK)
    if session.scalar(select(exists().where(Membership.person_id == person.id, Membership.role == Role.BUYER))):
        raise BuyerAndStaffError(BUYER_OR_STAFF)


def require_no_conflicts(session: Session, settings: Settings) -> None:
    """See that nothing is mixed, as is done before a site starts. It names nobody: what is said goes to a log. Raises `ConflictOfInterestError`."""
    errors = []
    mixed = session.scalar(
        select(func.count(func.distinct(Person.id)))
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.desk.is_not(None), Membership.role == Role.BUYER)
    )
    if mixed:
        errors.append(f"{mixed} of the staff here also buy for an organisation. Take one of both from each of them.")
    coordinators = session.scalar(select(func.count()).where(Person.desk == StaffRole.COORDINATOR))
    if coordinators and settings.run_by_buyer and not settings.independent_desk:
        errors.append(
            f"{NO_INDEPENDENT_DESK} {coordinators} of its people are coordinators: remove their staff role, or name one."
        )
    if errors:
        raise ConflictOfInterestError(errors)
