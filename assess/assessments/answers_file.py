"""Reads the answers file of the command line, JSON or YAML, strictly: one sentence for each error, with its place. Imports neither Flask nor SQLAlchemy."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from marshmallow import ValidationError, fields
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent

from assess.assessments.forms import BusinessNameField
from assess.assessments.purchase_lines import read_purchases
from assess.core.forms.fields import CompanyNumberField, FormField, PostcodeField, sentences_of
from assess.engine.assessing import EngineInput
from assess.engine.bank import AnswerValue, Edition, Fact
from assess.engine.edition_changes import answers_for_edition, question_ids_for_edition
from assess.engine.facts import FactValue
from assess.engine.problems import did_you_mean
from assess.engine.purchases import Purchase
from assess.question_banks.question_types import JsonField, field_for, field_for_fact, join_listed, quoted, value_kind

LARGEST_FILE = 1024 * 1024
DEEPEST_NESTING = 12
MAX_NODES = 20_000
"""No answers file needs more than five levels."""

_POSTCODE = PostcodeField(required=PostcodeField.wanted)
_COMPANY_NUMBER = CompanyNumberField(required=CompanyNumberField.wanted)
_KEYS = ("sector", "organisation", "answers", "evidence", "quick", "evidence_share", "title", "expect")
"""`title`, `evidence_share` and `expect` are those of a worked example, which may be scored as it stands; `expect` is not read."""
_ORGANISATION_KEYS = ("name", "area", "postcode", "company_number", "facts", "purchases")
NO_COUNTRIES: Mapping[str, str] = MappingProxyType({})


class AnswersFileError(Exception):
    """The file cannot be used. `errors` holds one sentence for each fault, with its place and its repair."""

    def __init__(self, errors: Collection[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """What a business says in a file: values are clean, ids are those of the edition of `sector`."""

    sector: str
    quick: bool = False
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    evidence_share: float | None = None
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    name: str | None = None
    area: str | None = None
    postcode: str | None = None
    company_number: str | None = None
    purchases: tuple[Purchase, ...] = ()

    @property
    def given(self) -> EngineInput:
        return EngineInput(
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
    return read_answers(parse_file(content, yaml=_is_yaml(path.name, content)), editions, areas, countries)


def _is_yaml(name: str, content: bytes) -> bool:
    if name.lower().endswith((".yaml", ".yml")):
        return True
    return not (name.lower().endswith(".json") or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")))


def parse_file(content: bytes, *, yaml: bool) -> object:
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
        _reject_unsafe_yaml(reader, text)
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


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return 1 if mark is None else int(mark.line) + 1


def _reject_unsafe_yaml(reader: YAML, text: str) -> None:
    depth = nodes = 0
    for event in reader.parse(text):
        # counted while it is parsed, before anything is built: a small file can unfold into a huge one
        nodes += isinstance(event, NodeEvent)
        if nodes > MAX_NODES:
            raise AnswersFileError(
                [
                    f"Line {event.start_mark.line + 1}: more than {MAX_NODES:,} values stand up to here. Give one business."
                ]
            )
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            raise AnswersFileError([_TOO_DEEP])
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise AnswersFileError([f"Line {line}: names with & and * are not read: write the value out."])
        if isinstance(event, NodeEvent) and getattr(event, "ctag", None) is not None:
            raise AnswersFileError([f"Line {line}: tags with ! are not read: write the value alone, or in quotes."])


class _Errors(list[str]):
    def at(self, place: str, sentence: str) -> None:
        self.append(f"{place}: {sentence}")

    def group(self, place: str, value: object, known: Collection[str], what: str) -> dict[str, object]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.at(place, f"Give a group of keys; this is {value_kind(value)}.")
            return {}
        good: dict[str, object] = {}
        for key, part in value.items():
            if isinstance(key, str) and key in known:
                good[key] = part
            else:
                hint = did_you_mean(str(key), known, otherwise=": take it out, or correct its name.")
                self.at(place, f"There is no {what} {quoted(key)}{hint}")
        return good

    def clean(self, place: str, cleaner: fields.Field[object], value: object) -> object:
        try:
            return cleaner.deserialize(value)
        except ValidationError as refusal:
            for where, sentence in _error_places(place, refusal):
                self.at(where, sentence)
            return None


def _error_places(place: str, refusal: ValidationError) -> list[tuple[str, str]]:
    rows = refusal.messages if isinstance(refusal.messages, dict) else {}
    if not rows:
        return [(place, sentence) for sentence in sentences_of(refusal)]
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
            [f"The file must be a group of keys such as “sector” and “answers”; this is {value_kind(document)}."]
        )
    errors = _Errors()
    top = errors.group("The file", document, _KEYS, "key")
    edition = _edition(errors, top, editions)
    if edition is None:
        raise AnswersFileError(errors)
    organisation = errors.group("organisation", top.get("organisation"), _ORGANISATION_KEYS, "key")
    purchases, wrong = read_purchases(organisation.get("purchases"), countries)
    file = AnswersFile(
        sector=edition.bank,
        quick=_quick(errors, top.get("quick")),
        answers=_answers(errors, top.get("answers"), edition),
        evidence=_evidence(errors, top.get("evidence"), edition),
        evidence_share=_share(errors, top.get("evidence_share")),
        facts=_facts(errors, organisation.get("facts"), edition, countries),
        name=_text(errors, "organisation.name", BusinessNameField(), organisation.get("name")),
        area=_area(errors, organisation.get("area"), areas),
        postcode=_text(errors, "organisation.postcode", _POSTCODE, organisation.get("postcode")),
        company_number=_text(
            errors, "organisation.company_number", _COMPANY_NUMBER, organisation.get("company_number")
        ),
        purchases=purchases,
    )
    errors += wrong
    if errors:
        raise AnswersFileError(errors)
    return file


def _edition(errors: _Errors, top: Mapping[str, object], editions: Mapping[str, Edition]) -> Edition | None:
    sector = top.get("sector")
    if isinstance(sector, str) and sector in editions:
        return editions[sector]
    known = join_listed(editions)
    if sector is None:
        errors.append(f"The key “sector” is missing: give one of {known}.")
    elif not isinstance(sector, str):
        errors.at("sector", f"Give one of {known} as text; this is {value_kind(sector)}.")
    else:
        hint = did_you_mean(sector, editions)
        errors.at("sector", f"There is no sector {quoted(sector)}{hint} The sectors are: {known}.")
    return None


def _quick(errors: _Errors, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    errors.at("quick", f"Give true or false, without quotes; this is {value_kind(value)}.")
    return False


def _answers(errors: _Errors, value: object, edition: Edition) -> dict[str, AnswerValue]:
    questions = {question.id: question for question in edition.questions()}
    answers: dict[str, AnswerValue] = {}
    given = answers_for_edition(edition, value) if isinstance(value, dict) else value
    for name, raw in errors.group("answers", given, questions, "question").items():
        if raw is None:  # "nothing" is how files and our own results write "not answered"
            continue
        cleaner = cast("fields.Field[object]", field_for(questions[name]))
        clean = errors.clean(f"answers.{name}", cleaner, raw)
        if clean is not None:
            answers[name] = cast("AnswerValue", clean)
    return answers


_COUNTRY_OF_NATION: Mapping[str, str] = MappingProxyType(
    {"ENG": "UK", "WLS": "UK", "SCT": "UK", "NIR": "UK", "GB": "UK"}
)
"""Parts of the United Kingdom, as the fact on where a business works has them: a business is set up in the whole."""


def _incorporation_option(raw: object, fact: Fact, places: Collection[str]) -> object:
    """The option for a country: its own, that of the whole it is a part of, or "another country" for one of these places."""
    if not isinstance(raw, str) or raw in {option.id for option in fact.options}:
        return raw
    return _COUNTRY_OF_NATION.get(raw, "OTHER" if raw in places else raw)


def _facts(errors: _Errors, value: object, edition: Edition, countries: Mapping[str, str]) -> dict[str, FactValue]:
    known = {fact.id: fact for fact in edition.duty_book.facts}
    places = {option.id for fact in known.values() if fact.id == "operates_in" for option in fact.options} | {
        *countries
    }
    facts: dict[str, FactValue] = {}
    for name, raw in errors.group("organisation.facts", value, known, "fact").items():
        if raw is None:
            continue
        if name == "incorporated_in":
            raw = _incorporation_option(raw, known[name], places)  # noqa: PLW2901  # the same, in the words of the form
        cleaner = cast("fields.Field[object]", field_for_fact(known[name]))
        clean = errors.clean(f"organisation.facts.{name}", cleaner, raw)
        if clean is not None:
            facts[name] = cast("FactValue", clean)
    return facts


def _evidence(errors: _Errors, value: object, edition: Edition) -> frozenset[str]:
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        errors.at("evidence", f"Give a list of question ids in square brackets; this is {value_kind(value)}.")
        return frozenset()
    known = {question.id for question in edition.questions()}
    value = question_ids_for_edition(edition, value)
    for name in value:
        if not (isinstance(name, str) and name in known):
            hint = did_you_mean(str(name), known, otherwise=": take it out, or correct its name.")
            errors.at("evidence", f"There is no question {quoted(name)}{hint}")
    return frozenset(name for name in value if isinstance(name, str) and name in known)


def _share(errors: _Errors, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        errors.at("evidence_share", "Give a number from 0 to 1, or leave it out.")
        return None
    return float(value)


def _text(errors: _Errors, place: str, field: FormField[Any], value: object) -> str | None:
    if value is None:
        return None
    clean = errors.clean(place, JsonField(field), value)
    return clean if isinstance(clean, str) else None


def _area(errors: _Errors, value: object, areas: Collection[str]) -> str | None:
    if value is None or (isinstance(value, str) and value in areas):
        return value
    hint = did_you_mean(str(value), areas)
    errors.at("organisation.area", f"There is no area {quoted(value)}{hint} The areas are: {join_listed(areas)}.")
    return None
