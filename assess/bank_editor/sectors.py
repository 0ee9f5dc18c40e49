"""A new sector: its form, the files it needs, and worked examples with figures from the engine. Nothing is saved here."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from assess.bank_editor.draft_context import FileData
from assess.bank_editor.examples import expected_figures
from assess.bank_editor.labels import proposed_id
from assess.engine.bank import DONT_KNOW, NUMBER_TYPES, Answers, AnswerValue, Edition, Option, Question
from assess.engine.bank_reader import CONDITION_KEYWORDS
from assess.engine.points import best_points, is_exclusive_option
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import settle_visibility
from assess.question_banks.drafts import DraftError
from assess.question_banks.files import TOP_LEVEL_FILES, ContentFile, ContentFiles, content_files, read_lines
from assess.question_banks.settings import MONTH_NAMES, SEASON_PREFIX
from assess.question_banks.validation import check_bank, known_settings
from assess.question_banks.yaml_patch import YamlPatchError, block_lines, patch_yaml, same_value

FIELDS = (
    "title", "id", "base", "reason", "frame", "section", "ask", "poor", "kind", "dimension", "why", "do", "owner", "source",
    "codes", "first_month", "last_month",
)  # fmt: skip
KIND_CHOICES = (("safeguard", "What the business does about a risk"), ("exposure", "What the business is exposed to"))
POOR_CHOICES = (("no", "No"), ("yes", "Yes"))
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ID = 60, 600, 40
HIGHEST_BASE = 100

FormValues = Mapping[str, str]
FieldErrors = dict[str, str]


@dataclass(frozen=True, slots=True)
class SectorChoices:
    banks: Sequence[tuple[str, str]]
    dimensions: Sequence[tuple[str, str]]
    owners: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]


def sector_choices(files: ContentFiles) -> SectorChoices:
    dimensions = cast("list[dict[str, Any]]", _sound_file_data(files, "dimensions").get("dimensions", []))
    owners = cast("dict[str, str]", _sound_file_data(files, "owners").get("owners", {}))
    sources = cast("dict[str, dict[str, Any]]", _sound_file_data(files, "sources").get("sources", {}))
    return SectorChoices(
        banks=[(bank, str(_sound_file_data(files, bank).get("title", bank))) for bank in files.banks()],
        dimensions=[(one["id"], one["name"]) for one in dimensions],
        owners=list(owners.items()),
        sources=[(name, f"{name}: {one['document']}") for name, one in sources.items()],
    )


def _sound_file_data(files: ContentFiles, stem: str) -> Mapping[str, Any]:
    """What a sound file holds; nothing of one that has to be put right first."""
    content_file = files.at("", stem)
    return content_file.data if content_file else {}


def read_sector_form(form: Mapping[str, str]) -> dict[str, str]:
    return {name: " ".join(str(form.get(name, "")).split()) for name in FIELDS}


def sector_from(
    form_data: FormValues, choices: SectorChoices, used: Collection[str]
) -> tuple[NewSector | None, FieldErrors]:
    """The sector, or what to do before it can be made, by field. `used` are ids that banks have or ever had."""
    errors: FieldErrors = {}
    missing = "Write what these businesses do, such as “Construction”."
    title = _required_text(form_data, "title", missing, errors, LONGEST_TITLE)
    name = form_data["id"] or (proposed_id(title, ()) if any(map(str.isalnum, title)) else "")
    if "title" not in errors:
        _check_id(name, used, errors)
    base = _base(form_data["base"], errors)
    reason = _required_text(form_data, "reason", "Say in a sentence why it starts there.", errors)
    frame = form_data["frame"] if form_data["frame"] in dict(choices.banks) else None
    first = None if frame else _first_question(form_data, choices, errors)
    codes = tuple(form_data["codes"].replace(",", " ").split())
    if not all(re.fullmatch(r"\d{2,5}", code) for code in codes):
        errors["codes"] = "Write codes with commas between them, each of 2 to 5 digits, such as “41, 42, 43”."
    busy = _busy_months(form_data, errors)
    if errors:
        return None, errors
    return NewSector(name, title, base, reason, first, frame, codes, busy), errors


def _required_text(
    form_data: FormValues, name: str, missing: str, errors: FieldErrors, longest: int = LONGEST_TEXT
) -> str:
    if not form_data[name]:
        errors[name] = missing
    elif len(form_data[name]) > longest:
        errors[name] = f"Say it in {longest} characters or fewer."
    return form_data[name]


def _check_id(name: str, used: Collection[str], errors: FieldErrors) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > LONGEST_ID:
        errors["id"] = f"Use small letters, digits and _ only, {LONGEST_ID} at most, and begin with a letter."
    elif name in {*TOP_LEVEL_FILES, *CONDITION_KEYWORDS}:
        errors["id"] = f"“{name}” is a word with another meaning here. Choose another one."
    elif name in used:
        errors["id"] = f"“{name}” is taken, or was once. Choose another one."


def _base(text: str, errors: FieldErrors) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= HIGHEST_BASE:
        errors["base"] = "Write a number from 0 to 100."
        return 0
    return int(number) if number.is_integer() else number


def _first_question(form_data: FormValues, choices: SectorChoices, errors: FieldErrors) -> FirstQuestion:
    for name, offered, missing in (
        ("poor", POOR_CHOICES, "Choose the answer that matters."),
        ("kind", KIND_CHOICES, "Choose what it asks about."),
        ("dimension", choices.dimensions, "Choose a theme."),
        ("owner", choices.owners, "Choose who acts."),
        ("source", choices.sources, "Choose what it rests on. Add a source first if it is not in the list."),
    ):
        if form_data[name] not in dict(offered):
            errors[name] = missing
    return FirstQuestion(
        section=_required_text(
            form_data, "section", "Give the first page of questions a title.", errors, LONGEST_TITLE
        ),
        ask=_required_text(form_data, "ask", "Write a question that can be answered with yes or no.", errors),
        poor=form_data["poor"],
        kind=form_data["kind"],
        dimension=form_data["dimension"],
        why=_required_text(form_data, "why", "Say why you ask.", errors),
        do=_required_text(form_data, "do", "Say what to do about the answer that matters.", errors),
        owner=form_data["owner"],
        source=form_data["source"],
    )


def _busy_months(form_data: FormValues, errors: FieldErrors) -> tuple[int, int] | None:
    first, last = form_data["first_month"], form_data["last_month"]
    if not first and not last:
        return None
    months = {str(number) for number in range(1, len(MONTH_NAMES) + 1)}
    for name, value in (("first_month", first), ("last_month", last)):
        if value not in months:
            errors[name] = "Choose both months, or neither."
    return None if {"first_month", "last_month"} & set(errors) else (int(first), int(last))


EVIDENCE_SHARE = 0.7
GOOD_EXAMPLE_TITLE, POOR_EXAMPLE_TITLE = "good answers", "one poor answer"


def good_answers(edition: Edition, settings: ScoringSettings) -> dict[str, AnswerValue]:
    """The best answer to every question that is shown once it is given. Texts and dates stay without one: nothing is scored there."""
    questions = {question.id: question for question in edition.questions()}
    answers: dict[str, AnswerValue] = {}
    while True:
        found = {
            name: answer
            for name in settle_visibility(edition, answers).missing
            if (answer := best_answer(questions[name], settings)) is not None
        }
        if not found:
            return answers
        answers |= found


def best_answer(question: Question, settings: ScoringSettings) -> AnswerValue | None:
    """The answer that costs least, the first of several. None where nothing is to choose."""
    if question.type == "choice":
        return _cheapest(question).id
    if question.type == "choices":
        return _ticks(question) if question.ticks else [_cheapest(question).id]
    if question.type in NUMBER_TYPES:
        return _number(question, settings)
    return [] if question.type == "table" else None


def worst_answer(question: Question) -> AnswerValue | None:
    """The option that costs most, “don’t know” left out. None where there are no options."""
    options = [one for one in question.options if one.id != DONT_KNOW]
    if not options:
        return None
    worst = max(options, key=lambda one: one.points or 0.0).id
    return worst if question.type == "choice" else [worst]


def starting_examples(edition: Edition, settings: ScoringSettings) -> list[dict[str, Any]]:
    """Two worked examples as a file holds them: all answers good, and the first question of the sector's own answered worst."""
    answers = good_answers(edition, settings)
    good = {"title": GOOD_EXAMPLE_TITLE, "evidence_share": EVIDENCE_SHARE, "answers": answers}
    made = [{**good, "expect": _figures(edition, answers, settings)}]
    mine = (one for section in edition.sections if not section.common for one in section.questions)
    own = next((one for one in mine if one.id in answers), None)
    worst = worst_answer(own) if own else None
    if own is not None and worst is not None:
        changed = {**answers, own.id: worst}
        poor = {"title": POOR_EXAMPLE_TITLE, "from": GOOD_EXAMPLE_TITLE, "change": {own.id: worst}}
        made.append({**poor, "expect": _figures(edition, changed, settings)})
    return made


