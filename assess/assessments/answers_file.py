"""The answers file of the command line: one business in JSON or YAML, read strictly (decisions.md 5).

A file is read in two steps: `load` turns bytes into plain values and refuses what the two formats allow but no answer needs
(aliases, tags, repeated keys, deep nests); `read_answers` then checks every key and value. A bad file raises `AnswersFileError`
with one sentence for each fault, never only for the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import cast

from marshmallow import ValidationError, fields
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent

from assess.assessments.fields import field_for, field_for_fact, sentences
from assess.assessments.identity import CompanyNumber, Name, Postcode
from assess.assessments.purchases.from_file import read_purchases
from assess.assessments.wording import did_you_mean, kind_of, listed, quoted
from assess.engine.assessing import Given
from assess.engine.bank import Edition, Fact, Value
from assess.engine.carry_over import in_todays_form, todays_ids
from assess.engine.facts import FactValue
from assess.engine.purchases import Purchase

LARGEST_FILE = 1024 * 1024
DEEPEST = 12
MOST_NODES = 20_000
"""No answers file needs more than five levels."""

_KEYS = ("sector", "organisation", "answers", "evidence", "quick", "evidence_share", "title", "expect")
"""`title`, `evidence_share` and `expect` are those of a worked example, which may be scored as it stands; `expect` is not read."""
_ORGANISATION_KEYS = ("name", "area", "postcode", "company_number", "facts", "purchases")
NO_COUNTRIES: Mapping[str, str] = MappingProxyType({})


class AnswersFileError(Exception):
    """The file cannot be used. `faults` holds one sentence for each fault, with its place and its repair."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """What a business says in a file: values are clean, ids are those of the edition of `sector`."""

    sector: str
    quick: bool = False
    answers: Mapping[str, Value] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    evidence_share: float | None = None
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    name: str | None = None
    area: str | None = None
    postcode: str | None = None
    company_number: str | None = None
    purchases: tuple[Purchase, ...] = ()

    @property
    def given(self) -> Given:
        """The same as the engine takes it."""
        return Given(
            answers=self.answers,
            facts=self.facts,
            evidence=self.evidence,
            evidence_share=self.evidence_share,
            quick=self.quick,
        )


def read_answers_file(
    path: Path, editions: Mapping[str, Edition], areas: Collection[str], countries: Mapping[str, str] = NO_COUNTRIES
) -> AnswersFile:
    """Read the file at `path`. `editions` by sector; `areas` are the ids of the operator's areas; `countries` names by two letters."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise AnswersFileError(["This is a folder: name a file."]) from None
    except OSError as fault:
        raise AnswersFileError([f"The file cannot be read: {fault.strerror or 'the machine refused'}."]) from None
    return read_answers(load(content, yaml=_is_yaml(path.name, content)), editions, areas, countries)


