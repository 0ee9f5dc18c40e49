from __future__ import annotations

import copy
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assess.bank_editor.duties_and_settings.forms import (
    CONTACTS,
    DUTIES,
    ENTRY_KINDS,
    OWNERS,
    SOURCES,
    Entry,
    EntryKind,
    entries_in_file,
    entries_of_kind,
)
from assess.bank_editor.duties_and_settings.services import (
    REVIEW_KEYS,
    EssentialContactChange,
    all_dated_settings,
    contact_errors,
    delete_entry,
    edited_entry,
    essential_contact_changes,
    essential_contact_errors,
    essential_phone_error,
    find_dated_setting,
    has_unsafe_number,
    insert_entry,
    is_id_used_before,
    is_own_judgement,
    is_recheck_overdue,
    phone_digits,
    replace_text,
    set_review,
    text_has_id,
)
from assess.bank_editor.fields import form_values, read_group
from assess.core.edit_conflicts import EditConflictError, etag
from assess.core.forms.fields import PhoneField
from assess.question_banks.content_versions import add_content_version, seed_from_release
from assess.question_banks.files import QUESTIONNAIRES, ContentFile, ContentFiles, read_folder
from assess.question_banks.models import ContentVersionReason
from assess.question_banks.settings import AMOUNT_SETTINGS, GROUP_SETTINGS, OPTIONAL_SETTINGS, SHARE_SETTINGS
from tests.content_files import SOUND

LINE = {"situation": "You want advice", "who": "An advice line", "number": "01603 960 001", "for_whom": "Anyone"}


def test_a_plain_line_passes() -> None:
    assert contact_errors(LINE, []) == {}


@pytest.mark.parametrize(
    "said",
    [
        "Open 24/7",
        "Day and night",
        "From 9am",
        "09:00 to 17:00",
        "Mondays only",
        "Opening hours on its site",
        "365 days",
    ],
)
def test_no_opening_hours(said: str) -> None:
    assert set(contact_errors({**LINE, "situation": said}, [])) == {"situation"}


def test_one_number_is_one_line() -> None:
    assert (
        "An advice line" in contact_errors({**LINE, "who": "Other"}, [{**LINE, "number": "+44 1603 960001"}])["number"]
    )


def test_a_licence_line_says_that_it_takes_no_reports() -> None:
    line = {**LINE, "who": "The licence line"}
    assert set(contact_errors(line, [])) == {"situation"}
    assert contact_errors({**line, "situation": "About licences. This line does not take reports of abuse"}, []) == {}


def test_somebody_must_be_reached_somehow() -> None:
    assert set(contact_errors({**LINE, "number": None}, [])) == {"number"}
    assert contact_errors({**LINE, "number": None, "web": "https://advice.example"}, []) == {}


def test_a_line_of_every_page_has_a_number_and_is_for_everybody() -> None:
    assert essential_contact_errors(LINE) == {}
    assert set(essential_contact_errors({"web": "https://advice.example", "area": "norfolk"})) == {"number", "area"}


def test_the_lines_in_the_files_keep_to_it() -> None:
    lines = list(entries_of_kind(read_folder(QUESTIONNAIRES), CONTACTS))
    found = {one.id: contact_errors(one.data, [other.data for other in lines if other is not one]) for one in lines}
    assert {name: faults for name, faults in found.items() if faults} == {}


def changed(old: str, new: str, more: str = "") -> list[EssentialContactChange]:
    """The contacts that count as shown on every page, after a change of the real file and with another one beside it."""
    before = read_folder(QUESTIONNAIRES)
    text = before.files["settings/contacts.yaml"].text
    assert old in text
    sheets = {"settings/contacts.yaml": text.replace(old, new, 1)}
    sheets |= {"settings/more.yaml": f"format: 1\ncontacts:\n  - {more}\n"} if more else {}
    return essential_contact_changes(
        before,
        ContentFiles({**before.files, **{name: ContentFile(name, one.encode()) for name, one in sheets.items()}}),
    )


