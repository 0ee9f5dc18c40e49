"""How long a save takes while one visitor without an account asks for the costliest pages as often as the limits of saving allow.

Run: python -m benchmarks.bench_anonymous [SECONDS]. 60 seconds unless told; 300 is the long form. The database holds an assessment with
as many of the worst words as it takes. Every page that its visitor can look at is measured once, and the five costliest are asked for,
120 a minute in all, while another business saves sections. Ends with 1 when a save takes more than half a second at the 95th percentile.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import uuid
from datetime import datetime
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from assess.app import create_app
from assess.assessments.comments import MAX_COMMENTS, MAX_COMMENTS_PER_QUESTION, CommentAuthor, add_comment
from assess.assessments.links import make_resume_link
from assess.assessments.models import Assessment, BuyerLink
from assess.assessments.submissions import submit_assessment
from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.links import hash_token, new_token
from assess.core.rate_limits import RateCounter
from assess.engine.record import sign_related_questions
from assess.question_banks.editions import current_edition
from benchmarks.server import Browser, Site, flood, percentile, serving, times
from tests.plans.records import scenario

PAGES = 5
A_MINUTE = 120
CONNECTIONS = 8
AT_MOST = 0.5
WORST = ("A1-A1-", "Aa ", "A A A ", "a.a.a.")
"""What the careful words take longest to look at."""


def words(number: int, length: int = 500) -> str:
    """The worst words, each time others."""
    return f"{number} {WORST[number % len(WORST)] * length}"[:length].strip()


def begin(client: FlaskClient) -> uuid.UUID:
    """Begin a full assessment as a visitor does."""
    soup = BeautifulSoup(client.get("/start?bank=farming").data, "html.parser")
    form = {"csrf_token": soup.select_one("input[name=csrf_token]")["value"], "bank": "farming", "length": "full"}  # type: ignore[index]  # it is there
    started = client.post("/start", data=form)
    return uuid.UUID(str(started.location).split("/assessments/")[1].split("/")[0])


def fill(database: Database, assessment_id: uuid.UUID, now: datetime) -> str:
    """As many words as it takes. Returns the token of a link that opens it."""
    with database.writing() as session:
        edition = current_edition(session, "farming")
        assert edition is not None
        made = submit_assessment(session, assessment_id, lambda _said: scenario("farming", "farming medium"), now)
        grave = sign_related_questions(edition.edition)
        questions = [one.id for one in edition.edition.questions() if one.id not in grave]
        for number in range(MAX_COMMENTS):
            question = questions[number // (MAX_COMMENTS_PER_QUESTION // 2)]
            add_comment(session, assessment_id, question, words(number), CommentAuthor(None), now, for_delegate=False)
        for number in range(200):
            link = BuyerLink(
                assessment_id=assessment_id, submission_id=made.id, token_hash=hash_token(new_token()), made_at=now
            )
            link.note, link.until = words(number, 100), now
            session.add(link)
        return make_resume_link(session, assessment_id, now).token


def costs(app: Flask, client: FlaskClient, assessment_id: uuid.UUID) -> list[tuple[float, str]]:
    """Seconds of every page about this assessment, and of every page that is about nothing, the costliest first."""
    found = []
    values = {
        "assessment_id": assessment_id,
        "section_id": "people",
        "question_id": "core_people_peak",
        "bank": "farming",
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments - set(rule.defaults or ()) <= values.keys():
            continue
        built = rule.build(
            {**(rule.defaults or {}), **{name: values[name] for name in rule.arguments if name in values}}
        )
        assert built is not None
        took = []
        for _ in range(2):  # once to be made ready, as in a site that runs
            begun = time.perf_counter()
            answer = client.get(built[1])
            answer.get_data()
            took.append(time.perf_counter() - begun)
        if answer.status_code in {200, 202}:
            found.append((min(took), built[1]))
        forget(app)
    return sorted(found, reverse=True)


def forget(app: Flask) -> None:
    """What is measured here is cost, not how often."""
    database: Database = app.extensions["assess.database"]
    with database.writing() as session:
        session.query(RateCounter).delete()


def enter(site: Site, token: str) -> Browser:
    """A browser that came by a link."""
    browser = Browser(site)
    browser.post(f"/r/{token}", [("csrf_token", browser.token(f"/r/{token}"))])
    return browser


def save(browser: Browser, section: str) -> float:
    """Seconds of sending the form of a section as it stands."""
    page = browser.get(section)
    fields = [
        (str(box["name"]), str(box.get("value", "")))
        for box in page.select("main form input[name]")
        if box.get("type") not in {"radio", "checkbox", "submit"} or box.has_attr("checked")
    ]
    took, statuses = times(browser.site, browser.request("POST", section, fields), 1)
    assert set(statuses) <= {303, 422}, statuses
    return took[0]


def main(seconds: float) -> int:
    """Measure, print, and say by the exit code whether saves stay fast."""
    with tempfile.TemporaryDirectory() as folder:
        figures, standard = os.fdopen(os.dup(1), "w"), os.dup(1)
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)  # the log lines of the site
        app = create_app(Settings(env="development", data_folder=Path(folder), operator_name="Bench"))
        database: Database = app.extensions["assess.database"]
        client, now = app.test_client(), system_clock()
        full, other = begin(client), begin(app.test_client())
        with app.app_context():
            token = fill(database, full, now)
            with database.writing() as session:
                assert session.get(Assessment, other) is not None
                others = make_resume_link(session, other, now).token
        worst = costs(app, client, full)[:PAGES]
        database.close()
        with serving(Path(folder)) as site:
            attacker, business = enter(site, token), enter(site, others)
            section = f"/assessments/{other}/sections/people"
            alone = [save(business, section) for _ in range(20)]
            looks = [attacker.request("GET", path) for _cost, path in worst]
            beside: list[float] = []
            with flood(site, looks, CONNECTIONS, CONNECTIONS * 60 / A_MINUTE) as statuses:
                until = time.perf_counter() + seconds
                while time.perf_counter() < until:
                    beside.append(save(business, section))
                    time.sleep(0.55)
        for cost, path in worst:
            print(f"anonymous: {cost * 1000:7.1f} ms {path.replace(str(full), '…')}", file=figures)
        high = percentile(beside, 95)
        print(
            f"anonymous: a save takes {statistics.median(alone) * 1000:.0f} ms alone; beside {A_MINUTE} of these a minute for "
            f"{seconds:g} s {statistics.median(beside) * 1000:.0f} ms, {high * 1000:.0f} ms at the 95th percentile of "
            f"{len(beside)} (aim: at most {AT_MOST * 1000:g}); {statuses}",
            file=figures,
            flush=True,
        )
        os.dup2(standard, 1)
    return 0 if high <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
