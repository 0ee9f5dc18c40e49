"""What a business without an account does, from the first click to the end."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from assess.assessments.links import make_resume_link
from assess.kit.db import database
from assess.kit.jobs.models import Job, JobState
from assess.kit.mail.models import Outgoing
from tests.conftest import TODAY, Visitor
from tests.plans.conftest import Submitted


def first_sight(visit: Visitor) -> None:
    """From the first click to the submission, and what can be done around it."""
    visit("/start/car_washes")
    home = visit.send(length="quick").address.split("/link")[0] + "/"
    visit(f"{home}link")
    link = visit.send(pin="").soup.select_one("#link")["value"].removeprefix("http://localhost:5000")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    visit(home)
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
    visit.send("/keep", follow=False)
    visit(f"{home}link")
    visit.send("/end")
    visit(f"{home}link")
    visit.send("/others")
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
    colleague.send("decide", pick="mine")
    visit(f"{item}/history")
    visit.send("back")
    visit(f"{here}/result/actions")
    visit.send("/done", follow=False)
    visit(f"{item}/proof")
    visit.send(title="Blue folder", kind="records", grade="said")
    visit(f"{item}/proof/1")
    visit.send(title="Red folder")
    visit(f"{here}/result/actions/all-the-rest")
    visit.send()
    visit.send("undo")
    visit(f"{here}/calendar")
    visit.send("/calendar")
    visit(f"{here}/calendar")
    visit.send("/end")
    steps = visit(f"{here}/result/what-if").soup.select("input[name=step]")
    visit.send(step=str(steps[0]["value"]))


def the_files(app: Flask, visit: Visitor, buyer: Visitor, submitted: Submitted) -> None:
    """Files that could not be made are ordered once more."""
    here = submitted.address
    buyer(f"/b/{submitted.buyer_token}")
    copy = buyer.send().address
    waiting = [(visit, f"{here}/making/plan"), (visit, f"{here}/papers/time-sheet/making"), (buyer, f"{copy}/making")]
    for who, address in waiting:
        who(address)
    with app.extensions["assess.database"].writing() as session:
        for job in session.scalars(select(Job)):
            job.state, job.error, job.place = JobState.SET_ASIDE, "KeyError", "press.py:9 press"
    for who, address in waiting:
        who(address)
        who.send("/making/plan" if address.endswith("plan") else "/making", follow=False)


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
    with app.extensions["assess.database"].reading() as look:
        confirming, stopping = look.scalars(select(Outgoing.body).order_by(Outgoing.id)).all()
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