def _figures(edition: Edition, answers: Answers, settings: ScoringSettings) -> dict[str, Any]:
    return expected_figures(score_answers(edition, answers, settings, evidence_share=EVIDENCE_SHARE))


def _cheapest(question: Question) -> Option:
    """Of the options with the fewest points the first without a sign."""
    options = [one for one in question.options if one.id != DONT_KNOW] or list(question.options)
    return min(options, key=lambda one: (one.points or 0.0, one.sign is not None))


def _ticks(question: Question) -> AnswerValue:
    step = min(question.ticks, key=lambda one: (one.points, one.at_least))
    counted = [one.id for one in question.options if not is_exclusive_option(one.id)]
    alone = [one.id for one in question.options if is_exclusive_option(one.id) and one.id != DONT_KNOW]
    return counted[: step.at_least] or alone[:1] or counted[:1]


def _number(question: Question, settings: ScoringSettings) -> AnswerValue:
    if question.rule == "labour_provider_rate":
        return math.ceil(settings.wage * settings.labour_provider_good)
    least = best_points(question)
    above = 0.0
    for band in question.bands:
        if band.points == least:
            number = above + 1 if band.up_to is None else band.up_to
            return int(number) if number == int(number) else number
        above = band.up_to or 0.0
    return 0 if question.rule or question.kind != "fact" else 1


