"""Every place of every file: only the kinds of values that may be mended are let through, and all others are not."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.bank_editor.models import FixOutcome, UrgentFix
from assess.bank_editor.urgent_fixes.services import (
    FIXABLE_FILES,
    FixKind,
    FixTarget,
    UrgentFixError,
    ValuePath,
    accept_fix,
    edit_of_value,
    email_fix_made,
    files_in_force,
    find_fix_target,
    fix_targets,
    fixable_kind,
    is_open_publishing_site,
    make_fix,
    preview_fix,
    read_new_value,
    revert_fix,
    reviewed_fixes,
    unreviewed_fixes,
    value_at,
    values_with_paths,
)
from assess.core.config import Settings
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError
from assess.core.models import OutgoingMail
from assess.identity.models import Person, StaffRole
from assess.question_banks import drafts
from assess.question_banks.content_versions import content_version_in_force, seed_from_release, version_contents
from assess.question_banks.drafts import ask_for_review, publish_draft
from assess.question_banks.editions import add_changed_editions, current_edition
from assess.question_banks.files import QUESTIONNAIRES, ContentFile, ContentFiles, read_folder
from assess.question_banks.models import ContentVersionReason, Draft, DraftEventKind, DraftStage
from assess.question_banks.settings import AMOUNT_SETTINGS, GROUP_SETTINGS, OPTIONAL_SETTINGS, SHARE_SETTINGS
from assess.question_banks.validation import check_banks
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.content_files import CONTACTS, SOUND, UK
from tests.identity.accounts_factory import a_person

BANK_FILES = read_folder(QUESTIONNAIRES)
BY_TWO = {
    "wage",
    "wage_18_20",
    "wage_under_18",
    "offset_day",
    "offset_week",
    "ssp_week",
    "seasonal_hours",
    "child_work_age",
}
PHRASES = {"web", "url", "more_urls", "value"}


def every_place() -> Iterator[tuple[str, ValuePath]]:
    for name, content_file in BANK_FILES.files.items():
        for steps, _ in values_with_paths(content_file.raw_data):
            for end in range(1, len(steps) + 1):
                yield name, steps[:end]


def test_only_links_and_values_of_law_get_through() -> None:
    let_through = {(name, steps) for name, steps in every_place() if fixable_kind(name, steps)}
    expected = set()
    for name, content_file in BANK_FILES.files.items():
        for contact in content_file.raw_data.get("contacts", ()) if name.startswith("settings/") else ():  # type: ignore[attr-defined]  # a list
            expected |= {
                (name, ("contacts", contact["id"], key))
                for key in ("web",)
                if key in contact and contact["id"] not in {"helpline", "emergency", "police"}
            }
        for setting in content_file.raw_data.get("settings", ()) if name.startswith("settings/") else ():  # type: ignore[attr-defined]  # the same
            if content_file.stem in {"rates", "law", "contacts"}:
                expected |= (
                    set()
                    if setting["id"] in BY_TWO
                    else {
                        (name, ("settings", setting["id"], "values", row["from"], "value")) for row in setting["values"]
                    }
                )
        for duty in content_file.raw_data.get("duties", ()) if name.startswith("duties/") else ():  # type: ignore[attr-defined]  # the same
            expected.add((name, ("duties", duty["id"], "url")))
            expected |= {
                (name, ("duties", duty["id"], "more_urls", at)) for at, _ in enumerate(duty.get("more_urls", ()))
            }
    sources = BANK_FILES.files["sources.yaml"].raw_data["sources"]
    expected |= {("sources.yaml", ("sources", key, "url")) for key, one in sources.items() if "url" in one}  # type: ignore[attr-defined]  # a group
    assert let_through == expected
    assert len(let_through) > 150


def test_nothing_of_a_question_and_no_text_gets_through() -> None:
    places = list(every_place())
    assert len(places) > 10_000
    for name, steps in places:
        if fixable_kind(name, steps):
            assert name.startswith(FIXABLE_FILES)
            assert PHRASES & {steps[-1], steps[-2]}
            assert not {"ask", "points", "sign", "action", "do", "label", "title", "must_do", "when"} & set(steps)


@pytest.mark.parametrize("setting", [*AMOUNT_SETTINGS, *SHARE_SETTINGS, *GROUP_SETTINGS, *OPTIONAL_SETTINGS])
def test_no_number_of_the_score_wherever_it_stands(setting: str) -> None:
    for sheet in ("settings/rates.yaml", "settings/scoring.yaml"):
        assert fixable_kind(sheet, ("settings", setting, "values", "2025-04-01", "value")) is None


@pytest.mark.parametrize(
    ("sheet", "steps"),
    [
        ("farming.yaml", ("sources", "S1", "url")),
        ("common/core.yaml", ("contacts", "acas", "web")),
        ("settings/../farming.yaml", ("contacts", "acas", "web")),
        ("settings/contacts.yaml", ("contacts", "helpline", "number")),
        ("settings/contacts.yaml", ("contacts", "helpline", "web")),
        ("settings/contacts.yaml", ("contacts", "emergency", "number")),
        ("settings/contacts.yaml", ("contacts", "police", "number")),
        ("settings/contacts.yaml", ("contacts", "acas", "number")),
        ("settings/contacts.yaml", ("contacts", "acas", "web", "more")),
        ("settings/contacts.yaml", ("contacts", "acas", "text_phone")),
        ("settings/contacts.yaml", ("contacts", "acas", "review_by")),
        ("settings/rates.yaml", ("settings", "unlicensed_years", "values", "2026-04-01", "from")),
        ("settings/rates.yaml", ("settings", "unlicensed_years", "values", "2026-04-01", "value", "part")),
        ("duties/uk.yaml", ("duties", "uk_s54_statement", "more_urls")),
        ("papers/pay_check.yaml", ("duties", "x", "url")),
        ("settings/rates.yaml", ()),
    ],
)
def test_what_only_looks_alike(sheet: str, steps: ValuePath) -> None:
    assert fixable_kind(sheet, steps) is None


def test_what_is_what() -> None:
    assert fixable_kind("settings/contacts.yaml", ("contacts", "acas", "web")) is FixKind.LINK
    assert (
        fixable_kind("settings/rates.yaml", ("settings", "unlicensed_years", "values", "2025-04-01", "value"))
        is FixKind.VALUE
    )


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PAGE = f"{CONTACTS}:contacts:advice:web"
OLD, NEW = "https://advice.example/old", "https://advice.example/new"
ADVICE = f"""
  - id: advice
    order: 3
    situation: You want to talk
    who: The advice line
    number: "01234 567 800"
    web: {OLD}
    for_whom: Anyone
    source: made up
    checked: 2026-11-01
    review_by: 2027-12-31
