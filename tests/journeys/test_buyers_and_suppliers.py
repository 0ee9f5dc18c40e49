"""A council asks its suppliers, and one of them asks its own: the whole way of a list of suppliers, by the people who walk it.

The people: a buyer at a council; the owner of a car wash, without an account and then with one; a crew that works for the car
wash; and a farm that says no. Each reads the letters that were written to it, and sees only what was shared with it.
"""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.buyer import (
    HONEST,
    NOTHING,
    NUMBERS_AND_NAMES,
    answers_what_was_asked,
    asks_one_supplier,
    begins_as_buyer,
    enters_a_contract,
    may_be_named,
    may_buy,
    notes_a_call,
    opens_the_letter,
    says_no,
    sends_a_list,
    shares_it,
    shows_the_chain,
    takes,
    waits_for,
)
from tests.journeys.conftest import Installation
from tests.journeys.person import ANSWERS, Person, answers_and_agrees, proposes_a_date, runs_scripts, signs_up, somebody
from tests.journeys.received_mail import ReceivedMail, link_in

pytestmark = pytest.mark.journey

WASH, FARM, CREW = "Sparkle Hand Car Wash", "Fen Edge Farm", "Wensum Wash Crew"
LIST = """name,email,phone,sector,area,spend
Sparkle Hand Car Wash,{wash},01603 123456,car_washes,norfolk,"£12,500"
Fen Edge Farm,{farm},01603 123457,farming,norfolk,40k
,nobody@nameless.example,,car_washes,norfolk,
Quick Shine,not an address,,car_washes,norfolk,
Norfolk Valeting Ltd,desk@valeting.example,,car_washes,norfolk,900
Norfolk Valeting Limited,depot@valeting.example,,car_washes,norfolk,
"""


@dataclass(frozen=True)
class World:
    """Where all of this happens, and how people there are called: each kind of browser has a council of its own."""

    installation: Installation
    letters: ReceivedMail
    folder: Path
    scripts: bool
    kind: str

    @property
    def council(self) -> str:
        return f"Breckland Council, {self.kind}"

    def mail(self, who: str, where: str) -> str:
        return f"{who}@{where}-{self.kind}.example"


def test_a_council_its_suppliers_and_theirs(
    context: BrowserContext, browser: Browser, installation: Installation, letters: ReceivedMail, tmp_path: Path
) -> None:
    scripts = runs_scripts(context)
    world = World(installation, letters, tmp_path, scripts, "phone" if scripts else "desk")
    buyer = Person(context.new_page(), installation.address)
    mail = world.mail("ada", "breckland-council")
    board = begins_as_buyer(buyer, installation, letters, mail, "Ada Marsh", world.council, scripts=scripts)
    brings_in_a_list(buyer, world)
    with somebody(browser, buyer, scripts=scripts) as owner, somebody(browser, buyer, scripts=scripts) as farm:
        request = opens_the_letter(owner, letters, world.mail("owner", "sparkle"), world.council, scripts=scripts)
        home = answers_what_was_asked(owner, world.council, WASH, "car_washes medium", scripts=scripts)
        shares_it(owner, world.council, scripts=scripts)
        copy = they_agree_on_a_date(buyer, owner, board, home, world)
        the_buyer_works_with_its_list(buyer, board, copy, world)
        a_farm_says_no(farm, buyer, board, world)
        organisation = becomes_an_organisation(owner, home, request, world)
        with somebody(browser, buyer, scripts=scripts) as crew:
            asks_its_own_supplier(owner, crew, world)
            nothing_odd(crew)
        the_chain_is_shown_and_taken_back(owner, buyer, board, organisation, world)
        nothing_odd(owner)
        nothing_odd(farm)
    puts_two_entries_together_and_apart(buyer, board, world)
    nothing_odd(buyer)


def nothing_odd(person: Person) -> None:
    """Nothing was asked for elsewhere, and the browser had nothing to remark on."""
    assert person.elsewhere == []
    assert person.said == []