SCORING, SEASONS, INDUSTRIES = "settings/scoring.yaml", "settings/asking.yaml", "reference/uk_sic.csv"


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """A question to be answered yes or no. `poor` is the answer that matters; `dimension`, `owner` and `source` are ids."""

    section: str
    ask: str
    poor: str
    kind: str
    dimension: str
    why: str
    do: str
    owner: str
    source: str


@dataclass(frozen=True, slots=True)
class NewSector:
    """What was typed. Without a first question, `frame` names the bank whose sections are taken over.

    `codes` are beginnings of codes of Companies House; `busy` the first and last month in which its firms have no hour to spare.
    """

    id: str
    title: str
    base: float
    reason: str
    first: FirstQuestion | None = None
    frame: str | None = None
    codes: tuple[str, ...] = ()
    busy: tuple[int, int] | None = None


class UnsoundFileError(DraftError):
    def __init__(self, name: str) -> None:
        super().__init__(f"Put right what is wrong with {name} first.")


def prefix_for(bank: str, used: Collection[str]) -> str:
    """How the ids of the sector's own questions begin: as short as can be, and as no other question begins."""
    for length in range(4, 12):
        prefix = bank[:length].rstrip("_")
        if not any(name == prefix or name.startswith(f"{prefix}_") for name in used):
            return prefix
    return bank


def sector_files(current: ContentFiles, wanted: NewSector, today: date) -> dict[str, bytes]:
    """The new bank and the files that change with it, by name.

    Raises UnsoundFileError when a file that has to change, or is taken over, has problems of its own; YamlPatchError
    when a file cannot be changed so without touching other lines.
    """
    bank = _bank_data(current, wanted)
    files = {
        f"{wanted.id}.yaml": _text_of(bank, wanted.title),
        SCORING: _changed(current, SCORING, lambda data: _add_base(data, wanted)),
    }
    if wanted.busy and SEASONS in current.files:
        files[SEASONS] = _changed(current, SEASONS, lambda data: _add_season(data, wanted, today))
    if wanted.codes and INDUSTRIES in current.files:
        # the rows whose code begins so and that lead nowhere yet lead here; whatever else is there stays exactly
        files[INDUSTRIES] = "".join(
            line.rstrip("\r\n") + wanted.id + line[len(line.rstrip("\r\n")) :]
            if line.startswith(wanted.codes) and line.rstrip("\r\n").endswith(",")
            else line
            for line in current.files[INDUSTRIES].text.splitlines(keepends=True)
        ).encode()
    return {**files, f"{wanted.id}.yaml": _with_examples(current, files, bank, wanted, today)}


# --- the bank ---
def _bank_data(files: ContentFiles, wanted: NewSector) -> FileData:
    prefix = prefix_for(wanted.id, set(_ids_in(files)))
    if wanted.first:
        sections = [_first_section(wanted.first, prefix)]
    else:
        sections = list(_sections_from_bank(_require_sound(files, f"{wanted.frame}.yaml"), prefix))
    return {
        "format": 1,
        "bank": wanted.id,
        "title": wanted.title,
        "uses": [content_file.stem for content_file in files.inside("common")],
        "sections": sections,
    }


