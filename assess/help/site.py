"""Puts the settings and the contacts of an installation into the words that pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assess.engine.settings import Contact
from assess.help.policies import Cookie, Promises, make_promises
from assess.help.views import Advice, blueprint, give_advice
from assess.kit.application import Application
from assess.kit.config import Settings
from assess.kit.cookies import SESSION, SIGNED_IN, VISIT, cookie_name
from assess.kit.pages import Phone, Site


@dataclass(frozen=True, slots=True)
class Periods:
    """How long links to buyers and visits last, as the rooms that make them have it."""

    buyer_link_days: int
    visit_hours: int
    idle_hours: int


def site_of(settings: Settings, contacts: Sequence[Contact]) -> Site:
    """The words of every page. The contacts "helpline" and "emergency" are always among those in force.

    Raises:
        LookupError: when one of the two is missing: no page may go out without them.
    """
    by_id = {contact.id: contact for contact in contacts}
    helpline, emergency = by_id["helpline"], by_id["emergency"]
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
    )


def promises_of(settings: Settings, periods: Periods) -> Promises:
    """What this installation keeps, for how long, and which cookies it sets."""
    mail = settings.mail_server is not None
    return Promises(
        draft_months=settings.draft_months,
        submission_years=settings.submission_years,
        backup_days=settings.backup_days,
        log_days=settings.log_days,
        buyer_link_days=periods.buyer_link_days,
        reminders=mail,
        cookies=(
            Cookie(
                cookie_name(VISIT, secure=settings.secure),
                "Remembers what this browser may open: your assessment, or what a business shares with you as a buyer.",
                f"Until you close the browser or press “leave”. It opens nothing {periods.visit_hours} hours after you began, "
                f"or {periods.idle_hours} hours after you last saved something.",
            ),
            Cookie(
                cookie_name(SESSION, secure=settings.secure),
                "Proves that a form was made by this site and not by another."
                + (" While you sign in it also remembers which step you are at." if mail else ""),
                "Until you close the browser.",
            ),
            *(
                (
                    Cookie(
                        cookie_name(SIGNED_IN, secure=settings.secure),
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


def open_help(
    app: Application, settings: Settings, contacts: Callable[[], Sequence[Contact]], periods: Periods
) -> None:
    """Open the room. Nothing is logged of the advice pages, not even that somebody read one."""
    give_advice(app, Advice(contacts, settings.areas, settings.children_team))
    make_promises(app, promises_of(settings, periods))
    # a style sheet fetched for no page that is written down would tell of an advice page all the same
    app.silent = (*app.silent, "/help", "/static")
    app.register_blueprint(blueprint)
