"""The help page, policies, and the site-wide facts they show. Address and title of the help page are neutral on purpose: others may see them in a browser history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template

from assess.core.application import Application
from assess.core.config import Settings
from assess.core.pages import Phone, Site
from assess.core.route_permissions import requires
from assess.core.security import FORM_COOKIE, GUEST_COOKIE, LOGIN_COOKIE, cookie_name, public_page
from assess.engine.settings import Contact

blueprint = Blueprint("public", __name__)

HELP_PARTS = (
    ("about_you", "If it is about you"),
    ("signs", "What to look for"),
    ("kinds", "Different kinds"),
    ("what_to_do", "What to do"),
    ("for_managers", "If you are in charge"),
    ("who_to_call", "Who to call"),
    ("traces", "Your history and your calls"),
)
"""Template and heading of every part of the help page, in their order."""

CONTACT_ORDERS_SHOWN = frozenset({1, 2, 3, 4, 5, 6, 9})
"""The rows of the list of contacts that are sure enough to show everywhere; a row of an area is shown for its area."""

_HELP_CONTEXT = "assess.advice"


@dataclass(frozen=True, slots=True)
class HelpContacts:
    """Contacts by how urgent it is: those for everywhere, those of each area served, and when the oldest was checked."""

    everywhere: tuple[Contact, ...]
    by_area: tuple[tuple[str, tuple[Contact, ...]], ...]
    checked: str


@dataclass(frozen=True, slots=True)
class HelpContext:
    """What the pages need to know of this installation.

    `contacts` gives those in force today, "emergency", "police" and "helpline" always among them. `areas` are the areas
    served, for example "norfolk". `children_team` says how to reach the team of all other places, if the operator has said.
    """

    contacts: Callable[[], Sequence[Contact]]
    areas: Sequence[str]
    children_team: str | None


def choose_contacts(contacts: Sequence[Contact], areas: Sequence[str]) -> HelpContacts:
    ordered = sorted(contacts, key=lambda contact: contact.order)
    everywhere = tuple(one for one in ordered if one.area is None and one.order in CONTACT_ORDERS_SHOWN)
    by_area = tuple(
        (area.replace("_", " ").title(), local)
        for area in areas
        if (local := tuple(one for one in ordered if one.area == area))
    )
    shown = [*everywhere, *(one for _, local in by_area for one in local)]
    return HelpContacts(everywhere, by_area, min(one.checked for one in shown))


def _help_context() -> HelpContext:
    found: HelpContext = current_app.extensions[_HELP_CONTEXT]
    return found


@blueprint.get("/help")
@public_page
@requires("public.read")
def show_help() -> str:
    """All advice: danger first, then whom to talk to, then parts to open."""
    advice = _help_context()
    contacts = advice.contacts()
    by_id = {contact.id: contact for contact in contacts}
    found = choose_contacts(contacts, advice.areas)
    return render_template(
        "public/help.html",
        help_parts=HELP_PARTS,
        **{who: by_id[who] for who in ("emergency", "police", "helpline")},
        signs=SIGNS,
        kinds=EXPLOITATION_KINDS,
        everywhere=found.everywhere,
        by_area=found.by_area,
        checked=found.checked,
        children_team=advice.children_team,
    )


_RETENTION = "assess.promises"


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    purpose: str
    lasts: str


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """What this installation keeps, and for how long. All numbers come from its settings. `reminders`: whether it sends any."""

    draft_months: int
    submission_years: int
    backup_days: int
    log_days: int
    buyer_link_days: int
    cookies: Sequence[Cookie]
    reminders: bool = False


def retention_periods() -> RetentionPeriods:
    found: RetentionPeriods = current_app.extensions[_RETENTION]
    return found


@blueprint.get("/privacy")
@public_page
@requires("public.read")
def show_privacy() -> str:
    return render_template("public/privacy.html", promises=retention_periods())


@blueprint.get("/cookies")
@public_page
@requires("public.read")
def show_cookies() -> str:
    return render_template("public/cookies.html", promises=retention_periods())


@blueprint.get("/accessibility")
@public_page
@requires("public.read")
def show_accessibility() -> str:
    return render_template("public/accessibility.html")


@blueprint.get("/complaints")
@public_page
@requires("public.read")
def show_complaints() -> str:
    return render_template("public/complaints.html")


@blueprint.get("/ask-a-person")
@public_page
@requires("public.read")
def show_ask_a_person() -> str:
    return render_template("public/ask_a_person.html")


@dataclass(frozen=True, slots=True)
class LinkPeriods:
    """How long links to buyers and guest sessions last, as the packages that make them have it."""

    buyer_link_days: int
    visit_hours: int
    idle_hours: int


def build_site(settings: Settings, contacts: Sequence[Contact]) -> Site:
    """The words of every page. The contacts "helpline" and "emergency" are always among those in force.

    Raises `LookupError` when one of the two is missing: no page may go out without them.
    """
    by_id = {contact.id: contact for contact in contacts}
    helpline, emergency = by_id["helpline"], by_id["emergency"]
    identity = settings.operator_identity
    return Site(
        operator=settings.operator,
        contact=settings.operator_contact,
        complaints=settings.operator_complaints,
        desk=settings.independent_desk or settings.operator,
        helpline=Phone(helpline.who, helpline.number or helpline.web or ""),
        emergency=Phone(emergency.who, emergency.number or ""),
        exit_to=settings.exit_to,
        full_minutes=settings.full_minutes,
        quick_minutes=settings.quick_minutes,
        colour=identity.colour,
        logo=identity.logo.file_name if identity.logo else None,
        person=identity.person,
        person_says=identity.person_says,
    )


def build_retention_periods(settings: Settings, periods: LinkPeriods) -> RetentionPeriods:
    mail = settings.mail_server is not None
    return RetentionPeriods(
        draft_months=settings.draft_months,
        submission_years=settings.submission_years,
        backup_days=settings.backup_days,
        log_days=settings.log_days,
        buyer_link_days=periods.buyer_link_days,
        reminders=mail,
        cookies=(
            Cookie(
                cookie_name(GUEST_COOKIE, secure=settings.secure),
                "Remembers what this browser may open: your assessment, or what a business shares with you as a buyer.",
                f"Until you close the browser or press “leave”. It opens nothing {periods.visit_hours} hours after you began, "
                f"or {periods.idle_hours} hours after you last saved something.",
            ),
            Cookie(
                cookie_name(FORM_COOKIE, secure=settings.secure),
                "Proves that a form was made by this site and not by another."
                + (" While you sign in it also remembers which step you are at." if mail else ""),
                "Until you close the browser.",
            ),
            *(
                (
                    Cookie(
                        cookie_name(LOGIN_COOKIE, secure=settings.secure),
                        "Remembers that you are signed in, if you have an account. Nobody needs one to answer.",
                        "Until you close the browser or sign out. It opens nothing 12 hours after you signed in, or an hour "
                        "after you last did something.",
                    ),
                )
                if mail
                else ()
            ),
        ),
    )


def register_public(
    app: Application, settings: Settings, contacts: Callable[[], Sequence[Contact]], periods: LinkPeriods
) -> None:
    """Register the pages. Nothing is logged of the help page, not even that it was read."""
    app.extensions[_HELP_CONTEXT] = HelpContext(contacts, settings.areas, settings.children_team)
    app.extensions[_RETENTION] = build_retention_periods(settings, periods)
    # a style sheet fetched for no page that is written down would tell of it all the same
    app.silent = (*app.silent, "/help", "/static")
    app.register_blueprint(blueprint)


@dataclass(frozen=True, slots=True)
class Signs:
    """What may be noticed about a person or at a kind of place."""

    heading: str
    noticed: tuple[str, ...]


SIGNS = (
    Signs(
        "About the person",
        (
            "Looks tired, hungry, hurt or scared.",
            "Has few belongings, and wears the same clothes.",
            "Has no food or money at break time.",
            "Does not know the address where they live.",
            "Someone else always speaks for them.",
            "Will not look at you, or talk about home.",
            "Is afraid of the police or of immigration officers.",
            "Has no identity papers or bank card of their own.",
        ),
    ),
    Signs(
        "At work",
        (
            "The same van brings and collects a group every day.",
            "Works very long hours, or never has a day off.",
            "Has no gloves, boots or other safety kit.",
            "Their pay goes to another person.",
            "Sleeps at work.",
            "Has been told what to say.",
            "Owes money to the boss.",
            "One worker seems to be in charge of the others.",
        ),
    ),
    Signs(
        "Where people live",
        (
            "Many people live in one house.",
            "Curtains are always shut.",
            "There are beds in sheds, caravans or vans, or mattresses at a workplace.",
            "People come and go very early and very late.",
        ),
    ),
    Signs(
        "On a farm",
        (
            "A group leader holds the bank cards or phones.",
            "Workers walk a long way to buy food.",
            "Caravans smell of gas or are damp.",
            "A new “agency” offers cheap crews by text message.",
        ),
    ),
    Signs(
        "At a car wash",
        (
            "It takes only cash and is very cheap.",
            "Many people work on one car.",
            "Nobody has gloves or boots.",
            "There are caravans or bedding behind the site.",
            "The boss takes all the money.",
            "A worker looks afraid.",
        ),
    ),
    Signs(
        "In a hotel, pub or café",
        (
            "Staff live upstairs and never go out.",
            "There is a kitchen worker whom nobody can name.",
            "Cleaners stay on after they have signed out.",
            "A guest pays cash, wants a room far from others, has many visitors and keeps staff out for days.",
            "A child is with an adult who does not seem to be family.",
            "There are many phones, condoms or bank cards in a room.",
        ),
    ),
    Signs(
        "In a holiday home or short let",
        (
            "It was booked at the last minute by someone who never appears.",
            "Strangers come and go at all hours.",
            "A local person seems pushed aside in their own home.",
        ),
    ),
)

EXPLOITATION_KINDS = (
    ("At work", "Made to work for little or no pay, or not able to leave the job."),
    ("Sexual", "Made to sell sex, or to have sex with others for someone’s gain."),
    (
        "Crime",
        "Made to grow drugs, deal them (“county lines”), steal or beg. Taking over someone’s home to do it is called cuckooing.",
    ),
    ("In a home", "Made to cook, clean or care for others in a home, with no freedom."),
    ("By debt", "Made to work to pay back a debt that never goes down."),
    ("Money", "Someone else uses a person’s bank account, benefits or name."),
    ("Organs", "A person’s organ is taken for money. This is rare."),
)