def _ids_in(files: ContentFiles) -> Iterator[str]:
    for content_file in [*files.inside(""), *files.inside("common")]:
        for section in cast("list[FileData]", content_file.data.get("sections") or []):
            yield str(section["id"])
            yield from (str(question["id"]) for question in section["questions"])


def _first_section(first: FirstQuestion, prefix: str) -> FileData:
    good, bad = ("no", "yes") if first.poor == "yes" else ("yes", "no")
    labels = {"yes": "Yes", "no": "No"}
    question: FileData = {
        "id": proposed_id(first.ask, (), f"{prefix}_"),
        "ask": first.ask,
        "type": "choice",
        "kind": first.kind,
        "dimension": first.dimension,
        "why": first.why,
        "options": [
            {"id": good, "label": labels[good], "points": 0},
            {"id": bad, "label": labels[bad], "points": 4},
            {"id": "dk", "label": "Don’t know", "points": 4},
        ],
        "action": {"do": first.do, "priority": 30, "owner": first.owner, "effort": "S"},
        "sources": [first.source],
    }
    name = proposed_id(first.section, {question["id"]}, f"{prefix}_")
    return {"id": name, "title": first.section, "questions": [question]}


def _require_sound(files: ContentFiles, name: str) -> ContentFile:
    content_file = files.files.get(name)
    if content_file is None or content_file.problems:
        raise UnsoundFileError(name)
    return content_file


def _sections_from_bank(frame: ContentFile, prefix: str) -> Iterator[FileData]:
    """Each section with one question, the first that waits for no other: something to change, under ids of its own."""
    gone = {"show_if", "rev", "replaces", "option_map"}
    for section in cast("list[FileData]", frame.data["sections"]):
        questions = section["questions"]
        begins = next((one for one in questions if "show_if" not in one), questions[0])
        question = {key: copy.deepcopy(value) for key, value in begins.items() if key not in gone}
        question["id"] = _renamed(str(begins["id"]), prefix)
        yield {"id": _renamed(str(section["id"]), prefix), "title": section["title"], "questions": [question]}


def _renamed(name: str, prefix: str) -> str:
    return f"{prefix}_{name.partition('_')[2] or name}"


def _with_examples(
    current: ContentFiles, files: Mapping[str, bytes], bank: FileData, wanted: NewSector, today: date
) -> bytes:
    """The bank with worked examples whose figures the engine gives. Without them when it cannot be scored yet."""
    name = f"{wanted.id}.yaml"
    whole = ContentFiles({**current.files, **content_files(files).files})
    settings = known_settings(whole, today)
    checked = check_bank(whole, wanted.id, settings)
    if settings is None or checked.edition is None or checked.errors:
        return files[name]
    return _text_of({**bank, "worked_examples": starting_examples(checked.edition, settings.scoring)}, wanted.title)


def _text_of(bank: FileData, title: str) -> bytes:
    text = "\n".join([f"# {title}: asked after the common questions.", *block_lines(bank, 0), ""]).encode()
    if not same_value(read_lines(text).data, bank):
        raise YamlPatchError
    return text


# --- what changes beside it ---
def _changed(files: ContentFiles, name: str, edit: Callable[[FileData], None]) -> bytes:
    content_file = _require_sound(files, name)
    data = copy.deepcopy(dict(read_lines(content_file.text.encode()).data))
    edit(data)
    return patch_yaml(content_file.text, data).encode()


def _add_base(data: FileData, wanted: NewSector) -> None:
    """A number in each row: whatever day is asked about, every bank needs one. The newest row says why."""
    for setting in data.get("settings") or []:
        if setting.get("id") == "base":
            for row in setting["values"]:
                row["value"] = {**row["value"], wanted.id: wanted.base}
            newest = setting["values"][-1]
            newest["source"] = f"{newest['source']} {wanted.title}: {wanted.reason}"


def _add_season(data: FileData, wanted: NewSector, today: date) -> None:
    first, last = wanted.busy or (1, 12)
    data["settings"] = [
        *(data.get("settings") or []),
        {
            "id": f"{SEASON_PREFIX}{wanted.id}",
            "label": f"Months in which it is busy: {wanted.title}",
            "values": [
                {
                    "from": today.isoformat(),
                    "value": {"first_month": first, "last_month": last},
                    "source": "Our own rule for this service. Not a rule of any authority.",
                    "checked": today.isoformat(),
                    "review_by": today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat(),
                }
            ],
        },
    ]