def test_a_place_in_the_list_is_a_change_of_a_line_that_every_page_shows() -> None:
    assert [one.id for one in changed("    order: 3\n", "    order: 90\n")] == ["helpline"]
    assert changed("    order: 9\n", "    order: 8\n") == []


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("{id: x, order: 20, who: Modern Slavery Helpline, situation: At night}", True),
        ("{id: x, order: 20, who: Modern Slаvery Support, situation: At night}", True),
        ("{id: x, order: 20, who: Norfolk Police, situation: At night}", True),
        ("{id: x, order: 3, who: Advice, situation: At night}", True),
        ('{id: x, order: 20, who: Advice, situation: "You think there is a crime, but no danger right now"}', True),
        ("{id: x, order: 20, who: Advice, situation: At night}", False),
    ],
)
def test_a_line_that_stands_above_those_or_is_called_like_them_counts_too(line: str, *, counts: bool) -> None:
    found = changed("format: 1", "format: 1", line)
    assert [(one.id, one.kept) for one in found] == ([("x", False)] if counts else [])


def test_such_a_line_has_no_mobile_number_and_may_do_without_one() -> None:
    line = "{id: x, order: 20, who: A helpline, situation: At night, source: theirs"
    for number, faults in (("07400 900 123", 1), ("0800 012 3456", 0), ("", 0)):
        (one,) = changed("format: 1", "format: 1", f'{line}, number: "{number}"}}')
        assert len(one.errors) == faults


DUTY: dict[str, Any] = {
    "id": "pay",
    "title": "Pay",
    "jurisdiction": ["UK"],
    "status": "in_force",
    "force": "mandatory",
    "when": "always",
    "applies_to": "All",
    "must_do": ["Pay them.", {"text": "In full.", "when": {"hires": {"is": True}}}],
    "deadline": {"kind": "each_pay_day"},
    "source": "An Act",
    "url": "https://example.org/act",
    "source_as_of": "2026",
    "evidence": "A",
    "confidence": "high",
}


def sheet() -> dict[str, Any]:
    return {"format": 1, "duties": [{**DUTY, "id": "first"}, copy.deepcopy(DUTY)]}


def typed(**changed: str) -> dict[str, Any]:
    """The duty with these fields as they are typed."""
    form = form_values(DUTIES.fields, DUTY) | {name: [text] for name, text in changed.items() if "must_do" not in name}
    form["must_do"] = ["Pay them.", changed.get("must_do-1", "In full."), ""]
    made, errors = read_group(DUTIES.fields, form, DUTY, DUTIES.order)
    assert not errors
    return made


def entry(data: dict[str, Any], kind: EntryKind, name: str) -> Entry:
    file = ContentFile("file.yaml", b"")
    return next(
        Entry(file, path, kind.with_words(raw), kind, found, raw)
        for found, path, raw in entries_in_file(data, kind)
        if found == name
    )


def test_only_the_field_that_changed_is_another() -> None:
    assert edited_entry(DUTIES, DUTY, typed(title="Pay in full"), {}) == {**DUTY, "title": "Pay in full"}


@pytest.mark.parametrize("kind", ENTRY_KINDS.values(), ids=lambda kind: kind.name)
def test_a_form_that_is_sent_as_it_came_changes_nothing(kind: EntryKind) -> None:
    for one in entries_of_kind(read_folder(QUESTIONNAIRES), kind):
        made, errors = read_group(kind.fields, form_values(kind.fields, one.data), one.data, kind.order)
        assert not errors, (one.id, errors)
        assert edited_entry(kind, one.data, made, {}) == one.data
        assert list(made) == list(one.data)


