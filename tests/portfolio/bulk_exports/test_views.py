from __future__ import annotations

import io
import re
import uuid
import zipfile
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from assess.core.models import Job, JobState
from assess.identity.models import Membership, Role
from assess.portfolio.bulk_exports.services import MISSING_PLAN_REASONS
from assess.portfolio.models import FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.sharing.services import end_share_grant
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.portfolio.bulk_exports.conftest import Council
from tests.suppliers.factories import a_buyer

SENTENCE = "The businesses’ own answers. Not a finding. Not for selection or exclusion."


def here(council: Council) -> str:
    return f"/organisations/{council.id}/suppliers/exports"


def test_a_bundle_is_ordered_watched_and_downloaded(bea: Visitor, office: Council, press: list[str]) -> None:
    page = bea(here(office))
    assert SENTENCE in page.text
    assert "Nothing yet." in page.text
    page = bea.send("/bundle")
    assert page.heading == "Your file is being made"
    assert "It is waiting for its turn." in page.text
    waits = bea.client.get(page.address, headers={"Accept": "text/plain"})
    assert (waits.status_code, waits.mimetype, waits.headers["Retry-After"]) == (202, "text/plain", "2")
    assert bea.client.get(f"{page.address}/download").headers["Location"] == page.address
    office.work()
    assert len(press) == 3
    ready = bea(page.address, headers={"Accept": "text/plain"})
    assert (ready.status, ready.heading) == (200, "Your file is ready")
    assert "It is kept until 1 December 2026." in ready.text
    answer = bea.client.get(f"{page.address}/download")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plans-2026-11-24.zip"'
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "private, no-store")
    assert answer.is_streamed
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert sum(name.endswith(".pdf") for name in archive.namelist()) == 3
    listed = bea(here(office))
    assert re.search(
        r"Ready, 1 kB\. Kept until 1 December 2026\. Ordered on 24 November 2026 by Bea Buyer", listed.text
    )


def test_how_far_it_is_is_said_in_words(bea: Visitor, office: Council) -> None:
    bea(here(office))
    page = bea.send("/bundle")
    with office.database.writing() as session:
        file = session.query(PortfolioFile).one()
        file.total, file.done, file.began_at = 300, 142, TODAY - 142 * timedelta(seconds=1.5)
        session.query(Job).one().state = JobState.RUNNING
    words = "142 of 300 plans printed, about 4 minutes left."
    assert words in bea(page.address).text
    assert bea.client.get(page.address, headers={"Accept": "text/plain"}).text == words
    assert words in bea(here(office)).text
    soup = bea(f"{page.address}?poll=3").soup
    assert f'content="2; url={page.address}?poll=4"' in str(soup.select_one("head noscript"))
    assert bea(f"{page.address}?poll=60").soup.select_one("head noscript") is None


def test_what_takes_long_is_asked_for_less_often(bea: Visitor, office: Council) -> None:
    bea(here(office))
    page = bea.send("/bundle")
    for seconds, pause in ((29, "2"), (30, "6")):
        bea.client.application.config["CLOCK"] = lambda seconds=seconds: TODAY + timedelta(seconds=seconds)
        waits = bea.client.get(page.address, headers={"Accept": "text/plain"})
        assert waits.headers["Retry-After"] == pause
        assert f'content="{pause}; ' in str(bea(page.address).soup.select_one("head noscript"))


def test_it_can_be_cancelled_taken_up_again_and_deleted(bea: Visitor, office: Council, press: list[str]) -> None:
    bea(here(office))
    address = bea.send("/bundle").address
    page = bea.send("/stop")
    assert page.heading == "This order was stopped"
    office.work()
    assert press == []
    assert "Stopped." in bea(here(office)).text
    bea(address)
    assert bea.send("/resume").heading == "Your file is being made"
    office.work()
    assert bea(address).heading == "Your file is ready"
    page = bea.send("/delete")
    assert (page.address, "Nothing yet." in page.text) == (here(office), True)
    assert bea(address).status == 404


def test_what_is_left_out_is_named_with_the_reason(bea: Visitor, office: Council, press: list[str]) -> None:
    with office.database.writing() as session:
        end_share_grant(session, office.grant(session, "Acle Fruit"), TODAY)
    bea(here(office))
    address = bea.send("/bundle").address
    assert f"Acle Fruit: {MISSING_PLAN_REASONS[PlanState.OVER]}" in bea(address).text
    office.work()
    assert len(press) == 2
    with office.database.writing() as session:
        plan = session.query(PortfolioFilePlan).filter_by(number=2).one()
        plan.state = PlanState.FAILED
    assert f"Fen Edge Growers: {MISSING_PLAN_REASONS[PlanState.FAILED]}" in bea(address).text
    assert bea.send("/resume").heading == "Your file is being made"


