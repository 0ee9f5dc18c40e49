"""What a business with accounts does with an assessment together with others: colleagues, signers, a coordinator, buyers."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.links import make_resume_link
from assess.core.db import database
from assess.core.events import publish
from assess.core.links import hash_token
from assess.core.models import Job, JobState, OutgoingMail
from assess.core.security import GUEST_COOKIE, cookie_name
from assess.identity.models import LoginSession, MemberInvitation, Organisation, Passkey, Role
from assess.identity.organisations.name_confirmation import make_posted_code, request_confirmation
from assess.identity.organisations.services import INVITATION_MAILS, invite_member
from assess.portfolio.models import BulkAction, SavedFilter
from assess.sharing.emails import SHARE_MAIL_KIND
from assess.sharing.models import ShareGrant
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import Supplier, SupplierInvitation
from assess.suppliers.services import SupplierDetails, add_supplier
from assess.suppliers.supplier_invitations import open_invitation
from tests.conftest import TODAY, Page, Visitor
from tests.core.audit.form_client import FormClient
from tests.identity.access_objects import AccessObjects
from tests.identity.accounts_factory import confirm_name, database_of, sign_in
from tests.plans.conftest import Submitted
from tests.suppliers.factories import a_supplier, invited

JO = {"name": "Jo Fenn", "job": "director", "read": "yes"}
SIGNED_BY = {**JO, "number": "1"}
HOST = "http://localhost:5000"


def owning(app: Flask, things: AccessObjects) -> str:
    """Keep one with an account, move it, begin others. Returns the address of one that was begun."""
    manager = FormClient(app, things.people["manager"])
    manager.post(things.links["resume elsewhere"])
    elsewhere = f"/assessments/{things.elsewhere.assessment_id}"
    manager.post(
        f"{elsewhere}/save-to-account", to=str(things.farm.id), site="new", site_name="Wroxham", name="Fen Edge"
    )
    manager.drawn(f"{elsewhere}/transfer", site="new", site_name="Acle", to=str(things.farm.id))
    manager.post(f"{elsewhere}/copy", bank="car_washes", site="new", site_name="Acle")
    begun = manager.post(
        f"/organisations/{things.farm.id}/start", bank="car_washes", site="new", site_name="Hoveton", length="full"
    )
    return str(begun.headers["Location"]).rstrip("/")


def colleagues(app: Flask, things: AccessObjects, here: str) -> None:
    """Parts given away, answers that differ, comments, and words taken out."""
    manager, colleague = FormClient(app, things.people["manager"]), FormClient(app)
    made = manager.post(f"{here}/delegation/section/people", note="wages office", days="14")
    colleague.post(_link(made))
    manager.drawn(f"{here}/sections/people", core_people_peak="77")
    hers = "/delegated/" + _id(made)
    colleague.drawn(hers, core_people_peak="88")
    colleague.drawn(hers, done="yes")
    colleague.post(f"{hers}/not-done")
    colleague.drawn(hers, done="yes")
    manager.post(f"{here}/delegation/{_id(made)}/send-back", words="Count the pickers too")
    page = manager.get(f"{here}/delegation/answers")
    name = str(page.soup.select_one("input[type=radio]")["name"])  # type: ignore[index]  # there is one, or the test fails
    manager.drawn(f"{here}/delegation/answers", **{name: "theirs"})
    manager.post(f"{here}/delegation/{_id(made)}/end")
    again = manager.post(f"{here}/delegation/section/people", days="14")
    colleague.post(_link(again))
    colleague.post(f"/delegated/{_id(again)}/leave")
    manager.post(f"{here}/delegation/question/core_documents", sure="yes", days="14")
    talk = f"{here}/comments/core_people_peak"
    manager.post(talk, words="Is this right, canary?")
    manager.drawn(talk, "/delete")
    manager.post(talk, words="Is this right, canary?")
    manager.post(f"{talk}/close")
    manager.drawn(f"{here}/purchases", "/add", own="canary nets")
    confirm = manager.drawn(f"{here}/free-text")
    manager.post(f"{here}/free-text/redact", **confirm.fields("/free-text/redact"))


def signing(app: Flask, things: AccessObjects) -> None:
    """Somebody senior by a link, then a member with that role."""
    here = f"/assessments/{things.submission.assessment_id}/sign-off"
    manager, signer, reviewer = (
        FormClient(app, things.people["manager"]),
        FormClient(app, things.people["signer"]),
        FormClient(app),
    )
    manager.post(here, note="director")
    reviewer.post(things.links["review"])
    hers = f"/sign-off-requests/{things.arguments['request_id']}"
    reviewer.post(f"{hers}/send-back", words="Say who does the training")
    reviewer.post(hers, **JO)
    reviewer.post(f"{hers}/leave")
    manager.post(f"{here}/withdraw")
    manager.post(f"{here}/{things.arguments['request_id']}/end")
    signer.post(f"{here}/read/send-back", words="Say more", number="1")
    signer.post(f"{here}/read", **SIGNED_BY)


def helping(app: Flask, things: AccessObjects) -> None:
    """A coordinator who is asked, comes, answers and goes; then the business ends it."""
    manager, desk = FormClient(app, things.people["manager"]), FormClient(app, things.people["coordinator"])
    here = f"/assessments/{things.submission.assessment_id}"
    for end in ("business", "desk"):
        code = manager.post(f"{here}/assistance", mode="phone").soup.select_one("#code")
        assert code is not None
        desk.post("/staff/assistance", code=code.get_text().strip())
        if end == "business":
            manager.post(f"{here}/assistance/end")
        else:
            desk.drawn("/staff/assistance", "/stop")


def sharing(app: Flask, things: AccessObjects) -> None:
    """A share is given, changed, sent anew, taken up and ended."""
    manager, buyer = FormClient(app, things.people["manager"]), FormClient(app, things.people["other_buyer"])
    here = f"/assessments/{things.submission.assessment_id}/share"
    manager.post(f"{here}/new", email="other_buyer@people.example", buyer="The Shop", scope="plan", days="30")
    one = manager.get(here).soup.select("a[href*='/share/with/']")
    addresses = {str(link["href"]) for link in one} - {f"{here}/with/{things.arguments['grant_id']}"}
    (address,) = addresses
    manager.post(f"{address}/resend")
    buyer.post(buyer.mailed("/shared/accept/"), **{"for": "me"})
    grant = address.rsplit("/", 1)[1]
    _talk(buyer, f"/shared/{grant}/messages", manager, f"{here}/{grant}/messages")
    manager.post(address, scope="buyer_copy", days="90")
    manager.post(f"{address}/end")


def _talk(buyer: FormClient, theirs: str, manager: FormClient, ours: str) -> None:
    """A comment, dates proposed and agreed to by either side, one put into the plan, and words taken back."""
    step = str(buyer.get(theirs).soup.select("main a[href*='?step=']")[0]["href"]).rsplit("=", 1)[1]
    for one, other in ((buyer, theirs), (manager, ours)), ((manager, ours), (buyer, theirs)):
        one[0].post(one[1], step=step, date="27 3 2027")
        other[0].post(f"{other[1]}/date", step=step, due="2027-03-27", says="yes")
    manager.post(f"{ours}/plan", step=step)
    buyer.post(theirs, words="Thank you.")
    buyer.post(f"{theirs}/5/withdraw")
    manager.post(ours, words="Thank you.")
    manager.post(f"{ours}/6/withdraw")


def files(app: Flask, things: AccessObjects) -> dict[str, Any]:
    """The files of a buyer and of an organisation, which are ordered by looking and again by a button."""
    manager, buyer = FormClient(app, things.people["manager"]), FormClient(app, things.people["recipient"])
    with database_of(app).writing() as session:
        add_supplier(session, things.council.id, SupplierDetails("A supplier"), TODAY, by=None)
    return {
        f"/organisations/{things.farm.id}/plan-index/pdf-progress": manager,
        f"/organisations/{things.council.id}/suppliers/dashboard/summary/progress": buyer,
        f"/shared/{things.arguments['grant_id']}/pdf-progress": buyer,
    }


def _link(made: Page) -> str:
    found = made.soup.select_one("#link")
    assert found is not None
    return str(found["value"]).removeprefix(HOST)


def _id(made: Page) -> str:
    """The id of the part, from the way on."""
    found = next(str(a["href"]) for a in made.soup.select("a[href*='/delegation/']"))
    return found.rsplit("/", 1)[1]


def files_walk_of_a_buyer(app: Flask, things: AccessObjects) -> None:
    """Order a bundle, stop it, go on with it, delete it; and order a spreadsheet."""
    with database_of(app).writing() as session:
        supplier = a_supplier(session, things.council, "Box Makers")
        session.get_one(ShareGrant, things.arguments["grant_id"]).supplier_id = supplier.id
        publish(session, SupplierChanged(supplier.id, TODAY))
    buyer = FormClient(app, things.people["recipient"])
    here = f"/organisations/{things.council.id}/suppliers/exports"
    bundle = buyer.post(f"{here}/bundle").headers["Location"]
    for what in ("stop", "resume", "stop", "delete"):
        buyer.post(f"{bundle}/{what}")
    buyer.post(f"{here}/spreadsheet", kind="csv")


def of_suppliers(app: Flask, things: AccessObjects) -> None:
    """Put two together and apart, tell two apart, note a call; then say what is shown, as the customer and as the supplier."""
    with database_of(app).writing() as session:
        one, other, third = (a_supplier(session, things.council, f"Acle Growers {number}") for number in "ABC")
        one.organisation_id = things.farm.id
        invitation = invited(session, one)
        token = open_invitation(session, invitation, TODAY)
    here = f"/organisations/{things.council.id}/suppliers"
    buyer, manager, supplier = (Visitor(app.test_client()) for _ in range(3))
    sign_in(buyer, app, things.people["recipient"])
    sign_in(manager, app, things.people["manager"])
    supplier.client.set_cookie(cookie_name(GUEST_COOKIE, secure=False), token)
    buyer(f"{here}/duplicates/pair?one={one.id}&other={third.id}")
    buyer.send("/not-duplicate")
    buyer(f"{here}/duplicates/pair?one={one.id}&other={other.id}")
    buyer.send("/pair", stands=one.id)
    buyer.send("/merged")
    buyer(f"{here}/{one.id}/follow-ups")
    buyer.send("/follow-ups", way="call", on="24 11 2026", agreed="Canary")
    manager(f"/organisations/{things.farm.id}/supply-chain-sharing")
    manager.send("/supply-chain-sharing", shows="names", naming="yes", name="Canary Growers")
    supplier(f"/supplier-invitations/answer/{invitation.id}/naming")
    supplier.send("/naming", naming="no")


WHAT: dict[str, Any] = {
    "sector": "farming",
    "length": "full",
    "due_day": "24",
    "due_month": "12",
    "due_year": "2026",
}


def asking(app: Flask, things: AccessObjects) -> None:
    """One supplier is put on the list, asked, reminded and let go; one answers, shares, and says for whom."""
    with database_of(app).writing() as session:
        confirm_name(session.get_one(Organisation, things.farm.id))
    buyer = FormClient(app, things.people["own_buyer"])
    base = f"/organisations/{things.farm.id}/suppliers"
    buyer.post(f"{base}/new/preview", name="A Yard", **WHAT)
    buyer.post(f"{base}/new", name="A Yard", **WHAT)
    buyer.post(f"{base}/new", name="A Mill", email="mill@yard.example", **WHAT)
    with database_of(app).writing() as session:
        yard = _named(session, "A Yard")
        yard.email = "yard@yard.example"
        here = f"{base}/{yard.id}/invitation"
    buyer.post(f"{here}/remind")
    buyer.post(f"{here}/due", due_day="31", due_month="12", due_year="2026")
    link = _link_walk_of_asking(buyer.post(f"{here}/link"))
    invitation_id = _invitation(app, "A Yard")
    supplier = FormClient(app)
    supplier.post(link)
    of_it = f"/supplier-invitations/answer/{invitation_id}"
    supplier.post(f"{of_it}/decline", why="rather_not")
    supplier.post(f"{of_it}/undo-decline")
    supplier.post(f"{of_it}/unsubscribe")
    supplier.post(f"{of_it}/begin")
    supplier.post(f"{of_it}/leave")
    FormClient(app).post("/check-email", number="00000-00000", email="yard@yard.example")
    FormClient(app).post(f"{link}/unknown-sender")
    mark = app.config["SECRET_KEY"]
    FormClient(app).post(
        SHARE_MAIL_KIND.unsubscribe_path("yard@yard.example", mark), **{"List-Unsubscribe": "One-Click"}
    )
    supplier.post(_stop_link(app, "A Mill"), **{"List-Unsubscribe": "One-Click"})
    _answering(app, things)
    buyer.post(f"{here}/preview", **WHAT)
    buyer.post(here, **WHAT)
    buyer.post(f"{here}/end")


def _answering(app: Flask, things: AccessObjects) -> None:
    manager = FormClient(app, things.people["manager"])
    asked = things.arguments["asked_id"]
    manager.post(
        f"/assessments/{things.submission.assessment_id}/share/buyer-requests/{asked}", scope="plan", days="30"
    )
    manager.post(things.links["request"])
    manager.post(f"/supplier-invitations/answer/{asked}/organisation", organisation=str(things.farm.id))
    manager.post(f"/supplier-invitations/answer/{asked}/existing", assessment=str(things.elsewhere.assessment_id))


def _named(session: Session, name: str) -> Supplier:
    return session.scalars(select(Supplier).where(Supplier.name == name)).one()


def _invitation(app: Flask, name: str) -> uuid.UUID:
    with database_of(app).reading() as session:
        wanted = select(SupplierInvitation.id).where(SupplierInvitation.supplier_id == _named(session, name).id)
        return session.scalars(wanted).one()


def _stop_link(app: Flask, name: str) -> str:
    with database_of(app).reading() as session:
        invitation = session.get_one(SupplierInvitation, _invitation(app, name))
        body = session.scalars(select(OutgoingMail.body).where(OutgoingMail.event.startswith(invitation.events))).one()
    found = re.search(r"/supplier-invitations/unsubscribe/[\w-]{43}", body)
    assert found is not None
    return found.group()


def _link_walk_of_asking(made: Page) -> str:
    found = made.soup.select_one("#link")
    assert found is not None
    return str(found["value"]).removeprefix(HOST)


PASSWORD = "seven quiet herons"
JO_WALK_OF_PEOPLE, NEW, AL = "jo@farm.example", "jo@field.example", "al@farm.example"


def an_account(app: Flask) -> None:
    """From the first mail to the last button."""
    jo = FormClient(app)
    jo.post("/sign-up", email=JO_WALK_OF_PEOPLE)
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
    other = FormClient(app)
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
    al = FormClient(app)
    al.post("/sign-up", email=AL)
    al.post(al.mailed("/confirm/"), name="Al", password="")
    al.post("/prove/link")
    al.post(al.mailed("/prove/link/"))


def _second_steps(app: Flask, jo: FormClient) -> None:
    here = "/account/second-steps"
    jo.post(f"{here}/passkeys/ask")
    jo.post(f"{here}/app/begin")
    seed = jo.get(f"{here}/app").soup.select_one("code")
    assert seed is not None
    jo.post(f"{here}/app", code=pyotp.TOTP(seed.get_text().replace(" ", "")).at(TODAY))
    codes = [item.get_text() for item in jo.post(f"{here}/codes").soup.select("ol code")]
    other = FormClient(app)
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


def _row_of(app: Flask, browser: FormClient) -> LoginSession:
    """The row of the browser that is signed in here."""
    cookie = browser.client.get_cookie("assess_signed_in")
    assert cookie is not None
    with database_of(app).reading() as session:
        return session.scalars(select(LoginSession).where(LoginSession.token_hash == hash_token(cookie.value))).one()


def an_organisation(app: Flask, things: AccessObjects) -> None:
    """What managers do, and whoever is invited."""
    manager, here = FormClient(app, things.people["manager"]), f"/organisations/{things.farm.id}"
    manager.post("/organisations/new", name="Second Farm", company_number="01234567")
    manager.post(f"{here}/details", name="Fen Edge", company_number="01234567")
    manager.post(f"{here}/name/ask", ours="yes")
    with database_of(app).writing() as session:
        code = make_posted_code(session, session.get_one(Organisation, things.farm.id), TODAY)
    manager.post(f"{here}/name/code", code=code)
    manager.post(f"{here}/sites/new", name="North yard")
    site = f"{here}/sites/{things.arguments['site_id']}"
    manager.post(site, name="Old farm")
    manager.post(f"{site}/remove")
    manager.post(f"{here}/invitations/new", email="stranger@people.example", roles=["signer"])
    stranger = FormClient(app, things.people["stranger"])
    stranger.post(stranger.mailed("/join/"))
    waiting = f"{here}/invitations/{things.arguments['invitation_id']}"
    manager.post(f"{waiting}/resend")
    stop = INVITATION_MAILS.unsubscribe_path("nobody@people.example", app.config["SECRET_KEY"])
    FormClient(app).post(stop, **{"List-Unsubscribe": "One-Click"})
    with database_of(app).reading() as look:
        (invitation,) = look.scalars(select(MemberInvitation))
    manager.post(f"{here}/invitations/{invitation.id}/withdraw")
    manager.post(f"{here}/people/{things.people['own_buyer'].id}", roles=["respondent"])
    manager.post(f"{here}/people/{things.people['own_buyer'].id}/remove")
    stranger.post(f"{here}/leave")
    manager.post(f"{here}/export")


def an_organisation_ends(app: Flask, things: AccessObjects) -> None:
    """The end of it, by its manager."""
    manager = FormClient(app, things.people["manager"])
    manager.post(f"/organisations/{things.farm.id}/delete", name="Fen Edge")


def a_desk(app: Flask, things: AccessObjects) -> None:
    """What an administrator does."""
    desk = FormClient(app, things.people["administrator"])
    person = f"/staff/people/{things.people['stranger'].id}"
    for end in ("/sign-out", "/disable", "/enable"):
        desk.post(f"{person}{end}")
    desk.post(f"{person}/role", desk="coordinator")
    here = f"/staff/organisations/{things.council.id}"
    with database_of(app).writing() as session:
        session.get_one(Organisation, things.council.id).company_number = "01234567"
        asked = invite_member(
            session,
            things.council,
            "kim@people.example",
            frozenset({Role.SIGNER}),
            "https://x.example",
            TODAY,
            secret="secret",
        )
    _a_name(app, things, desk)
    desk.post(f"{here}/retention", years="2")
    desk.post(f"{here}/invitations/{asked.id}/withdraw")
    desk.post(f"{here}/delete", name="The Council")


def _a_name(app: Flask, things: AccessObjects, desk: FormClient) -> None:
    name = f"/staff/names/{things.council.id}"
    with database_of(app).writing() as session:
        request_confirmation(session, session.get_one(Organisation, things.council.id), None, TODAY)
    decide = f"{name}/decide"
    desk.drawn(decide, "/code")
    desk.drawn(decide, "/refuse", no="Nobody answers there.")
    desk.drawn(decide, "/confirm", how="known", words="From the network")
    desk.drawn(decide, "/lift-limit", limit="They ask many.")
    desk.drawn(name, "/suspend", reason="Somebody rang us.")
    desk.drawn(decide, "/lift-suspension", lift="A mistake")
    desk.post(f"/staff/supplier-emails/{things.arguments['pause_id']}/end", reason="We called them.")
    desk.post(f"/staff/supplier-emails/corrections/{things.arguments['correction_id']}")


def a_note(app: Flask, things: AccessObjects) -> None:
    """Somebody says that a question is hard to understand."""
    address = f"/question-feedback/{things.arguments['edition_id']}/people/1"
    FormClient(app).post(address, reason="word")


def board(app: Flask, things: AccessObjects) -> None:
    """Puts a share on the list, changes it, takes it off and puts it back, alone and with many; saves a filter."""
    jo, here = FormClient(app, things.people["recipient"]), f"/organisations/{things.council.id}/suppliers"
    jo.get(here)
    jo.post(f"{here}/unlisted/{things.arguments['grant_id']}", to="new")
    with database_of(app).reading() as session:
        listed = select(Supplier.id).where(Supplier.buyer_id == things.council.id, Supplier.name != "A Farm")
        supplier = session.scalars(listed).one()
    jo.get(f"{here}/{supplier}")
    jo.drawn(f"{here}/{supplier}/details", "/details", name="Canary Growers", email="canary@farm.example")
    jo.drawn(f"{here}/{supplier}/archive", "/archive")
    jo.drawn(f"{here}/{supplier}/archive", "/restore")
    jo.drawn(f"{here}/bulk-actions?kind=take_off&which=ticked&supplier={supplier}", "/bulk-actions")
    with database_of(app).reading() as session:
        act = session.scalars(select(BulkAction.id).where(BulkAction.buyer_id == things.council.id)).one()
    jo.drawn(f"{here}/bulk-actions/{act}", "/undo")
    jo.drawn(f"{here}?late=yes", "/filters", name="Canary")
    with database_of(app).reading() as session:
        saved = session.scalars(select(SavedFilter.id).where(SavedFilter.buyer_id == things.council.id)).one()
    jo.post(f"{here}/filters/{saved}/delete")


def first_sight(visit: Visitor) -> None:
    """From the first click to the submission, and what can be done around it."""
    visit("/start?bank=car_washes")
    home = visit.send(length="quick").address.split("/questions")[0].rstrip("/") + "/"
    visit(f"{home}link")
    link = visit.send(pin="").soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    code = visit.send("/card", pin="4711").soup.select_one(".assess-card__address").get_text()
    visit("/go")
    assert visit.send(code=code, pin="4711").address.startswith(home)
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    visit(f"{home}overview")
    visit.send("/full")
    visit(f"{home}business")
    visit.send(name="Fen Edge", area="norfolk")
    visit(f"{home}business/gates")
    page = visit.send(foreign="no", large="no")
    names = [group["id"].removesuffix("--group") for group in page.soup.select(".assess-asked")]
    unsure = {f"{name}.dk": "yes" for name in names if page.soup.select(f'input[name="{name}.dk"]')}
    unsure |= {name: "dk" for name in names if page.soup.select(f'input[name="{name}"][value=dk]')}
    visit.send(**unsure)
    visit(f"{home}business/facts/has_website")
    visit.send(has_website="yes", **{"has_website.dk": None})
    visit(f"{home}purchases")
    visit.send("/add", own="soap\nlaundry")
    visit(f"{home}purchases")
    visit.send("/purchases", remove="1")
    visit.send("/undo")
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(home)
    visit.send("/correct")
    visit.send("/discard-correction", follow=False)
    visit(f"{home}link")
    visit.send("/end")
    visit(f"{home}link")
    visit.send("/end-other-devices")
    visit(f"{home}leave")
    visit.send("/leave")
    visit(link)
    assert visit.page is not None
    assert visit.page.status == 404


def the_plan(app: Flask, visit: Visitor, colleague: Visitor, submitted: Submitted) -> None:
    """What a business does with its plan."""
    here, item = submitted.address, submitted.item("core_time_records")
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, TODAY)
    colleague(f"/r/{link.token}")
    colleague.send(follow=False)
    for who in (visit, colleague):
        who(item)
    visit.send(response="accepted", owner="someone_else", owner_text="Yard lead", go="list")
    assert colleague.send(response="will_not", reason="other", reason_text="Mine", go="list").status == 409
    colleague.send("conflict", pick="mine")
    visit(f"{item}/history")
    visit.send("restore")
    visit(f"{here}/result/actions")
    visit.send("/done", follow=False)
    visit(f"{item}/proof")
    visit.send(title="Blue folder", kind="records", grade="said")
    visit(f"{item}/proof/1")
    visit.send(title="Red folder")
    visit(f"{here}/result/actions/bulk")
    visit.send()
    visit.send("undo")
    visit(f"{here}/calendar")
    visit.send("/calendar")
    visit(f"{here}/calendar")
    visit.send("/end")
    steps = visit(f"{here}/result/what-if").soup.select("input[name=step]")
    visit.send(step=str(steps[0]["value"]))
    visit("/pay-calculator")
    visit.send(hours_1="40", pay_1="500")


def the_files(app: Flask, visit: Visitor, buyer: Visitor, submitted: Submitted) -> None:
    """Files that could not be made are ordered once more."""
    here = submitted.address
    buyer(f"/b/{submitted.buyer_token}")
    copy = buyer.send().address
    waiting = [
        (visit, f"{here}/pdf-progress/plan"),
        (visit, f"{here}/document-templates/time-sheet/pdf-progress"),
        (buyer, f"{copy}/pdf-progress"),
    ]
    for who, address in waiting:
        who(address)
    with app.extensions["assess.database"].writing() as session:
        for job in session.scalars(select(Job)):
            job.state, job.error, job.place = JobState.FAILED, "KeyError", "press.py:9 press"
    for who, address in waiting:
        who(address)
        who.send("/pdf-progress/plan" if address.endswith("plan") else "/pdf-progress", follow=False)


def the_rest(app: Flask, visit: Visitor, submitted: Submitted) -> None:
    """Sharing, reminders, and the end."""
    here = submitted.address
    visit(f"{here}/share")
    visit.send(note="One")
    visit(f"{here}/share")
    visit.send("/end")
    for address in ("jo@farm.example", "al@farm.example"):
        visit(f"{here}/reminders")
        visit.send("", email=address)
    with app.extensions["assess.database"].reading() as session:
        confirming, stopping = session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.id)).all()
    visit(found_in(confirming, "confirm"))
    visit.send()
    visit(found_in(stopping, "stop"))
    visit.send()
    visit(f"{here}/reminders")
    visit.send("/stop")
    visit(f"{here}/delete")
    visit.send(sure="yes")


def found_in(body: str, what: str) -> str:
    found = re.search(rf"^http://localhost:5000(/reminders/{what}/\S{{43}})$", body, re.MULTILINE)
    assert found, body
    return found[1]
