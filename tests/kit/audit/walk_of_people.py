"""What people do with their accounts, what a manager does in an organisation, and what an administrator does at the desk."""

from __future__ import annotations

import pyotp
from flask import Flask
from sqlalchemy import select

from assess.kit.tokens import hash_token
from assess.people.accounts.models import Passkey
from assess.people.models import Organisation, Role, SignedIn
from assess.people.organisations.inviting import INVITATIONS, invite
from assess.people.organisations.models import Invitation
from assess.people.organisations.names import ask, make_code
from tests.conftest import TODAY
from tests.kit.audit.browsers import Browser
from tests.people.access_things import Things
from tests.people.persons import database_of

PASSWORD = "seven quiet herons"
JO, NEW, AL = "jo@farm.example", "jo@field.example", "al@farm.example"


def an_account(app: Flask) -> None:
    """From the first mail to the last button."""
    jo = Browser(app)
    jo.post("/sign-up", email=JO)
    jo.post(jo.mailed("/confirm/"), name="Jo", password=PASSWORD)
    jo.post("/account/name", name="Joan")
    jo.post("/prove", password=PASSWORD)
    jo.post("/account/password", password=f"{PASSWORD} again")
    jo.post("/account/email", email=NEW)
    jo.post(jo.mailed("/account/email/"))
    jo.post("/forgotten", email=NEW)
    jo.post(jo.mailed("/new-password/"), password=PASSWORD)
    jo.post("/sign-in", email=NEW, password=PASSWORD)
    _second_steps(app, jo)
    other = Browser(app)
    other.post("/sign-in", email=NEW, password=PASSWORD)
    jo.post(f"/account/browsers/{_row_of(app, other).id}/end")
    other.post("/sign-in/link", email=NEW)
    other.post(other.mailed("/sign-in/link/"))
    jo.post("/account/browsers/end-others")
    other.post("/sign-in", email=NEW, password=PASSWORD)
    other.post("/sign-out")
    jo.post("/account/delete", sure="yes")
    without_password(app)


def without_password(app: Flask) -> None:
    """Somebody who has nothing to show but their mailbox."""
    al = Browser(app)
    al.post("/sign-up", email=AL)
    al.post(al.mailed("/confirm/"), name="Al", password="")
    al.post("/prove/link")
    al.post(al.mailed("/prove/link/"))


def _second_steps(app: Flask, jo: Browser) -> None:
    here = "/account/second-steps"
    jo.post(f"{here}/passkeys/ask")
    jo.post(f"{here}/app/begin")
    seed = jo.get(f"{here}/app").soup.select_one("code")
    assert seed is not None
    jo.post(f"{here}/app", code=pyotp.TOTP(seed.get_text().replace(" ", "")).at(TODAY))
    codes = [item.get_text() for item in jo.post(f"{here}/codes").soup.select("ol code")]
    other = Browser(app)
    other.post("/sign-in/passkey/ask")
    other.post("/sign-in", email=NEW, password=PASSWORD)
    other.post("/sign-in/second-step", code=codes[0])
    with database_of(app).writing() as session:
        whose = _row_of(app, jo).person_id
        key = Passkey(person_id=whose, credential_id="a", public_key=b"a", sign_count=0, name="A", made_at=TODAY)
        session.add(key)
        session.flush()
    jo.post(f"{here}/passkeys/{key.id}/remove")
    jo.post(f"{here}/app/remove")


def _row_of(app: Flask, browser: Browser) -> SignedIn:
    """The row of the browser that is signed in here."""
    cookie = browser.client.get_cookie("assess_signed_in")
    assert cookie is not None
    with database_of(app).reading() as look:
        return look.scalars(select(SignedIn).where(SignedIn.token_hash == hash_token(cookie.value))).one()


def an_organisation(app: Flask, things: Things) -> None:
    """What managers do, and whoever is invited."""
    manager, here = Browser(app, things.people["manager"]), f"/organisations/{things.farm.id}"
    manager.post("/organisations/new", name="Second Farm", company_number="01234567")
    manager.post(f"{here}/details", name="Fen Edge", company_number="01234567")
    manager.post(f"{here}/name/ask", ours="yes")
    with database_of(app).writing() as session:
        code = make_code(session, session.get_one(Organisation, things.farm.id), TODAY)
    manager.post(f"{here}/name/code", code=code)
    manager.post(f"{here}/sites/new", name="North yard")
    site = f"{here}/sites/{things.arguments['site_id']}"
    manager.post(site, name="Old farm")
    manager.post(f"{site}/remove")
    manager.post(f"{here}/invitations/new", email="stranger@people.example", roles=["signer"])
    stranger = Browser(app, things.people["stranger"])
    stranger.post(stranger.mailed("/join/"))
    waiting = f"{here}/invitations/{things.arguments['invitation_id']}"
    manager.post(f"{waiting}/again")
    stop = INVITATIONS.stop_path("nobody@people.example", app.config["SECRET_KEY"])
    Browser(app).post(stop, **{"List-Unsubscribe": "One-Click"})
    with database_of(app).reading() as look:
        (invitation,) = look.scalars(select(Invitation))
    manager.post(f"{here}/invitations/{invitation.id}/end")
    manager.post(f"{here}/people/{things.people['own_buyer'].id}", roles=["respondent"])
    manager.post(f"{here}/people/{things.people['own_buyer'].id}/remove")
    stranger.post(f"{here}/leave")
    manager.post(f"{here}/export")


def an_organisation_ends(app: Flask, things: Things) -> None:
    """The end of it, by its manager."""
    manager = Browser(app, things.people["manager"])
    manager.post(f"/organisations/{things.farm.id}/delete", name="Fen Edge")


def a_desk(app: Flask, things: Things) -> None:
    """What an administrator does."""
    desk = Browser(app, things.people["administrator"])
    person = f"/desk/people/{things.people['stranger'].id}"
    for end in ("/sign-out", "/disable", "/enable"):
        desk.post(f"{person}{end}")
    desk.post(f"{person}/desk", desk="coordinator")
    here = f"/desk/organisations/{things.council.id}"
    with database_of(app).writing() as session:
        session.get_one(Organisation, things.council.id).company_number = "01234567"
        asked = invite(
            session,
            things.council,
            "kim@people.example",
            frozenset({Role.SIGNER}),
            "https://x.example",
            TODAY,
            secret="secret",
        )
    _a_name(app, things, desk)
    desk.post(f"{here}/keep", years="2")
    desk.post(f"{here}/invitations/{asked.id}/end")
    desk.post(f"{here}/delete", name="The Council")


def _a_name(app: Flask, things: Things, desk: Browser) -> None:
    name = f"/desk/names/{things.council.id}"
    with database_of(app).writing() as session:
        ask(session, session.get_one(Organisation, things.council.id), None, TODAY)
    decide = f"{name}/decide"
    desk.drawn(decide, "/code")
    desk.drawn(decide, "/refuse", no="Nobody answers there.")
    desk.drawn(decide, "/confirm", how="known", words="From the network")
    desk.drawn(decide, "/limit", limit="They ask many.")
    desk.drawn(name, "/suspend", reason="Somebody rang us.")
    desk.drawn(decide, "/lift", lift="A mistake")
    desk.post(f"/desk/letters/{things.arguments['pause_id']}/end", reason="We called them.")
    desk.post(f"/desk/letters/corrections/{things.arguments['correction_id']}")


def a_note(app: Flask, things: Things) -> None:
    """Somebody says that a question is hard to understand."""
    address = f"/unclear/{things.arguments['edition_id']}/people/1"
    Browser(app).post(address, reason="word")
