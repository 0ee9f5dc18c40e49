"""All that a new sector needs to be published, worked out from what somebody typed: its bank, its base, and the way people find it.

Nothing is saved here: `files_of` gives the texts of the files that come or change.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from assess.banks.checking import check_bank, known_settings
from assess.banks.drafts.keeping import DraftError
from assess.banks.rewriting import RewriteError, rewritten, same
from assess.banks.season_settings import PREFIX
from assess.banks.sheets import Sheet, Shelf, shelf_of
from assess.banks.writing import block_lines
from assess.banks.yaml_lines import read_lines
from assess.editor.naming import proposed_id
from assess.editor.sectors.good_answers import examples_of

Data = dict[str, Any]
SCORING, SEASONS, INDUSTRIES = "settings/scoring.yaml", "settings/asking.yaml", "reference/uk_sic.csv"
LONGEST_PREFIX = 12


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


class UnsoundSheetError(DraftError):
    """A file has to be put right before a sector can be added."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Put right what is wrong with {name} first.")


def prefix_for(bank: str, used: Collection[str]) -> str:
    """How the ids of the sector's own questions begin: as short as can be, and as no other question begins."""
    for length in range(4, LONGEST_PREFIX):
        prefix = bank[:length].rstrip("_")
        if not any(name == prefix or name.startswith(f"{prefix}_") for name in used):
            return prefix
    return bank


def files_of(shelf: Shelf, wanted: NewSector, today: date) -> dict[str, bytes]:
    """The new bank and the files that change with it, by name.

    Raises:
        UnsoundSheetError: when a file that has to change, or is taken over, has problems of its own.
        RewriteError: when a file cannot be changed so without touching other lines.
    """
    bank = _bank_data(shelf, wanted)
    files = {
        f"{wanted.id}.yaml": _text_of(bank, wanted.title),
        SCORING: _changed(shelf, SCORING, lambda data: _add_base(data, wanted)),
    }
    if wanted.busy and SEASONS in shelf.sheets:
        files[SEASONS] = _changed(shelf, SEASONS, lambda data: _add_season(data, wanted, today))
    if wanted.codes and INDUSTRIES in shelf.sheets:
        files[INDUSTRIES] = _with_codes(shelf.sheets[INDUSTRIES], wanted)
    return {**files, f"{wanted.id}.yaml": _with_examples(shelf, files, bank, wanted, today)}


# --- the bank ---


def _bank_data(shelf: Shelf, wanted: NewSector) -> Data:
    prefix = prefix_for(wanted.id, set(_ids_in(shelf)))
    if wanted.first:
        sections = [_first_section(wanted.first, prefix)]
    else:
        sections = list(_frame(_sound(shelf, f"{wanted.frame}.yaml"), prefix))
    return {
        "format": 1,
        "bank": wanted.id,
        "title": wanted.title,
        "uses": [sheet.stem for sheet in shelf.inside("common")],
        "sections": sections,
    }


def _ids_in(shelf: Shelf) -> Iterator[str]:
    for sheet in [*shelf.inside(""), *shelf.inside("common")]:
        for section in cast("list[Data]", sheet.data.get("sections") or []):
            yield str(section["id"])
            yield from (str(question["id"]) for question in section["questions"])


def _first_section(first: FirstQuestion, prefix: str) -> Data:
    good, bad = ("no", "yes") if first.poor == "yes" else ("yes", "no")
    labels = {"yes": "Yes", "no": "No"}
    question: Data = {
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


def _sound(shelf: Shelf, name: str) -> Sheet:
    sheet = shelf.sheets.get(name)
    if sheet is None or sheet.problems:
        raise UnsoundSheetError(name)
    return sheet


def _frame(frame: Sheet, prefix: str) -> Iterator[Data]:
    """Each section with one question, the first that waits for no other: something to change, under ids of its own."""
    gone = {"show_if", "rev", "replaces", "option_map"}
    for section in cast("list[Data]", frame.data["sections"]):
        questions = section["questions"]
        begins = next((one for one in questions if "show_if" not in one), questions[0])
        question = {key: copy.deepcopy(value) for key, value in begins.items() if key not in gone}
        question["id"] = _renamed(str(begins["id"]), prefix)
        yield {"id": _renamed(str(section["id"]), prefix), "title": section["title"], "questions": [question]}


def _renamed(name: str, prefix: str) -> str:
    return f"{prefix}_{name.partition('_')[2] or name}"


def _with_examples(shelf: Shelf, files: Mapping[str, bytes], bank: Data, wanted: NewSector, today: date) -> bytes:
    """The bank with worked examples whose figures the engine gives. Without them when it cannot be scored yet."""
    name = f"{wanted.id}.yaml"
    whole = Shelf({**shelf.sheets, **shelf_of(files).sheets})
    settings = known_settings(whole, today)
    checked = check_bank(whole, wanted.id, settings)
    if settings is None or checked.edition is None or checked.errors:
        return files[name]
    return _text_of({**bank, "worked_examples": examples_of(checked.edition, settings.scoring)}, wanted.title)


def _text_of(bank: Data, title: str) -> bytes:
    text = "\n".join([f"# {title}: asked after the common questions.", *block_lines(bank, 0), ""]).encode()
    if not same(read_lines(text).data, bank):
        raise RewriteError
    return text


# --- what changes beside it ---


def _changed(shelf: Shelf, name: str, edit: Callable[[Data], None]) -> bytes:
    sheet = _sound(shelf, name)
    data = copy.deepcopy(dict(read_lines(sheet.text.encode()).data))
    edit(data)
    return rewritten(sheet.text, data).encode()


def _add_base(data: Data, wanted: NewSector) -> None:
    """A number in each row: whatever day is asked about, every bank needs one. The newest row says why."""
    for setting in data.get("settings") or []:
        if setting.get("id") == "base":
            for row in setting["values"]:
                row["value"] = {**row["value"], wanted.id: wanted.base}
            newest = setting["values"][-1]
            newest["source"] = f"{newest['source']} {wanted.title}: {wanted.reason}"


def _add_season(data: Data, wanted: NewSector, today: date) -> None:
    first, last = wanted.busy or (1, 12)
    data["settings"] = [
        *(data.get("settings") or []),
        {
            "id": f"{PREFIX}{wanted.id}",
            "label": f"Months in which it is busy: {wanted.title}",
            "values": [
                {
                    "from": today.isoformat(),
                    "value": {"first_month": first, "last_month": last},
                    "source": "Our own rule for this service. Not a rule of any authority.",
                    "checked": today.isoformat(),
                    "review_by": _in_a_year(today).isoformat(),
                }
            ],
        },
    ]


def _in_a_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _with_codes(sheet: Sheet, wanted: NewSector) -> bytes:
    """The rows whose code begins so and that lead nowhere yet lead here. Whatever else is there stays to the letter."""
    lines = sheet.text.splitlines(keepends=True)
    return "".join(
        line.rstrip("\r\n") + wanted.id + line[len(line.rstrip("\r\n")) :]
        if line.startswith(wanted.codes) and line.rstrip("\r\n").endswith(",")
        else line
        for line in lines
    ).encode()
