"""Where free text stands in a record, and the hash tree that lets a text be removed while the rest of the record can still be verified."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assess.engine.bank import Edition, Question
from assess.engine.question_types import QUESTION_TYPES

REMOVED_TEXT = "[words taken out]"

FREE_TEXT_KEY = "own_words"
"""The key of a record that lists the paths of answers in free text. Absent where there is none."""

Record = Mapping[str, Any]


def takes_free_text(question: Question) -> bool:
    """Whether an answer to this question can hold free text: a text, or a table with a column for it."""
    return QUESTION_TYPES[question.type].takes_free_text(question)


def free_texts(question: Question, answer: object) -> list[str]:
    """What people wrote in an answer."""
    paths = QUESTION_TYPES[question.type].free_text_paths(question, answer, None)
    return [str(text_at({"answer": answer}, path)) for path in paths if path.split("/")[1] == "answer"]


def free_text_answer_paths(edition: Edition, sections: Sequence[Record]) -> list[str]:
    """The paths of free text among the answered questions of a record, each like "/sections/0/questions/3/answer"."""
    questions = {question.id: question for question in edition.questions() if takes_free_text(question)}
    found: list[str] = []
    for place, section in enumerate(sections):
        for number, asked in enumerate(section["questions"]):
            question = questions.get(asked["id"])
            if question is not None:
                paths = QUESTION_TYPES[question.type].free_text_paths(question, asked["answer"], asked["answer_text"])
                found += [f"/sections/{place}/questions/{number}{path}" for path in paths]
    return found


def free_text_paths(record: Record) -> tuple[str, ...]:
    """The paths of all free text in a record: answers, what is bought in own words, suppliers."""
    return (*record.get(FREE_TEXT_KEY, ()), *_in_purchases(record))


def text_at(record: Record, path: str) -> object:
    """What stands at a path. Raises `LookupError` when the record has no such place."""
    here: Any = record
    for step in _steps(path):
        here = here[int(step)] if isinstance(here, list) else here[step]
    return here


def with_texts_removed(record: Record, paths: Sequence[str]) -> dict[str, Any]:
    """A copy of the record in which `REMOVED_TEXT` stands at these paths. What no path leads through is shared with the record."""
    changed: dict[str, Any] = dict(record)
    for path in paths:
        *before, last = _steps(path)
        here: Any = changed
        for step in before:
            place: Any = int(step) if isinstance(here, list) else step
            here[place] = copy.copy(here[place])
            here = here[place]
        here[int(last) if isinstance(here, list) else last] = REMOVED_TEXT
    return changed


def leaf_hash(salt: str, path: str, text: object) -> str:
    """The leaf of one text, in hexadecimal. `salt`: hexadecimal, at least 16 bytes nobody can guess."""
    return _sha256(["leaf", salt, path, text])


def root_hash(record: Record, leaves: Mapping[str, str]) -> str:
    """The root over these leaves, by path, and over all the rest of the record, in hexadecimal."""
    rest = _sha256(["rest", with_texts_removed(record, list(leaves))])
    return _sha256(["root", rest, sorted(leaves.items())])


def contains_text(text: str, kept: object) -> bool:
    """Whether what stands at a path is this text, or a row in words that has it as a cell."""
    if not isinstance(kept, str):
        return False
    return kept == text or re.search(rf"(?:^|; )[^;]*?: {re.escape(text)}(?:; |$)", kept) is not None


def _in_purchases(record: Record) -> Iterator[str]:
    if "purchases" not in record:
        return
    bought = record["purchases"]
    for number, line in enumerate(bought["lines"]):
        here = f"/purchases/lines/{number}"
        yield f"{here}/good"
        if line["known_as"] is None:
            yield f"{here}/name"
        if line.get("business_only", {}).get("supplier"):
            yield f"{here}/business_only/supplier"
    yield from (f"/purchases/steps/{number}/good" for number, _step in enumerate(bought["steps"]))


def _steps(path: str) -> list[str]:
    return path.lstrip("/").split("/")


def _sha256(data: object) -> str:
    written = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