@pytest.mark.parametrize(
    ("changed", "more", "void"),
    [
        ({"title": "Other words"}, {}, True),
        ({"must_do-1": "Half of it."}, {}, True),
        ({"deadline-kind": "none"}, {}, True),
        ({}, {"when": {"hires": {"is": True}}}, True),
        ({"url": "https://example.org/other", "evidence": "B"}, {}, False),
        ({}, {"when": "always"}, False),
    ],
)
def test_words_that_nobody_reviewed_do_not_stand_under_a_name(
    changed: dict[str, str], more: dict[str, Any], *, void: bool
) -> None:
    here = dict(DUTY)
    set_review(here, "A. Lawyer", "2026-11-01")
    assert (here["reviewed_by"], here["reviewed_on"]) == ("A. Lawyer", "2026-11-01")
    after = edited_entry(DUTIES, here, {**typed(**changed), **{key: here[key] for key in REVIEW_KEYS}}, more)
    assert ("reviewed_by" in after, "reviewed_on" in after) == (not void, not void)


def test_a_review_can_be_taken_off() -> None:
    here = {**DUTY, "reviewed_by": "A. Lawyer", "reviewed_on": "2026-11-01"}
    set_review(here, None, None)
    assert here == DUTY


def test_who_comes_second_is_told() -> None:
    data = sheet()
    here = entry(data, DUTIES, "pay")
    data["duties"][1]["title"] = "Theirs"
    with pytest.raises(EditConflictError) as told:
        delete_entry(data, here, etag(DUTY))
    assert told.value.theirs
    assert told.value.theirs["title"] == "Theirs"
    del data["duties"][1]
    with pytest.raises(EditConflictError) as gone:
        delete_entry(data, here, etag(DUTY))
    assert gone.value.theirs is None


def test_things_come_and_go() -> None:
    data = sheet()
    insert_entry(data, DUTIES, {**typed(), "id": "new"})
    assert data["duties"][2] == {**DUTY, "id": "new"}
    delete_entry(data, entry(data, DUTIES, "first"), etag(data["duties"][0]))
    assert [one["id"] for one in data["duties"]] == ["pay", "new"]
    named: dict[str, Any] = {
        "sources": {"S1": {"document": "One", "how_far_read": "whole"}},
        "owners": {"owner": "Owner"},
    }
    insert_entry(named, SOURCES, {"id": "S2", "document": "Two", "how_far_read": "whole"})
    insert_entry(named, OWNERS, {"id": "cook", "name": "Cook"})
    replace_text(named, entry(named, OWNERS, "owner"), etag("Owner"), "The owner")
    delete_entry(named, entry(named, SOURCES, "S1"), etag(named["sources"]["S1"]))
    assert named == {
        "sources": {"S2": {"document": "Two", "how_far_read": "whole"}},
        "owners": {"owner": "The owner", "cook": "Cook"},
    }


BANK_FILES = read_folder(QUESTIONNAIRES)


def test_the_value_that_counts_is_the_last_that_has_begun() -> None:
    wage = find_dated_setting(BANK_FILES, "wage")
    assert wage
    assert wage.now(date(2020, 1, 1)) is None
    first, second = wage.rows
    assert wage.now(date(2026, 3, 31)) == first
    assert wage.now(date(2026, 4, 1)) == second
    assert wage.value_in_words(second).startswith("£")


def test_a_value_is_late_after_its_day_and_not_on_it() -> None:
    row = {"review_by": "2026-11-24"}
    assert not is_recheck_overdue(row, date(2026, 11, 24))
    assert is_recheck_overdue(row, date(2026, 11, 25))
    assert not is_recheck_overdue(None, date(2026, 11, 25))


def test_a_group_says_its_members() -> None:
    bands = find_dated_setting(BANK_FILES, "bands")
    assert bands
    assert bands.value_in_words(bands.rows[0]).startswith("medium ")


def test_whatever_results_rest_on_is_marked() -> None:
    marked = {one.id for one in all_dated_settings(BANK_FILES) if one.in_results}
    assert marked == {*AMOUNT_SETTINGS, *SHARE_SETTINGS, *GROUP_SETTINGS, *OPTIONAL_SETTINGS}