"""


def somebody(session: Session, name: str) -> uuid.UUID:
    person = Person(email=f"{name}@desk.example", desk=StaffRole.COORDINATOR, made_at=NOW, confirmed_at=NOW)
    session.add(person)
    session.flush()
    return person.id


@pytest.fixture
def people(session: Session, tmp_path: Path) -> tuple[uuid.UUID, uuid.UUID]:
    """Ann, who mends, and Ben; the sound folder is in force."""
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    with (folder / CONTACTS).open("a", encoding="utf-8") as file:
        file.write(ADVICE)
    seed_from_release(session, folder, NOW)
    add_changed_editions(session, check_banks(read_folder(folder), NOW), NOW)
    return somebody(session, "ann"), somebody(session, "ben")


def known(session: Session, key: str = PAGE) -> FixTarget:
    found = find_fix_target(files_in_force(session), key, NOW.date())
    assert found
    return found


def text(session: Session, name: str = CONTACTS) -> str:
    state = content_version_in_force(session)
    assert state
    return version_contents(session, state)[name].decode()


def in_draft(session: Session, who: uuid.UUID, old: str, new: str) -> Draft:
    draft = drafts.create_draft(session, "Other words", who, NOW)
    seen = drafts.file_in_draft(session, draft, CONTACTS)
    changed = (seen or b"").replace(old.encode(), new.encode())
    drafts.save_draft_file(session, draft, CONTACTS, changed, who, NOW, seen=seen, what="words")
    return draft


@pytest.mark.both_databases
def test_it_is_in_force_at_once_and_back_to_the_letter_when_undone(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    before = text(session)
    row = make_fix(session, known(session), NEW, "Their site says so", ann, NOW)
    assert text(session) == before.replace(OLD, NEW)
    state = content_version_in_force(session)
    assert state
    assert (state.reason, state.number, row.what) == (
        ContentVersionReason.MENDED,
        row.shelf,
        "the link of “The advice line”",
    )
    assert list(unreviewed_fixes(session)) == [row]
    with pytest.raises(UrgentFixError, match="Somebody else has to look at it"):
        revert_fix(session, row, ann, NOW)
    revert_fix(session, row, ben, NOW)
    assert text(session) == before
    state = content_version_in_force(session)
    assert state
    assert state.reason is ContentVersionReason.UNDONE
    assert (list(unreviewed_fixes(session)), list(reviewed_fixes(session))) == ([], [row])


@pytest.mark.both_databases
def test_only_a_second_person_says_that_it_is_right_and_only_once(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    row = make_fix(session, known(session), NEW, "x", ann, NOW)
    with pytest.raises(UrgentFixError):
        accept_fix(session, row, ann, NOW)
    accept_fix(session, row, ben, NOW)
    session.refresh(row)
    assert (row.outcome, row.looked_by) == (FixOutcome.RIGHT, ben)
    with pytest.raises(UrgentFixError, match="already"):
        revert_fix(session, row, ben, NOW)
    with pytest.raises(IntegrityError, match="a_second_look"):
        session.execute(update(UrgentFix).values(looked_by=ann))


@pytest.mark.both_databases
def test_a_bank_whose_text_it_changes_has_its_next_edition(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    before = current_edition(session, "shop").ref.number
    row = make_fix(
        session, known(session, f"{UK}:duties:payslips:url"), "https://example.org/other", "x", people[0], NOW
    )
    assert row.editions == {"made": [["shop", before + 1]]}
    assert make_fix(session, known(session), NEW, "x", people[0], NOW).editions == {"made": []}


@pytest.mark.both_databases
def test_a_draft_that_left_it_alone_is_corrected_too_and_can_be_published(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    draft = in_draft(session, ben, "You want to talk", "You want advice")
    ask_for_review(session, draft, ben, "", NOW)
    make_fix(session, known(session), NEW, "x", ann, NOW)
    assert draft.stage is DraftStage.IN_REVIEW
    assert drafts.draft_history(session, draft)[-1].deed is DraftEventKind.MENDED
    publish_draft(session, draft, ann, "", NOW)
    assert NEW in text(session)
    assert "You want advice" in text(session)


@pytest.mark.both_databases
def test_a_draft_with_another_value_there_stands_in_the_way_and_one_with_the_same_does_not(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ann, ben = people
    draft = in_draft(session, ben, OLD, "https://advice.example/other")
    with pytest.raises(UrgentFixError) as told:
        make_fix(session, known(session), NEW, "x", ann, NOW)
    assert told.value.draft_id == draft.id
    assert OLD in text(session)
    make_fix(session, known(session), "https://advice.example/other", "x", ann, NOW)
    assert "https://advice.example/other" in text(session)


@pytest.mark.both_databases
def test_what_was_changed_again_since_is_not_undone(session: Session, people: tuple[uuid.UUID, uuid.UUID]) -> None:
    ann, ben = people
    first = make_fix(session, known(session), NEW, "x", ann, NOW)
    make_fix(session, known(session), "https://advice.example/third", "x", ann, NOW)
    with pytest.raises(UrgentFixError, match="changed again"):
        revert_fix(session, first, ben, NOW)


@pytest.mark.both_databases
def test_what_may_not_be_fixed_or_no_longer_fits_is_refused(
    session: Session, people: tuple[uuid.UUID, uuid.UUID]
) -> None:
    assert people
    bank_files = files_in_force(session)
    with pytest.raises(UrgentFixError, match="Change it in a draft"):
        preview_fix(
            bank_files, edit_of_value(CONTACTS, ("contacts", "advice", "who"), "The advice line", "Another"), NOW
        )
    with pytest.raises(EditConflictError, match=LOOK_AGAIN):
        preview_fix(bank_files, edit_of_value(CONTACTS, ("contacts", "advice", "web"), "another", NEW), NOW)
    with pytest.raises(UrgentFixError) as told:
        preview_fix(
            bank_files, edit_of_value(UK, ("duties", "payslips", "url"), "https://example.org/act", "nowhere"), NOW
        )
    assert told.value.problems


TODAY = date(2026, 11, 24)

NORFOLK, PENALTY = (
    "settings/contacts.yaml:contacts:norfolk_children_team:web",
    "settings/rates.yaml:settings:illegal_working_first:values:2024-02-13:value",
)


def known_targets(key: str) -> FixTarget:
    found = find_fix_target(BANK_FILES, key, TODAY)
    assert found, key
    return found


def test_a_value_that_no_longer_counts_stays_as_plans_rest_on_it() -> None:
    assert known_targets(PENALTY).said.startswith("£")
    content_file = BANK_FILES.files["settings/rates.yaml"]
    later = content_file.text.replace(
        "value: 45000\n",
        "value: 45000\n        source: x\n        checked: 2026-11-24\n        review_by: 2027-02-13\n      - from: 2026-12-01\n        value: 46000\n",
        1,
    )
    bank_files = ContentFiles({**BANK_FILES.files, content_file.name: ContentFile(content_file.name, later.encode())})
    begins = PENALTY.replace("2024-02-13", "2026-12-01")
    assert find_fix_target(bank_files, PENALTY, date(2026, 12, 1)) is None
    assert find_fix_target(bank_files, begins, TODAY), "one that will count may be put right"


def test_words_without_a_number_are_texts() -> None:
    keys = {one.key for one in fix_targets(BANK_FILES, TODAY)}
    assert not any(":children_team:" in key or ":child_work_place:" in key for key in keys)
    assert any("poultry_first_day" in key for key in keys)


def test_each_says_what_it_belongs_to() -> None:
    assert (known_targets(NORFOLK).of, known_targets(NORFOLK).label) == ("Norfolk County Council", "link")
    assert known_targets(PENALTY).label == "value from 13 February 2024"
    assert len({one.key for one in fix_targets(BANK_FILES, TODAY)}) == len(fix_targets(BANK_FILES, TODAY))


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        (NORFOLK, " https://norfolk.gov.uk/children ", "https://norfolk.gov.uk/children"),
        (PENALTY, "46,000", 46000),
        (PENALTY, "51750", 51750),
        (PENALTY, "38250", 38250),
        ("settings/law.yaml:settings:tips_first_review:values:2025-04-01:value", "02/10/2027", "2027-10-02"),
        ("settings/law.yaml:settings:poultry_first_day:values:2025-04-01:value", "3 October", "3 October"),
        ("sources.yaml:sources:S2:url", "https://www.ethicaltrade.org/other", "https://www.ethicaltrade.org/other"),
    ],
)
def test_a_new_value_is_of_the_kind_of_the_old_one(key: str, typed: str, value: object) -> None:
    assert read_new_value(known_targets(key), typed) == (value, "")


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        (NORFOLK, ""),
        (NORFOLK, "https://www.norfolk.gov.uk"),
        (NORFOLK, "0344 800 8020"),
        (PENALTY, "twelve"),
        ("settings/law.yaml:settings:tips_first_review:values:2025-04-01:value", "soon"),
        ("settings/law.yaml:settings:poultry_first_day:values:2025-04-01:value", "in autumn"),
        ("sources.yaml:sources:S2:url", "http://www.ethicaltrade.org"),
    ],
)
def test_what_is_no_such_value(key: str, typed: str) -> None:
    assert read_new_value(known_targets(key), typed)[1]


def of_setting(name: str) -> FixTarget:
    return next(one for one in fix_targets(BANK_FILES, TODAY) if f":{name}:" in one.key)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("complaints_days", "28"),
        ("s54_bill_fine", "£1.1 million"),
        ("tips_law_from", "November 2026"),
        ("poultry_last_day", "1 January"),
        ("seasonal_quota", "41,000"),
    ],
)
def test_a_value_in_words_changes_in_its_figures_and_months_alone(name: str, typed: str) -> None:
    assert read_new_value(of_setting(name), typed) == (typed, "")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("complaints_days", "28 (pay the rest to the gang master)"),
        ("complaints_days", "28, then hand the rest to the supervisor"),
        ("uflpa_entities", "07700 900123"),
        ("uflpa_entities", "07700900123"),
        ("uflpa_entities", "7700900123"),
        ("complaints_days", "٠٧٧٠٠ 12"),
        ("complaints_days", "28!"),
        ("s54_bill_fine", "£1 million (evil.example)"),
        ("s54_bill_fine", "£1"),
        ("s54_bill_fine", "1% million"),
        ("complaints_days", "28 hours"),
        ("s54_bill_fine", "£1 million million"),
        ("s54_bill_fine", "£1 mіllion"),
        ("tips_law_from", "October 2024 for some"),
    ],
)
def test_other_words_and_phone_numbers_in_a_value_need_a_second_person(name: str, typed: str) -> None:
    _, said = read_new_value(of_setting(name), typed)
    assert "in a draft, so that a second person reads it first" in said


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("illegal_working_first", "0.01"),
        ("illegal_working_first", "51751"),
        ("illegal_working_first", "38249"),
        ("complaints_days", "60"),
        ("unlicensed_years", "1"),
        ("s54_bill_fine", "£9 million"),
        ("seasonal_quota", "99,999"),
        ("tips_law_from", "October 20"),
        ("poultry_last_day", "99 December"),
    ],
)
def test_one_person_moves_no_number_by_more_than_15_percent(name: str, typed: str) -> None:
    _, said = read_new_value(of_setting(name), typed)
    assert "15 percent" in said


BY_TWO_TARGETS = (
    "wage",
    "wage_18_20",
    "wage_under_18",
    "offset_day",
    "offset_week",
    "ssp_week",
    "seasonal_hours",
    "child_work_age",
)


@pytest.mark.parametrize("name", BY_TWO_TARGETS)
def test_pay_housing_hours_and_ages_are_changed_by_two(name: str) -> None:
    assert not [one for one in fix_targets(BANK_FILES, TODAY) if f":{name}:" in one.key]


def test_no_phone_number_is_fixed_by_one() -> None:
    assert not [one for one in fix_targets(BANK_FILES, TODAY) if one.key.endswith(":number")]


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("https://ethicaltrade.org/other", True),
        ("https://files.ethicaltrade.org/other", False),
        (r"https://evil.example\.ethicaltrade.org/other", False),
        (r"https://evil.example\@ethicaltrade.org/other", False),
        ("https://evil.example%2f.ethicaltrade.org/other", False),
        ("https://evil.example@ethicaltrade.org/other", False),
        ("https://www.ethicaltrade.org.evil.example/other", False),
        ("https://evilethicaltrade.org/other", False),
        ("https://www.ethicaltrade.org:8443/other", False),
        ("https://evil.example/www.ethicaltrade.org", False),
    ],
)
def test_a_link_stays_on_its_website(typed: str, *, good: bool) -> None:
    assert (read_new_value(known_targets("sources.yaml:sources:S2:url"), typed) == (typed, "")) is good


def test_a_link_to_a_website_where_anybody_publishes_changes_in_a_draft() -> None:
    links = [str(one.value) for one in fix_targets(BANK_FILES, TODAY) if one.what is FixKind.LINK]
    assert not any(site in link for link in links for site in ("scribd.", "slideshare.", "readkong."))
    assert is_open_publishing_site("https://anne.wordpress.com/2024")
    assert is_open_publishing_site("https://GitHub.com/somebody/else")
    assert is_open_publishing_site("nowhere")
    assert not is_open_publishing_site("https://www.gov.uk/github.com")
    assert not is_open_publishing_site("https://notgithub.com")


def test_a_place_is_found_by_ids_and_days() -> None:
    data = {
        "settings": [{"id": "a", "values": [{"from": "2025-01-01", "value": 1}]}, {"id": "b", "values": []}],
        "links": ["x", "y"],
    }
    assert value_at(data, ("settings", "a", "values", "2025-01-01", "value")) == 1
    assert value_at(data, ("settings", "a", "values", "2025-01-01")) == {"from": "2025-01-01", "value": 1}
    assert value_at(data, ("links", 1)) == "y"
    for steps in (("settings", "c"), ("links", 5), ("settings", "a", "value")):
        with pytest.raises(KeyError):
            value_at(data, steps)


def test_kinds() -> None:
    assert {one.what for one in fix_targets(BANK_FILES, TODAY)} == set(FixKind)


MAILS = Settings(env="development", mail_server="smtp://localhost", mail_from="desk@network.example")


def test_all_other_staff_hear_at_once_and_the_email_says_no_link(session: Session) -> None:
    ann = a_person(session, "ann@desk.example", desk="coordinator")
    a_person(session, "ben@desk.example", desk="coordinator")
    a_person(session, "owner@farm.example")
    row = UrgentFix(id=uuid.uuid4(), what="the link of “Acas”", after={"value": "https://www.acas.org.uk/advice"})
    email_fix_made(session, row, ann.id, "/question-banks/urgent-fixes", Settings(env="development"), CONFTEST_TODAY)
    assert not session.scalars(select(OutgoingMail)).all()
    email_fix_made(session, row, ann.id, "/question-banks/urgent-fixes", MAILS, CONFTEST_TODAY)
    (mail,) = session.scalars(select(OutgoingMail))
    assert mail.to_address == "ben@desk.example"
    assert "/question-banks/urgent-fixes" in mail.body
    assert "acas.org.uk" not in mail.body
