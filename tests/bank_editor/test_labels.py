from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from assess.bank_editor.labels import NOT_WELL_FORMED, file_label, id_error, message_in_words, prefix_of, proposed_id
from assess.bank_editor.navigation import FORMER_PERSON, banks_in_use, closed_drafts, names_of_people, open_drafts
from assess.question_banks.drafts import create_draft, discard_draft
from assess.question_banks.editions import seed_and_publish
from tests.bank_editor.conftest import AtDesk
from tests.conftest import TODAY, Visitor
from tests.content_files import CONTACTS, SHOP, SOUND, START, UK, sound_but
from tests.identity.accounts_factory import a_person


def test_a_file_is_called_by_what_people_know() -> None:
    sheets = sound_but().files
    said = [file_label(name, sheets[name]) for name in (SHOP, START, UK, CONTACTS)]
    assert said == ["Corner shops", "What all sectors are asked", "UK (duties)", "Contacts (settings)"]
    assert file_label("papers/old_poster.yaml", None) == "Old poster (papers)"


def test_an_id_is_made_of_the_telling_words() -> None:
    assert proposed_id("Who keeps the workers’ passports day to day?", ()) == "keeps_workers_passports"
    assert proposed_id("Café hours", (), "wash_") == "wash_cafe_hours"
    assert proposed_id("Are they all there?", ()) == "are_they_all"
    assert proposed_id("Adult social care", ()) == "adult_social_care"
    assert proposed_id("???", ()) == "new"
    assert len(proposed_id("x" * 80, ())) <= 40


def test_an_id_is_never_one_that_was_used_or_a_word_of_conditions() -> None:
    assert proposed_id("Pay day", {"pay_day", "pay_day_2"}) == "pay_day_3"
    assert proposed_id("Asked", ()) == "asked_2"


def test_an_id_somebody_typed_is_looked_at() -> None:
    assert id_error("pay_day", {"hours"}) is None
    assert id_error("Pay day", ()) == NOT_WELL_FORMED
    assert "used before" in str(id_error("hours", {"hours"}))
    assert "word of conditions" in str(id_error("not", ()))


def test_the_ids_of_a_file_share_a_beginning() -> None:
    assert prefix_of(["farm_pay", "farm_lp_rate", "core_x", "odd"]) == "farm_"
    assert prefix_of(["one", "two"]) == ""


PAY = {"id": "pay_slips", "ask": "Do workers get a pay slip?", "options": [{"id": "no", "label": "No, never"}, "odd"]}
LONG = {"id": "long", "ask": "word " * 40, "options": None}


def test_questions_and_their_answers_are_called_by_their_words() -> None:
    said = message_in_words("“no” of “pay_slips” is a poor answer.", [LONG, PAY])
    assert said == "“No, never” of “Do workers get a pay slip?” is a poor answer."
    assert len(message_in_words("“long” names no source.", [LONG])) < 110


def test_what_is_meant_as_an_id_or_is_none_stays() -> None:
    for message in ("The id “pay_slips” stands here twice.", "“no” is no answer.", "“gone” names no source."):
        assert message_in_words(message, [PAY]) == message


def test_banks_drafts_and_people_are_listed(session: Session) -> None:
    seed_and_publish(session, TODAY, SOUND)
    ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
    ben = a_person(session, "ben@desk.example", desk="coordinator")
    first, second = (create_draft(session, title, ann.id, TODAY) for title in ("One", "Two"))
    discard_draft(session, first, ann.id, "", TODAY)
    assert [(one.bank, one.number) for one in banks_in_use(session)] == [("shop", 1)]
    assert [draft.title for draft in open_drafts(session)] == [second.title]
    assert [draft.title for draft in closed_drafts(session)] == [first.title]
    stranger = uuid.uuid4()
    assert names_of_people(session, {ann.id, ben.id, stranger, None}) == {
        ann.id: "Ann Lee",
        ben.id: "ben@desk.example",
        stranger: FORMER_PERSON,
        None: FORMER_PERSON,
    }


def test_every_page_of_the_menus_opens_and_says_which_one_it_is(visit: Visitor, at_desk: AtDesk) -> None:
    for start in ("/question-banks", at_desk.draft):
        links = visit(start).soup.select(".assess-buyer-menu a")
        assert links
        for link in links:
            page = visit(str(link["href"]))
            assert page.status == 200, link["href"]
            assert [one.text for one in page.soup.select(".assess-buyer-menu [aria-current]")] == [link.text]
