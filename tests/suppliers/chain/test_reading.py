from __future__ import annotations

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.people.models import NameState
from assess.plans.shares.granting import end
from assess.suppliers.chain.consenting import name_us, show
from assess.suppliers.chain.models import Shows
from assess.suppliers.chain.reading import PAGE, chain_of_buyer, chain_of_supplier, seen_by
from assess.suppliers.chain.rule import Stage
from assess.suppliers.inviting import take_back
from assess.suppliers.keeping import archive
from assess.suppliers.merging.keeping import put_together
from tests.conftest import TODAY
from tests.suppliers.chain.three import Three, names
from tests.suppliers.makers import a_buyer, answered, invited, later, shared


def test_each_link_needs_its_own_yes_and_a_name_is_its_owners(published: Database) -> None:
    with published.writing() as session:
        three = Three(session)
        assert three.seen() == ["1 Packhouse as we call it"]
        assert chain_of_buyer(session, three.council.id, TODAY).chain.nodes == []
        three.all_yes()
        assert three.seen() == ["1 Packhouse as we call it", "2 Fen Edge", "3 Nursery of the Fens"]
        chain = chain_of_supplier(session, three.entry, TODAY)
        farm = chain.nodes[0].below[0]
        assert (farm.confirmed, farm.below[0].confirmed, chain.levels) == (True, False, 3)
        name_us(session, three.below, "", TODAY, may=False)
        assert three.seen() == ["1 Packhouse as we call it"]
        name_us(session, three.below, "", TODAY, may=True)
        show(session, three.farm.id, three.packhouse.id, Shows.NUMBER, TODAY)
        assert three.seen() == ["1 Packhouse as we call it", "2 Fen Edge"]
        show(session, three.packhouse.id, three.council.id, Shows.NUMBER, TODAY)
        assert three.seen() == ["1 Packhouse as we call it"]
        assert chain_of_supplier(session, three.entry, TODAY).nodes[0].about is not None
        show(session, three.packhouse.id, three.council.id, Shows.OFF, TODAY)
        assert chain_of_supplier(session, three.entry, TODAY).nodes[0].about is None


def test_a_name_that_waits_is_not_a_confirmed_one(published: Database) -> None:
    with published.writing() as session:
        three = Three(session)
        three.all_yes()
        three.farm.name_state = NameState.WAITING
        name_us(session, three.below, "Farm on the Edge", TODAY, may=True)
        node = chain_of_supplier(session, three.entry, TODAY).nodes[0].below[0]
        assert (node.name, node.confirmed) == ("Farm on the Edge", False)


def test_how_far_it_is_follows_what_is_there_at_this_moment(published: Database) -> None:
    with published.writing() as session:
        three = Three(session)
        three.all_yes()

        def stage(days: int = 0) -> Stage | None:
            return chain_of_supplier(session, three.entry, later(days)).nodes[0].below[0].stage

        assert stage() is Stage.NOT_ASKED
        invitation = invited(session, three.below)
        assert stage() is Stage.ASKED
        answered(session, invitation)
        assert stage() is Stage.ANSWERED
        grant = shared(session, invitation, days=30)
        assert (stage(), stage(40)) == (Stage.SHARED, Stage.ANSWERED)
        end(session, grant, TODAY)
        assert stage() is Stage.ANSWERED
        delete_assessment(session, grant.assessment_id)
        session.expire_all()
        assert stage() is Stage.ASKED
        take_back(session, invitation, TODAY, by=None)
        assert stage() is Stage.NOT_ASKED


def test_one_business_counts_once_and_a_no_of_any_of_its_entries_counts(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        twin = three.on(three.packhouse, "That farm again")
        put_together(session, twin, three.below, TODAY, by=None)
        for number in range(2):
            three.on(three.packhouse, f"Other {number}")
        about = chain_of_supplier(session, three.entry, TODAY).nodes[0].about
        assert about is not None
        assert about[Stage.NOT_ASKED] == "3 to 9"
        archive(session, three.on(three.packhouse, "Gone"), TODAY, by=None)
        assert chain_of_supplier(session, three.entry, TODAY).nodes[0].about == about
        name_us(session, twin, "", TODAY, may=False)
        assert three.seen() == ["1 Packhouse as we call it"]


def test_no_other_buyer_changes_what_one_sees_and_a_preview_is_what_it_sees(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        before = str(chain_of_buyer(session, three.council.id, TODAY))
        shop = a_buyer(session, "The Shop")
        for organisation in (three.packhouse, three.farm):
            entry = three.on(shop, f"{organisation.name} of the shop", organisation)
            show(session, organisation.id, shop.id, Shows.NAMES, TODAY)
            name_us(session, entry, "", TODAY, may=True)
            invited(session, entry)
        assert str(chain_of_buyer(session, three.council.id, TODAY)) == before
        preview = seen_by(session, three.packhouse, three.council.id, TODAY)
        seen = chain_of_buyer(session, three.council.id, TODAY).chain
        assert (str(preview.nodes[0].below), preview.nodes[0].about) == (str(seen.nodes[0].below), seen.nodes[0].about)


def test_who_buys_in_a_circle_is_not_shown_itself(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        back = three.on(three.farm, "The council buys and sells", three.council)
        name_us(session, back, "", TODAY, may=True)
        assert three.seen() == ["1 Packhouse as we call it", "2 Fen Edge", "3 Nursery of the Fens"]


def test_a_long_chain_comes_in_pages_and_what_shows_nothing_is_counted_only(database: Database) -> None:
    with database.writing() as session:
        three = Three(session)
        three.all_yes()
        for number in range(PAGE):
            firm = a_buyer(session, f"Firm {number:02}")
            three.on(three.council, firm.name, firm)
            show(session, firm.id, three.council.id, Shows.NUMBER, TODAY)
        three.on(three.council, "Shows nothing")
        first, second = (chain_of_buyer(session, three.council.id, TODAY, page) for page in (1, 2))
        assert (len(first.chain.nodes), first.more, first.suppliers, first.showing) == (PAGE, True, PAGE + 2, PAGE + 1)
        assert names(second.chain)[0] == "1 Packhouse as we call it"
        assert not second.more
