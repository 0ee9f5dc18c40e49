"""A new sector: its form, the files it needs, and worked examples with figures from the engine. Nothing is saved here."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from marshmallow import ValidationError, validates_schema

from assess.bank_editor.duties_and_settings.forms import DIMENSIONS, OWNERS, SOURCES, entry_titles
from assess.bank_editor.examples import expected_figures
from assess.bank_editor.fields import FileData
from assess.bank_editor.labels import IdField, proposed_id
from assess.core.forms.fields import ChoiceField, FormField, NumberField, SentForm, TextField
from assess.core.forms.form import Form, form_of
from assess.engine.bank import DONT_KNOW, Answers, AnswerValue, Edition, Option, Question
from assess.engine.bank_reader import CONDITION_KEYWORDS
from assess.engine.points import best_points, is_exclusive_option
from assess.engine.question_types import QUESTION_TYPES, TYPES_BY_KEY
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
NO_BANK_ID = f"Use small letters, digits and _ only, {LONGEST_ID} at most, and begin with a letter."


SectorChoices = Mapping[str, Mapping[str, str]]
"""What can be chosen in a field, by its name: ids and words."""


def sector_choices(files: ContentFiles) -> SectorChoices:
    own = {bank: content_file for bank in files.banks() if (content_file := files.at("", bank))}
    return {
        "frame": {bank: str(content_file.raw_data.get("title", bank)) for bank, content_file in own.items()},
        "dimension": entry_titles(files, DIMENSIONS),
        "owner": entry_titles(files, OWNERS),
        "source": {name: f"{name}: {words}" for name, words in entry_titles(files, SOURCES).items()},
    }


class CodesField(FormField[tuple[str, ...]]):
    wanted = "Write codes with commas between them, each of 2 to 5 digits, such as “41, 42, 43”."
    empty = ()

    def clean(self, typed: str) -> tuple[str, ...]:
        codes = tuple(typed.replace(",", " ").split())
        if not all(re.fullmatch(r"[0-9]{2,5}", code) for code in codes):
            raise self.refuse()
        return codes


MONTHS = range(1, len(MONTH_NAMES) + 1)
BOTH_MONTHS = "Choose both months, or neither."


class SectorForm(Form):
    title = TextField(LONGEST_TITLE, required="Write what these businesses do, such as “Construction”.")
    id = IdField(longest=LONGEST_ID, invalid=NO_BANK_ID)
    base = NumberField(
        most=HIGHEST_BASE, required="Write a number from 0 to 100.", invalid="Write a number from 0 to 100."
    )
    reason = TextField(LONGEST_TEXT, required="Say in a sentence why it starts there.")
    codes = CodesField()
    first_month = ChoiceField(MONTHS, invalid=BOTH_MONTHS)
    last_month = ChoiceField(MONTHS, invalid=BOTH_MONTHS)

    @validates_schema(skip_on_field_errors=False)
    def both_months(self, found: FileData, **_: object) -> None:
        months = {name: found[name] for name in ("first_month", "last_month") if name in found}
        missing = [name for name, month in months.items() if month is None]
        if len(months) == len(missing) + 1 and missing:
            raise ValidationError(BOTH_MONTHS, missing[0])


def _first_question_fields(choices: SectorChoices) -> dict[str, FormField[Any]]:
    return {
        "section": TextField(LONGEST_TITLE, required="Give the first page of questions a title."),
        "ask": TextField(LONGEST_TEXT, required="Write a question that can be answered with yes or no."),
        "poor": ChoiceField(dict(POOR_CHOICES), required="Choose the answer that matters."),
        "kind": ChoiceField(dict(KIND_CHOICES), required="Choose what it asks about."),
        "dimension": ChoiceField(choices["dimension"], required="Choose a theme."),
        "why": TextField(LONGEST_TEXT, required="Say why you ask."),
        "do": TextField(LONGEST_TEXT, required="Say what to do about the answer that matters."),
        "owner": ChoiceField(choices["owner"], required="Choose who acts."),
        "source": ChoiceField(
            choices["source"], required="Choose what it rests on. Add a source first if it is not in the list."
        ),
    }


def sector_from(
    sent: SentForm, choices: SectorChoices, used: Collection[str]
) -> tuple[NewSector | None, Mapping[str, str]]:
    """The sector, or what to do before it can be made, by field. `used` are ids that banks have or ever had."""
    frame, _ = ChoiceField(choices["frame"]).read(sent.get("frame", ""))
    first_question = {} if frame else _first_question_fields(choices)
    form = form_of(first_question, SectorForm).read(sent)
    errors = dict(form.errors)
    title = form.values.get("title", "")
    name = form.values.get("id") or (proposed_id(title, ()) if any(map(str.isalnum, title)) else "")
    if not {"title", "id"} & set(errors) and (error := _bank_id_error(name, used)):
        errors["id"] = error
    if errors:
        return None, errors
    first = None if frame else FirstQuestion(**{name: form[name] for name in first_question})
    busy = (form["first_month"], form["last_month"]) if form["first_month"] else None
    return NewSector(name, title, form["base"], form["reason"], first, frame, form["codes"], busy), errors


def _bank_id_error(name: str, used: Collection[str]) -> str:
    if name in {*TOP_LEVEL_FILES, *CONDITION_KEYWORDS}:
        return f"“{name}” is a word with another meaning here. Choose another one."
    if name in used:
        return f"“{name}” is taken, or was once. Choose another one."
    return IdField(longest=LONGEST_ID, required=NO_BANK_ID, invalid=NO_BANK_ID).read(name)[1]


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
    kind = QUESTION_TYPES[question.type]
    if kind.is_number:
        return _number(question, settings)
    if kind.has_options:
        best = _cheapest(question).id
        return _ticks(question) if question.ticks else [best] if kind.several else best
    return [] if question.type in TYPES_BY_KEY["columns"] else None


def worst_answer(question: Question) -> AnswerValue | None:
    """The option that costs most, “don’t know” left out. None where there are no options."""
    options = [one for one in question.options if one.id != DONT_KNOW]
    if not options:
        return None
    worst = max(options, key=lambda one: one.points or 0.0).id
    return [worst] if QUESTION_TYPES[question.type].several else worst


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