def brings_in_a_list(buyer: Person, world: World) -> None:
    """Two bad rows are shown with their numbers; the good ones are asked, once."""
    file = world.folder / "suppliers.csv"
    file.write_text(LIST.format(wash=world.mail("owner", "sparkle"), farm=world.mail("office", "fen-edge")))
    buyer.follows("Add many from a file")
    sends_a_list(buyer, file, scripts=world.scripts)
    assert buyer.heading == "We read 6 rows"
    assert "Row 4, name: Enter the name of the supplier." in buyer.words
    assert "Row 5, email: Enter an email address, like name@example.org" in buyer.words
    buyer.presses("Ask 4 suppliers")
    waits_for(buyer, "Your list is done", scripts=world.scripts)
    buyer.looks(scripts=world.scripts)
    assert "4 suppliers: asked 2 rows: to be repaired" in buyer.words
    buyer.page.get_by_role("link", name="Add suppliers from a file").click()
    sends_a_list(buyer, file, scripts=world.scripts)
    assert "4 suppliers were asked before and will not be asked again." in buyer.words
    assert "Nobody is left to ask" in buyer.words
    buyer.presses("Bring my list up to date")
    waits_for(buyer, "Your list is done", scripts=world.scripts)
    assert "4 suppliers: asked before, so not asked again" in buyer.words


def they_agree_on_a_date(buyer: Person, owner: Person, board: str, home: str, world: World) -> str:
    """The board shows what was shared; the copy is read, a date proposed, answered and agreed. Returns the address of the copy."""
    opens_supplier(buyer, board, WASH, world)
    assert "The supplier shares its result with you." in buyer.words
    assert HONEST in buyer.words
    words = buyer.words
    assert (
        words.index("Stay and help fix it")
        < words.index("How it stands")
        < words.index("Quick check done: it has no band.")
    )
    buyer.follows("Copy of ")
    buyer.looks(scripts=world.scripts)
    assert buyer.heading == f"Buyer copy for {WASH}"
    copy = buyer.page.url
    proposes_a_date(buyer, WASH, scripts=world.scripts)
    talk = buyer.page.url
    answers_and_agrees(owner, home, world.council, scripts=world.scripts)
    buyer.opens(talk)
    buyer.looks(scripts=world.scripts)
    assert ANSWERS in buyer.words
    assert "Agreed: by" in buyer.words
    return copy


def opens_supplier(buyer: Person, board: str, name: str, world: World) -> None:
    buyer.opens(board)
    buyer.looks(scripts=world.scripts)
    buyer.page.locator("main table").get_by_role("link", name=name, exact=True).click()
    buyer.looks(scripts=world.scripts)
    assert buyer.heading == name


def the_buyer_works_with_its_list(buyer: Person, board: str, copy: str, world: World) -> None:
    """Whom to call, a call, its trail, the picture and its paper, a contract, all plans in one file, and the list as a table."""
    buyer.opens(board)
    buyer.follows("Suppliers to contact first")
    buyer.looks(scripts=world.scripts)
    assert HONEST in buyer.words
    buyer.follows("Note the call")
    notes_a_call(buyer, scripts=world.scripts)
    assert "The activity log of " in buyer.heading
    buyer.follows("Overview")
    buyer.looks(scripts=world.scripts)
    assert "0 of 4 suppliers show a band." in buyer.words
    buyer.follows("Print a summary for your board")
    buyer.looks(scripts=world.scripts)
    with pikepdf.open(takes(buyer, "Make the PDF").path()) as paper:
        assert 1 <= len(paper.pages) <= 4
    buyer.opens(copy)
    buyer.follows("This supplier on your list")
    assert buyer.heading == WASH
    enters_a_contract(buyer, WASH, scripts=world.scripts)
    takes_files_away(buyer, world)


def takes_files_away(buyer: Person, world: World) -> None:
    """All plans, and the list as a table. Without scripts the table alone: both are ordered and waited for on the same pages."""
    buyer.follows("Files to download")
    buyer.looks(scripts=world.scripts)
    if world.scripts:
        takes_the_plans(buyer, world)
    buyer.presses("Order a CSV file")
    waits_for(buyer, "Your file is ready", scripts=world.scripts)
    rows = list(csv.DictReader(takes(buyer, "Download the file").path().read_text("utf-8-sig").splitlines()))
    assert [row["How it stands"] for row in rows if row["Supplier"] == WASH] == ["Shared"]
    assert len(rows) == 4


def takes_the_plans(buyer: Person, world: World) -> None:
    buyer.presses("Order the plans")
    waits_for(buyer, "Your file is ready", scripts=world.scripts)
    buyer.looks(scripts=world.scripts)
    with zipfile.ZipFile(takes(buyer, "Download the file").path()) as bundle:
        plans = [name for name in bundle.namelist() if name.endswith(".pdf")]
        assert len(plans) == 1
        assert "own answers; not a finding; not for selection or exclusion" in bundle.read("READ-ME.txt").decode()
        with pikepdf.open(BytesIO(bundle.read(plans[0]))) as plan:
            assert WASH in str(plan.docinfo.get("/Title", ""))
    buyer.page.get_by_role("link", name="Files to download").first.click()