def test_what_could_not_be_made_says_so_and_is_tried_again(bea: Visitor, office: Council, press: list[str]) -> None:
    bea(here(office))
    address = bea.send("/bundle").address
    with office.database.writing() as session:
        session.query(Job).one().state = JobState.FAILED
    page = bea(address)
    assert page.heading == "Sorry, we could not make the file"
    assert "It could not be made." in bea(here(office)).text
    bea(address)
    assert bea.send("/resume").heading == "Your file is being made"
    office.work()
    assert (bea(address).heading, len(press)) == ("Your file is ready", 3)


@pytest.mark.parametrize(("kind", "starts"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_list_is_taken_as_a_spreadsheet_and_goes_with_a_share(
    bea: Visitor, office: Council, kind: str, starts: bytes
) -> None:
    bea(here(office))
    address = bea.send("/spreadsheet", kind=kind).address
    office.work()
    page = bea(address)
    assert SENTENCE in page.text
    answer = bea.client.get(f"{address}/download")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="suppliers-2026-11-24.{kind}"'
    assert answer.get_data().startswith(starts)
    with office.database.writing() as session:
        end_share_grant(session, office.grant(session, "Acle Fruit"), TODAY)
    page = bea(address)
    assert page.heading == "This file was deleted"
    assert "Deleted, because what a supplier shares has changed." in bea(here(office)).text
    assert bea.client.get(f"{address}/download").status_code == 303
    bea(address)
    bea.send("/resume")
    office.work()
    assert bea(address).heading == "Your file is ready"


def test_the_filter_of_the_board_and_picked_suppliers_are_kept(bea: Visitor, office: Council) -> None:
    query = "q=Fen&band=none&band=low&band=medium&band=high&band=critical&sort=due"
    page = bea(f"{here(office)}?{urlencode({'filter': query})}")
    assert "Name or reference: “Fen”." in page.text
    page = bea.send("/bundle")
    assert "Name or reference: “Fen”." in page.text
    assert "Band: High, Low, Medium or No band to show." in page.text
    token = page.fields("/stop")["csrf_token"]
    picked = [str(office.suppliers[name]) for name in ("Acle Fruit", "Wash Packers")]
    sent = bea.client.post(f"{here(office)}/bundle", data={"csrf_token": token, "supplier": picked})
    assert "2 suppliers that you picked." in bea(sent.headers["Location"]).text
    assert bea.client.post(f"{here(office)}/bundle", data={"csrf_token": token, "supplier": "no id"}).status_code == 400


def test_nothing_to_order_is_said_in_one_sentence_and_nothing_is_lost(bea: Visitor, office: Council) -> None:
    office.supplier("Zinnia Hotel", scope=None)
    bea(f"{here(office)}?filter=q%3Dnobody")
    page = bea.send("/bundle")
    assert page.status == 422
    assert "No supplier on your list fits that." in page.text
    assert page.fields("/bundle")["filter"] == ["q=nobody"]
    assert "No supplier on your list fits that." in bea.send("/spreadsheet").text
    bea(f"{here(office)}?filter=q%3DZinnia")
    assert "None of these suppliers shares a plan with you" in bea.send("/bundle").text
    with office.database.reading() as session:
        assert session.query(PortfolioFile).count() == 0


def test_nobody_else_finds_any_of_it(app: Flask, bea: Visitor, another_visit: Visitor, office: Council) -> None:
    bea(here(office))
    address = bea.send("/bundle").address
    with database_of(app).writing() as session:
        eve = a_person(session, "eve@else.example")
        other = a_buyer(session, "Another council", buyer=eve)
        session.add(Membership(organisation_id=office.id, person_id=eve.id, role=Role.MANAGER, made_at=TODAY))
    sign_in(another_visit, app, eve)
    theirs = address.replace(str(office.id), str(other.id))
    for asked in (address, theirs, f"{address}/download", f"{theirs}/download", here(office)):
        assert another_visit.client.get(asked).status_code == 404, asked
    assert office.file(_id_in(address)).state is FileState.ORDERED


def _id_in(address: str) -> uuid.UUID:
    return uuid.UUID(address.rsplit("/", 1)[-1])
