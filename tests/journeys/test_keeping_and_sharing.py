"""A car wash begins without an account, is helped by a colleague, keeps it with an account, has it signed off, and shares it.

The people: the owner, a colleague, the senior partner who signs, a buyer, and an administrator of the installation. Nobody
but the owner and the partner sees an answer that was not meant for them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.conftest import ASSESS, Installation
from tests.journeys.person import (
    Person,
    answers_all,
    answers_of,
    begins,
    home_of,
    runs_scripts,
    says_name_and_password,
    says_who_it_is,
    sets_up_an_app,
    signs_in_with_both_steps,
    signs_out,
    signs_up,
    somebody,
    starts_answering,
)
from tests.journeys.received_mail import ReceivedMail, link_in

pytestmark = pytest.mark.journey

WASH, COUNCIL = "Sparkle Hand Car Wash", "Breckland Fleet Services"
ASKED, FIRST_SAID, FIRST_READ, COLLEAGUE_SAYS = "core_people_peak", "437", "437", "7"
MAY_BE_SAID = ("404 (NOT FOUND)", "Clear-Site-Data header on")
"""What the browser may remark on: pages that are refused because they ended, and leaving, at which it forgets what it kept."""


def test_five_people_and_one_self_check(
    context: BrowserContext, browser: Browser, installation: Installation, letters: ReceivedMail, tmp_path: Path
) -> None:
    scripts = runs_scripts(context)
    suffix = "phone" if scripts else "desk"
    buyers, desks = f"fleet@{suffix}.example", f"admin@{suffix}.example"
    owner = Person(context.new_page(), installation.address)
    home = begins_and_asks_a_colleague(owner, browser, scripts=scripts)
    keeps_it_with_an_account(owner, letters, home, f"jo@{suffix}.example", scripts=scripts)
    with somebody(browser, owner, scripts=scripts) as partner:
        has_it_signed_off(owner, partner, home, scripts=scripts)
        nothing_odd(partner)
    with somebody(browser, owner, scripts=scripts) as buyer, somebody(browser, owner, scripts=scripts) as desk:
        shares_with_a_buyer(owner, home, buyers, scripts=scripts)
        copy = takes_up_the_share(buyer, letters, buyers, scripts=scripts)
        reads_the_copy(buyer, tmp_path, scripts=scripts)
        sees_who_looked_and_ends_it(owner, buyer, home, copy, scripts=scripts)
        becomes_administrator(desk, installation, desks, scripts=scripts)
        looks_after_people_and_organisations(desk, home, buyers, scripts=scripts)
        buyer.opens("/shared")
        assert buyer.heading == "Sign in", "a disabled account opens nothing from the next click on"
        signs_out(desk, scripts=scripts)
        desk.opens("/staff/people")
        assert desk.heading == "Sign in"
        for person in (buyer, desk):
            nothing_odd(person)
    signs_out(owner, scripts=scripts)
    owner.opens(f"{home}/")
    assert WASH not in owner.page.content()
    nothing_odd(owner)


def nothing_odd(person: Person) -> None:
    """Nothing was asked for elsewhere, and the browser had nothing to remark on."""
    assert person.elsewhere == []
    assert [words for words in person.said if not any(known in words for known in MAY_BE_SAID)] == []


def begins_and_asks_a_colleague(owner: Person, browser: Browser, *, scripts: bool) -> str:
    """The full assessment, with one part answered by somebody else. Returns the address of the assessment."""
    begins(owner, "Car washes", "full assessment", scripts=False)
    says_who_it_is(owner, WASH, scripts=False)
    home = home_of(owner)
    answers = answers_of("car_washes medium")
    starts_answering(owner)
    part = owner.page.url
    answers_all(owner, {**answers, ASKED: FIRST_SAID}, stop_after=1, scripts=False)
    owner.opens(f"{home}/")
    owner.follows("Ask a colleague to answer a part")
    owner.looks(scripts=scripts)
    owner.page.locator(f'main a[href$="/delegation/section/{part.rsplit("/", 1)[1]}"]').click()
    owner.looks(scripts=scripts)
    owner.page.get_by_label("Whom is it for?").fill("wages office")
    owner.presses("Make the link")
    owner.looks(scripts=scripts)
    link = owner.page.locator("#link").input_value()
    with somebody(browser, owner, scripts=scripts) as colleague:
        answers_her_part(colleague, link, scripts=scripts)
    takes_what_the_colleague_said(owner, home, part, scripts=scripts)
    answers_all(owner, {**answers, ASKED: COLLEAGUE_SAYS}, stop_after=None, scripts=False)
    owner.opens(f"{home}/check")
    owner.chooses("I have read these twice")
    owner.presses("Submit")
    assert "/result" in owner.page.url
    return home


def answers_her_part(colleague: Person, link: str, *, scripts: bool) -> None:
    colleague.opens(link)
    colleague.looks(scripts=scripts)
    assert WASH not in colleague.page.content()
    colleague.presses("Go on")
    colleague.looks(scripts=scripts)
    sees_nothing_said_before(colleague)
    assert colleague.page.locator("main input:checked").count() == 0
    colleague.answers_page({ASKED: COLLEAGUE_SAYS})
    colleague.presses("Save, and say that I am done")
    colleague.looks(scripts=scripts)
    assert "You said that you are done. Thank you." in colleague.words
    sees_nothing_said_before(colleague)
    colleague.presses("Leave on this device")
    colleague.looks(scripts=scripts)
    nothing_odd(colleague)


def sees_nothing_said_before(colleague: Person) -> None:
    shown = colleague.page.content()
    assert FIRST_SAID not in shown
    assert FIRST_READ not in shown


def takes_what_the_colleague_said(owner: Person, home: str, part: str, *, scripts: bool) -> None:
    owner.opens(f"{home}/delegation")
    owner.looks(scripts=scripts)
    assert "1 answer of a colleague differs from what was there." in owner.words
    owner.follows("Look at both answers")
    owner.looks(scripts=scripts)
    assert f"Keep what is saved now: {FIRST_READ} people" in owner.words
    owner.chooses("Take your colleague’s answer (wages office)")
    owner.presses("Save and continue")
    owner.looks(scripts=scripts)
    owner.opens(f"{home}/delegation")
    owner.page.locator("main .assess-panel a").first.click()
    owner.looks(scripts=scripts)
    assert "You took 1 answer of your colleague" in owner.words
    owner.follows("Go to the part with its answers")
    assert owner.page.url == part
    assert owner.page.locator(f'input[name="{ASKED}"]').input_value() == COLLEAGUE_SAYS


def keeps_it_with_an_account(owner: Person, letters: ReceivedMail, home: str, email: str, *, scripts: bool) -> None:
    owner.opens(f"{home}/result")
    owner.follows("Share and keep")
    owner.looks(scripts=scripts)
    owner.follows("Keep this with an account")
    owner.looks(scripts=scripts)
    assert owner.heading == "Sign in"
    owner.follows("Make an account")
    signs_up(owner, letters, email, "Jo Fenn", scripts=scripts)
    assert owner.heading == "Keep this with an account", "she is where she wanted to go"
    owner.page.get_by_label("Name of your organisation").fill(WASH)
    owner.page.get_by_label("Which place is this about?").fill("Acle Road yard")
    owner.chooses("Yes, end all old links and visits")
    owner.presses("Keep it with this account")
    owner.looks(scripts=scripts)
    assert f"It is kept with {WASH}, Acle Road yard." in owner.words
    owner.follows(f"All plans of {WASH}")
    owner.looks(scripts=scripts)
    assert "Acle Road yard: Car washes" in owner.words


def has_it_signed_off(owner: Person, partner: Person, home: str, *, scripts: bool) -> None:
    owner.opens(f"{home}/")
    owner.follows("Ask somebody senior to sign it off")
    owner.looks(scripts=scripts)
    assert "Nobody has signed it off yet." in owner.words
    owner.presses("Make a link")
    owner.looks(scripts=scripts)
    partner.opens(owner.page.locator("#link").input_value())
    partner.looks(scripts=scripts)
    assert WASH not in partner.page.content()
    partner.presses("Open the plan")
    partner.looks(scripts=scripts)
    assert WASH in partner.words
    partner.page.get_by_label("Your name").fill("Sam Reed")
    partner.page.get_by_label("Your job").fill("Partner")
    partner.chooses("I have read what is on this page, with all its steps.")
    partner.presses("Sign it off")
    partner.looks(scripts=scripts)
    assert "This plan is signed off: Sam Reed, Partner" in partner.words
    owner.follows("Continue")
    owner.looks(scripts=scripts)
    assert "Signed off by Sam Reed, Partner" in owner.words


def shares_with_a_buyer(owner: Person, home: str, buyers: str, *, scripts: bool) -> None:
    owner.opens(f"{home}/")
    owner.follows("Share with a buyer")
    owner.looks(scripts=scripts)
    owner.follows("Share with a named buyer")
    owner.looks(scripts=scripts)
    owner.page.get_by_label("The buyer’s email address").fill(buyers)
    owner.page.get_by_label("Name of the buyer’s organisation").fill(COUNCIL)
    owner.page.get_by_label("The short copy and your plan").check()
    owner.presses("Share it")
    owner.looks(scripts=scripts)
    assert f"We write to {buyers}" in owner.words


def takes_up_the_share(buyer: Person, letters: ReceivedMail, buyers: str, *, scripts: bool) -> str:
    """She makes an account by the mail, a second step, and her organisation, and takes it up for that. Returns the address."""
    subject, body = letters.next_to(buyers)
    assert body.startswith("Name not confirmed.")
    assert WASH not in body
    assert WASH not in subject
    offer = link_in(body)
    buyer.opens(offer)
    buyer.looks(scripts=scripts)
    assert WASH not in buyer.page.content(), "who is not signed in learns nothing"
    buyer.follows("Make an account")
    signs_up(buyer, letters, buyers, "Ada Marsh", scripts=scripts)
    buyer.opens("/account")
    buyer.page.get_by_role("link", name="Change second step").click()
    sets_up_an_app(buyer, scripts=scripts)
    begins_an_organisation_that_buys(buyer, scripts=scripts)
    buyer.opens(offer)
    buyer.looks(scripts=scripts)
    assert WASH in buyer.words
    assert "name not confirmed" in buyer.words
    buyer.chooses(COUNCIL)
    buyer.presses("Take it up")
    buyer.looks(scripts=scripts)
    return buyer.page.url


def begins_an_organisation_that_buys(buyer: Person, *, scripts: bool) -> None:
    buyer.opens("/account")
    buyer.follows("Your organisations")
    buyer.looks(scripts=scripts)
    buyer.follows("Begin an organisation")
    buyer.looks(scripts=scripts)
    buyer.page.get_by_label("Name", exact=True).fill(COUNCIL)
    buyer.presses("Begin")
    buyer.looks(scripts=scripts)
    buyer.follows("Change what Ada Marsh may do")
    buyer.looks(scripts=scripts)
    buyer.chooses("Buyer")
    buyer.presses("Save")
    buyer.looks(scripts=scripts)
    assert "What businesses share with you" in buyer.words


def reads_the_copy(buyer: Person, tmp_path: Path, *, scripts: bool) -> None:
    assert buyer.heading == f"Buyer copy for {WASH}"
    assert "own answers" in buyer.words
    assert "Signed off by a senior person" in buyer.words
    assert "Sam Reed" not in buyer.page.content(), "a buyer sees no name of whoever signed"
    copy = buyer.page.url
    with buyer.page.expect_download(timeout=60_000) as download:
        buyer.page.get_by_role("link", name="Take it with you (PDF)").click()
    download.value.save_as(tmp_path / "copy.pdf")
    with pikepdf.open(tmp_path / "copy.pdf") as pdf:
        assert WASH in str(pdf.docinfo.get("/Title", ""))
    buyer.opens("/shared")
    buyer.looks(scripts=scripts)
    assert WASH in buyer.words
    buyer.opens(copy)


def sees_who_looked_and_ends_it(owner: Person, buyer: Person, home: str, copy: str, *, scripts: bool) -> None:
    owner.opens(f"{home}/share")
    owner.looks(scripts=scripts)
    assert COUNCIL in owner.words
    assert "Looked at on" in owner.words
    owner.follows("Change it, or see who looked")
    owner.looks(scripts=scripts)
    assert "looked at the page" in owner.words
    assert "took a file" in owner.words
    owner.presses("End now")
    owner.looks(scripts=scripts)
    assert "You ended it on" in owner.words
    for address in (copy, f"{copy}/copy.pdf"):
        buyer.opens(address)
        assert buyer.heading == "This is no longer shared with you"
    buyer.opens("/shared")
    assert "Ended. Ask the business if you need it again." in buyer.words


def becomes_administrator(desk: Person, installation: Installation, email: str, *, scripts: bool) -> None:
    """By the link the command line prints, and a second step before anything opens."""
    told = subprocess.run(
        [ASSESS, "people", "invite-administrator", email],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    desk.opens(link_in(told.stdout))
    desk.looks(scripts=scripts)
    assert desk.heading == "Begin as administrator"
    says_name_and_password(desk, "Lee Warden")
    desk.looks(scripts=scripts)
    desk.opens("/staff/people")
    assert desk.heading == "Second step", "without a second step no desk opens"
    codes = sets_up_an_app(desk, scripts=scripts)
    signs_out(desk, scripts=scripts)
    signs_in_with_both_steps(desk, email, codes[0], scripts=scripts)


def looks_after_people_and_organisations(desk: Person, home: str, buyers: str, *, scripts: bool) -> None:
    """All people and organisations, and no answer of any. The buyer’s account is disabled."""
    desk.opens("/account")
    desk.follows("Staff area")
    desk.looks(scripts=scripts)
    desk.follows("Organisations")
    desk.looks(scripts=scripts)
    desk.follows(WASH)
    desk.looks(scripts=scripts)
    assert "Acle Road yard" in desk.words
    assert desk.page.locator('main a[href*="/assessments/"]').count() == 0
    for address in (f"{home}/", f"{home}/result", f"{home}/share"):
        desk.opens(address)
        assert WASH not in desk.page.content(), "an administrator sees no answers"
    desk.opens("/staff")
    desk.follows("People")
    desk.looks(scripts=scripts)
    desk.page.get_by_label("Find somebody").fill(buyers)
    desk.presses("Search")
    desk.follows(buyers)
    desk.looks(scripts=scripts)
    assert COUNCIL in desk.words
    desk.presses("Disable the account")
    desk.looks(scripts=scripts)
    assert ", disabled" in desk.words