def a_farm_says_no(farm: Person, buyer: Person, board: str, world: World) -> None:
    """The reason stands on the board’s page, and no more mail comes once that was asked for."""
    subject, body = world.letters.next_to(world.mail("office", "fen-edge"))
    assert world.council in subject + body
    landing, stop = (
        link_in(body),
        next(line for line in body.splitlines() if "/supplier-invitations/unsubscribe/" in line),
    )
    farm.opens(landing)
    farm.presses("Go on")
    says_no(farm, world.council, scripts=world.scripts)
    farm.opens(stop)
    farm.looks(scripts=world.scripts)
    farm.presses("No more emails")
    farm.looks(scripts=world.scripts)
    assert farm.heading == "No more emails come"
    opens_supplier(buyer, board, FARM, world)
    assert "It says it has no time just now" in buyer.words
    written = [to for _, to in world.letters.postbox.envelopes if world.mail("office", "fen-edge") in to]
    assert len(written) == 1, "one letter, though it stood in the file twice sent"


def becomes_an_organisation(owner: Person, home: str, request: str, world: World) -> str:
    """An account, the self-check kept with an organisation that buys too. Returns the address of the organisation."""
    owner.opens(f"{home}/")
    owner.follows("Keep this with an account")
    owner.looks(scripts=world.scripts)
    owner.follows("Make an account")
    signs_up(owner, world.letters, world.mail("owner", "sparkle"), "Jo Fenn", scripts=False)
    owner.looks(scripts=world.scripts)
    owner.page.get_by_label("Name of your organisation").fill(WASH)
    owner.page.get_by_label("Which place is this about?").fill("Acle Road yard")
    owner.presses("Keep it with this account")
    owner.looks(scripts=world.scripts)
    owner.opens(request)
    owner.looks(scripts=world.scripts)
    assert f"You said that this is about {WASH}." in owner.words
    owner.opens("/account")
    owner.follows("Your organisations")
    owner.looks(scripts=world.scripts)
    owner.follows(WASH)
    owner.looks(scripts=world.scripts)
    return owner.page.url


def asks_its_own_supplier(owner: Person, crew: Person, world: World) -> None:
    """The car wash buys too, with its name confirmed; the crew may be named, and says no to the questions."""
    board = may_buy(owner, world.installation, "Jo Fenn", scripts=world.scripts)
    mail = world.mail("crew", "wensum")
    asks_one_supplier(owner, board, CREW, mail, scripts=world.scripts)
    opens_the_letter(crew, world.letters, mail, WASH, scripts=world.scripts)
    may_be_named(crew, WASH, CREW, scripts=world.scripts)
    says_no(crew, WASH, scripts=world.scripts)


def the_chain_is_shown_and_taken_back(
    owner: Person, buyer: Person, board: str, organisation: str, world: World
) -> None:
    """The council sees the crew by name for as long as the car wash shows it, and not a moment longer."""
    buyer.opens(f"{board}/supply-chain")
    buyer.looks(scripts=world.scripts)
    assert CREW not in buyer.page.content()
    about = shows_the_chain(owner, organisation, world.council, NUMBERS_AND_NAMES, scripts=world.scripts)
    expect(about).to_contain_text(CREW)
    opens_supplier(buyer, board, WASH, world)
    buyer.follows("Its own suppliers")
    buyer.looks(scripts=world.scripts)
    assert f"{CREW} (name not confirmed)" in buyer.words
    buyer.follows("Your whole supply chain")
    buyer.looks(scripts=world.scripts)
    assert CREW in buyer.words
    shows_the_chain(owner, organisation, world.council, NOTHING, scripts=world.scripts)
    buyer.opens(f"{board}/supply-chain")
    buyer.looks(scripts=world.scripts)
    assert CREW not in buyer.page.content()


def puts_two_entries_together_and_apart(buyer: Person, board: str, world: World) -> None:
    buyer.opens(board)
    buyer.follows("Entries that may be the same")
    buyer.looks(scripts=world.scripts)
    assert "1 pair on your list looks alike." in buyer.words
    buyer.follows("Look at both")
    buyer.looks(scripts=world.scripts)
    buyer.presses("Merge them")
    buyer.looks(scripts=world.scripts)
    together = buyer.page.url
    buyer.opens(board)
    expect(buyer.page.get_by_role("link", name="Norfolk Valeting")).to_have_count(1)
    buyer.opens(together)
    buyer.presses("Split")
    buyer.looks(scripts=world.scripts)
    buyer.opens(board)
    expect(buyer.page.get_by_role("link", name="Norfolk Valeting")).to_have_count(2)
