"""What a business with accounts does with an assessment together with others: colleagues, signers, a coordinator, buyers."""

from __future__ import annotations

from typing import Any

from flask import Flask

from assess.suppliers.keeping import Details, add
from tests.conftest import TODAY, Page
from tests.kit.audit.browsers import Browser
from tests.people.access_things import Things
from tests.people.persons import database_of

JO = {"name": "Jo Fenn", "job": "director", "read": "yes"}
SIGNED_BY = {**JO, "number": "1"}
HOST = "http://localhost:5000"


def owning(app: Flask, things: Things) -> str:
    """Keep one with an account, move it, begin others. Returns the address of one that was begun."""
    manager = Browser(app, things.people["manager"])
    manager.post(things.links["resume elsewhere"])
    elsewhere = f"/assessments/{things.elsewhere.assessment_id}"
    manager.post(f"{elsewhere}/claim", to=str(things.farm.id), site="new", site_name="Wroxham", name="Fen Edge")
    manager.drawn(f"{elsewhere}/move", site="new", site_name="Acle", to=str(things.farm.id))
    manager.post(f"{elsewhere}/again", bank="car_washes", site="new", site_name="Acle")
    begun = manager.post(
        f"/organisations/{things.farm.id}/begin", bank="car_washes", site="new", site_name="Hoveton", length="full"
    )
    return str(begun.headers["Location"]).rstrip("/")


def colleagues(app: Flask, things: Things, here: str) -> None:
    """Parts given away, answers that differ, comments, and words taken out."""
    manager, colleague = Browser(app, things.people["manager"]), Browser(app)
    made = manager.post(f"{here}/delegation/section/people", note="wages office", days="14")
    colleague.post(_link(made))
    manager.drawn(f"{here}/sections/people", core_people_peak="7777")
    hers = "/delegated/" + _id(made)
    colleague.drawn(hers, core_people_peak="8888")
    colleague.drawn(hers, done="yes")
    colleague.post(f"{hers}/not-done")
    colleague.drawn(hers, done="yes")
    manager.post(f"{here}/delegation/{_id(made)}/back", words="Count the pickers too")
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
    manager.post(f"{talk}/settle")
    manager.drawn(f"{here}/purchases", "/add", own="canary nets")
    confirm = manager.drawn(f"{here}/words")
    manager.post(f"{here}/words/out", **confirm.fields("/words/out"))


def signing(app: Flask, things: Things) -> None:
    """Somebody senior by a link, then a member with that role."""
    here = f"/assessments/{things.submission.assessment_id}/sign-off"
    manager, signer, reviewer = (
        Browser(app, things.people["manager"]),
        Browser(app, things.people["signer"]),
        Browser(app),
    )
    manager.post(here, note="director")
    reviewer.post(things.links["review"])
    hers = f"/signing/{things.arguments['request_id']}"
    reviewer.post(f"{hers}/back", words="Say who does the training")
    reviewer.post(hers, **JO)
    reviewer.post(f"{hers}/leave")
    manager.post(f"{here}/take-back")
    manager.post(f"{here}/{things.arguments['request_id']}/end")
    signer.post(f"{here}/read/back", words="Say more", number="1")
    signer.post(f"{here}/read", **SIGNED_BY)


def helping(app: Flask, things: Things) -> None:
    """A coordinator who is asked, comes, answers and goes; then the business ends it."""
    manager, desk = Browser(app, things.people["manager"]), Browser(app, things.people["coordinator"])
    here = f"/assessments/{things.submission.assessment_id}"
    for end in ("business", "desk"):
        code = manager.post(f"{here}/together", mode="phone").soup.select_one("#code")
        assert code is not None
        desk.post("/desk/together", code=code.get_text().strip())
        if end == "business":
            manager.post(f"{here}/together/end")
        else:
            desk.drawn("/desk/together", "/stop")


def sharing(app: Flask, things: Things) -> None:
    """A share is given, changed, sent anew, taken up and ended."""
    manager, buyer = Browser(app, things.people["manager"]), Browser(app, things.people["other_buyer"])
    here = f"/assessments/{things.submission.assessment_id}/share"
    manager.post(f"{here}/new", email="other_buyer@people.example", buyer="The Shop", scope="plan", days="30")
    one = manager.get(here).soup.select("a[href*='/share/with/']")
    addresses = {str(link["href"]) for link in one} - {f"{here}/with/{things.arguments['grant_id']}"}
    (address,) = addresses
    manager.post(f"{address}/again")
    buyer.post(buyer.mailed("/shared/accept/"), **{"for": "me"})
    grant = address.rsplit("/", 1)[1]
    _talk(buyer, f"/shared/{grant}/talk", manager, f"{here}/{grant}/talk")
    manager.post(address, scope="buyer_copy", days="90")
    manager.post(f"{address}/end")


def _talk(buyer: Browser, theirs: str, manager: Browser, ours: str) -> None:
    """A comment, dates proposed and agreed to by either side, one put into the plan, and words taken back."""
    step = str(buyer.get(theirs).soup.select("main a[href*='?step=']")[0]["href"]).rsplit("=", 1)[1]
    for one, other in ((buyer, theirs), (manager, ours)), ((manager, ours), (buyer, theirs)):
        one[0].post(one[1], step=step, date="27 3 2027")
        other[0].post(f"{other[1]}/date", step=step, due="2027-03-27", says="yes")
    manager.post(f"{ours}/plan", step=step)
    buyer.post(theirs, words="Thank you.")
    buyer.post(f"{theirs}/5/take-back")
    manager.post(ours, words="Thank you.")
    manager.post(f"{ours}/6/take-back")


def files(app: Flask, things: Things) -> dict[str, Any]:
    """The files of a buyer and of an organisation, which are ordered by looking and again by a button."""
    manager, buyer = Browser(app, things.people["manager"]), Browser(app, things.people["recipient"])
    with database_of(app).writing() as session:
        add(session, things.council.id, Details("A supplier"), TODAY, by=None)
    return {
        f"/organisations/{things.farm.id}/cover/making": manager,
        f"/organisations/{things.council.id}/suppliers/picture/summary/making": buyer,
        f"/shared/{things.arguments['grant_id']}/making": buyer,
    }


def _link(made: Page) -> str:
    found = made.soup.select_one("#link")
    assert found is not None
    return str(found["value"]).removeprefix(HOST)


def _id(made: Page) -> str:
    """The id of the part, from the way on."""
    found = next(str(a["href"]) for a in made.soup.select("a[href*='/delegation/']"))
    return found.rsplit("/", 1)[1]