def test_our_own_judgement_is_told_from_law() -> None:
    own = {one.content_file.stem for one in all_dated_settings(BANK_FILES) if is_own_judgement(one.id)}
    law = {one.content_file.stem for one in all_dated_settings(BANK_FILES) if not is_own_judgement(one.id)}
    assert own == {"asking", "calling", "purchases", "scoring"}
    assert law == {"contacts", "law", "rates"}


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["  - id: pay\n", "  - {id: pay, title: Pay}\n", '  - id: "pay"\n', "  - id: pay # once\n"]
)
def test_an_id_is_seen_however_it_is_written(text: str) -> None:
    assert text_has_id(DUTIES, text, "pay")
    assert not text_has_id(DUTIES, text, "pa")


def test_a_group_names_its_things_by_key() -> None:
    assert text_has_id(SOURCES, "sources:\n  S1: {document: x}\n", "S1")
    assert not text_has_id(SOURCES, "sources:\n  S10: {document: S1}\n", "S1")


def test_what_was_taken_away_long_ago_is_still_known(session: Session, tmp_path: Path) -> None:
    seed_from_release(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), NOW)
    add_content_version(
        session, {"duties/uk.yaml": b"format: 1\nduties: []\n"}, NOW, reason=ContentVersionReason.PUBLISHED
    )
    assert is_id_used_before(session, DUTIES, frozenset({"duties/uk.yaml"}), "accounts")
    assert not is_id_used_before(session, DUTIES, frozenset({"duties/uk.yaml"}), "never_there")


def test_a_number_that_stands_is_not_read_anew_and_a_new_one_has_to_exist() -> None:
    def read(typed: str, held: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        number = [one for one in CONTACTS.fields if one.name == "number"]
        return read_group(number, {"number": [typed]}, held, CONTACTS.order)

    held = {"number": "0845 123 4567"}
    assert read("0845 123 4567", held) == (held, {})
    assert "cost extra" in read("0845 123 4567", {})[1]["number"]
    assert "no such phone number" in read("01632 960 001", held)[1]["number"]
    assert read(" 01603  960 001 ", held) == ({"number": "01603 960 001"}, {})


@pytest.mark.parametrize(
    ("contact", "number", "good"),
    [
        ("emergency", "999", True), ("emergency", "112", True), ("emergency", "101", False), ("police", "101", True), ("police", "999", False),
        ("helpline", "08000 121 700", True), ("helpline", "0300 123 4567", True), ("helpline", "116 123", True), ("helpline", "0800 1111", True),
        ("helpline", "07400 900 123", False), ("helpline", "0845 123 4567", False), ("helpline", "60123", False), ("helpline", "999", False),
    ],
)  # fmt: skip
def test_what_a_contact_on_every_page_may_have(contact: str, number: str, *, good: bool) -> None:
    assert (essential_phone_error(contact, number) == "") is good


def test_a_mobile_number_inside_a_text_is_found() -> None:
    assert has_unsafe_number("or text 07700 900 123")
    assert has_unsafe_number("+44 7700 900123")
    assert not has_unsafe_number("18000, or text 999 if your phone is registered for it; 18001 08000 121 700")


_NUMBER_IN_TEXT = re.compile(r"(?<![\w.,/:=-])(?:\+44 ?|0)[1-9][0-9 ]{6,11}[0-9](?!\w)")


def test_every_phone_number_in_our_own_files_is_one_that_may_be_printed() -> None:
    own = read_folder(QUESTIONNAIRES)
    held = [str(one.data["number"]) for one in entries_of_kind(own, CONTACTS) if one.data.get("number")]
    texts = [one.text for name, one in own.files.items() if name.endswith(".yaml")]
    texts.append((QUESTIONNAIRES / "README.md").read_text("utf-8"))
    found = {number for text in texts for number in _NUMBER_IN_TEXT.findall(text)}
    assert {"999", "101", "08000 121 700"} <= set(held)
    assert {number for number in held if number.startswith("0")} <= found
    assert {number: why for number in {*held, *found} if (why := PhoneField(printed=True).read(number)[1])} == {}


def test_the_country_may_be_written_or_not() -> None:
    assert phone_digits("+44 (0)1632 960 001") == phone_digits("01632 960001") == "01632960001"