def _is_yaml(name: str, content: bytes) -> bool:
    if name.lower().endswith((".yaml", ".yml")):
        return True
    return not (name.lower().endswith(".json") or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")))


def load(content: bytes, *, yaml: bool) -> object:
    """Plain values from JSON or YAML bytes. Raises `AnswersFileError` with one sentence."""
    if len(content) > LARGEST_FILE:
        raise AnswersFileError(["The file is larger than 1 MiB: an answers file holds one business only."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise AnswersFileError([f"Byte {fault.start + 1} is not UTF-8: save the file as UTF-8 text."]) from None
    if not text.strip():
        raise AnswersFileError(["The file is empty: it needs at least “sector” and “answers”."])
    try:
        return _load_yaml(text) if yaml else _load_json(text)
    except RecursionError:
        raise AnswersFileError([_TOO_DEEP]) from None


_TOO_DEEP = "Brackets or indents are nested too deep: an answers file needs five levels at most."


def _load_json(text: str) -> object:
    twice: list[str] = []

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        group: dict[str, object] = {}
        for key, value in found:
            if key in group:
                twice.append(f"The key {quoted(key)} stands twice in one group: keep one.")
            group[key] = value
        return group

    try:
        value: object = json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as fault:
        place = f"Line {fault.lineno}, column {fault.colno}"
        raise AnswersFileError(
            [f"{place}: this is not JSON ({fault.msg[:1].lower()}{fault.msg[1:]}). Put it right there or just before."]
        ) from None
    except ValueError:
        raise AnswersFileError(["A number in the file is too long: check it."]) from None
    if twice:
        raise AnswersFileError(twice)
    return value


def _load_yaml(text: str) -> object:
    reader = YAML(typ="safe", pure=True)
    try:
        _refuse_tricks(reader, text)
        value: object = reader.load(text)
    except DuplicateKeyError as fault:
        key = re.search(r'duplicate key "(.*?)" with value', str(fault.problem), re.DOTALL)
        name = quoted(key[1]) if key else "a key"
        raise AnswersFileError([f"Line {_line(fault)}: the key {name} stands twice in one group: keep one."]) from None
    except MarkedYAMLError as fault:
        problem = " ".join(str(fault.problem or fault.context or "it cannot be read").split())
        raise AnswersFileError(
            [f"Line {_line(fault)}: this is not YAML ({problem}). Put it right there or just before."]
        ) from None
    except YAMLError:
        raise AnswersFileError(["The file holds characters that no text has: save it as plain UTF-8 text."]) from None
    except (ValueError, OverflowError):
        raise AnswersFileError(["A number or a date in the file cannot be real: check them."]) from None
    return value


def _line(fault: MarkedYAMLError) -> int:
    mark = fault.problem_mark or fault.context_mark
    return 1 if mark is None else int(mark.line) + 1


def _refuse_tricks(reader: YAML, text: str) -> None:
    depth = nodes = 0
    for event in reader.parse(text):
        nodes += isinstance(event, NodeEvent)
        if nodes > MOST_NODES:
            raise AnswersFileError(
                [
                    f"Line {event.start_mark.line + 1}: more than {MOST_NODES:,} values stand up to here. Give one business."
                ]
            )
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise AnswersFileError([_TOO_DEEP])
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise AnswersFileError([f"Line {line}: names with & and * are not read: write the value out."])
        if isinstance(event, NodeEvent) and getattr(event, "ctag", None) is not None:
            raise AnswersFileError([f"Line {line}: tags with ! are not read: write the value alone, or in quotes."])


class _Faults(list[str]):
    """Gathers one sentence for each fault, with its place in front."""

    def at(self, place: str, sentence: str) -> None:
        self.append(f"{place}: {sentence}")

    def group(self, place: str, value: object, known: Collection[str], what: str) -> dict[str, object]:
        """The keys of a group that are known; a fault for each that is not."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.at(place, f"Give a group of keys; this is {kind_of(value)}.")
            return {}
        good: dict[str, object] = {}
        for key, part in value.items():
            if isinstance(key, str) and key in known:
                good[key] = part
            else:
                hint = did_you_mean(str(key), known)
                self.at(place, f"There is no {what} {quoted(key)}{hint or ': take it out, or correct its name.'}")
        return good

    def clean(self, place: str, cleaner: fields.Field[object], value: object) -> object:
        """The value as the field cleans it; a fault for each refusal, and None."""
        try:
            return cleaner.deserialize(value)
        except ValidationError as refusal:
            for where, sentence in _places(place, refusal):
                self.at(where, sentence)
            return None


def _places(place: str, refusal: ValidationError) -> list[tuple[str, str]]:
    rows = refusal.messages if isinstance(refusal.messages, dict) else {}
    if not rows:
        return [(place, sentence) for sentence in sentences(refusal)]
    return [
        (f"{place}, row {number + 1}" + (f", {column}" if column else ""), str(sentence))
        for number, cells in rows.items()
        for column, found in cells.items()
        for sentence in found
    ]


def read_answers(
    document: object,
    editions: Mapping[str, Edition],
    areas: Collection[str],
    countries: Mapping[str, str] = NO_COUNTRIES,
) -> AnswersFile:
    """Check plain values as an answers file. Raises `AnswersFileError` with one sentence for each fault."""
    if not isinstance(document, dict):
        raise AnswersFileError(
            [f"The file must be a group of keys such as “sector” and “answers”; this is {kind_of(document)}."]
        )
    faults = _Faults()
    top = faults.group("The file", document, _KEYS, "key")
    edition = _edition(faults, top, editions)
    if edition is None:
        raise AnswersFileError(faults)
    organisation = faults.group("organisation", top.get("organisation"), _ORGANISATION_KEYS, "key")
    purchases, wrong = read_purchases(organisation.get("purchases"), countries)
    file = AnswersFile(
        sector=edition.bank,
        quick=_quick(faults, top.get("quick")),
        answers=_answers(faults, top.get("answers"), edition),
        evidence=_evidence(faults, top.get("evidence"), edition),
        evidence_share=_share(faults, top.get("evidence_share")),
        facts=_facts(faults, organisation.get("facts"), edition, countries),
        name=_text(faults, "organisation.name", Name(), organisation.get("name")),
        area=_area(faults, organisation.get("area"), areas),
        postcode=_text(faults, "organisation.postcode", Postcode(), organisation.get("postcode")),
        company_number=_text(
            faults, "organisation.company_number", CompanyNumber(), organisation.get("company_number")
        ),
        purchases=purchases,
    )
    faults += wrong
    if faults:
        raise AnswersFileError(faults)
    return file


def _edition(faults: _Faults, top: Mapping[str, object], editions: Mapping[str, Edition]) -> Edition | None:
    sector = top.get("sector")
    if isinstance(sector, str) and sector in editions:
        return editions[sector]
    known = listed(editions)
    if sector is None:
        faults.append(f"The key “sector” is missing: give one of {known}.")
    elif not isinstance(sector, str):
        faults.at("sector", f"Give one of {known} as text; this is {kind_of(sector)}.")
    else:
        hint = did_you_mean(sector, editions) or "."
        faults.at("sector", f"There is no sector {quoted(sector)}{hint} The sectors are: {known}.")
    return None


def _quick(faults: _Faults, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    faults.at("quick", f"Give true or false, without quotes; this is {kind_of(value)}.")
    return False


def _answers(faults: _Faults, value: object, edition: Edition) -> dict[str, Value]:
    questions = {question.id: question for question in edition.questions()}
    answers: dict[str, Value] = {}
    given = in_todays_form(edition, value) if isinstance(value, dict) else value
    for name, raw in faults.group("answers", given, questions, "question").items():
        if raw is None:  # "nothing" is how files and our own results write "not answered"
            continue
        cleaner = cast("fields.Field[object]", field_for(questions[name]))
        clean = faults.clean(f"answers.{name}", cleaner, raw)
        if clean is not None:
            answers[name] = cast("Value", clean)
    return answers


_SET_UP_IN = "incorporated_in"
_WHOLE: Mapping[str, str] = MappingProxyType({"ENG": "UK", "WLS": "UK", "SCT": "UK", "NIR": "UK", "GB": "UK"})
"""Parts of the United Kingdom, as the fact on where a business works has them: a business is set up in the whole."""
_ELSEWHERE = "OTHER"


def _set_up_in(raw: object, fact: Fact, places: Collection[str]) -> object:
    """The option for a country: its own, that of the whole it is a part of, or "another country" for one of these places."""
    own = {option.id for option in fact.options}
    if not isinstance(raw, str) or raw in own:
        return raw
    return _WHOLE.get(raw, _ELSEWHERE if raw in places else raw)


def _facts(faults: _Faults, value: object, edition: Edition, countries: Mapping[str, str]) -> dict[str, FactValue]:
    known = {fact.id: fact for fact in edition.duty_book.facts}
    places = {option.id for fact in known.values() if fact.id == "operates_in" for option in fact.options} | {
        *countries
    }
    facts: dict[str, FactValue] = {}
    for name, raw in faults.group("organisation.facts", value, known, "fact").items():
        if raw is None:
            continue
        if name == _SET_UP_IN:
            raw = _set_up_in(raw, known[name], places)  # noqa: PLW2901  # the same, in the words of the form
        cleaner = cast("fields.Field[object]", field_for_fact(known[name]))
        clean = faults.clean(f"organisation.facts.{name}", cleaner, raw)
        if clean is not None:
            facts[name] = cast("FactValue", clean)
    return facts


def _evidence(faults: _Faults, value: object, edition: Edition) -> frozenset[str]:
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        faults.at("evidence", f"Give a list of question ids in square brackets; this is {kind_of(value)}.")
        return frozenset()
    known = {question.id for question in edition.questions()}
    value = todays_ids(edition, value)
    for name in value:
        if not (isinstance(name, str) and name in known):
            hint = did_you_mean(str(name), known)
            faults.at("evidence", f"There is no question {quoted(name)}{hint or ': take it out, or correct its name.'}")
    return frozenset(name for name in value if isinstance(name, str) and name in known)


def _share(faults: _Faults, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        faults.at("evidence_share", "Give a number from 0 to 1, or leave it out.")
        return None
    return float(value)


def _text(faults: _Faults, place: str, cleaner: fields.Field[str], value: object) -> str | None:
    if value is None:
        return None
    clean = faults.clean(place, cast("fields.Field[object]", cleaner), value)
    return clean if isinstance(clean, str) else None


def _area(faults: _Faults, value: object, areas: Collection[str]) -> str | None:
    if value is None or (isinstance(value, str) and value in areas):
        return value
    hint = did_you_mean(str(value), areas) or "."
    faults.at("organisation.area", f"There is no area {quoted(value)}{hint} The areas are: {listed(areas)}.")
    return None
