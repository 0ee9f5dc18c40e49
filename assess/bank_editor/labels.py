"""Names for people: file labels, question words in place of ids in messages, and new ids proposed from words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from assess.core.forms.fields import FormField
from assess.engine.bank_reader import CONDITION_KEYWORDS
from assess.question_banks.files import ContentFile
from assess.question_banks.schema_fields import as_list

LONGEST_QUESTION_SHOWN = 80
"""Characters of a question that stand in a sentence about it."""
_QUOTED_ID = re.compile(r"(?<!id )“([a-z0-9_]+)”")
"""An id in quotes. One that is called an id is meant as such: “the id “pay” stands here for the second time”."""


Key = TypeVar("Key")
Member = TypeVar("Member")


def grouped(pairs: Iterable[tuple[Key, Member]]) -> dict[Key, list[Member]]:
    """The members by their keys, both in the order in which they come."""
    groups: dict[Key, list[Member]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return groups


def message_in_words(message: str, questions: Iterable[Mapping[str, Any]]) -> str:
    named = set(_QUOTED_ID.findall(message))
    about = [one for one in questions if one.get("id") in named]
    words = {str(one.get("id")): str(one["label"]) for data in about for one in _options(data) if one.get("label")}
    words |= {str(one["id"]): shortened_question(str(one["ask"])) for one in about if one.get("ask")}
    return _QUOTED_ID.sub(lambda found: f"“{words.get(found[1], found[1])}”", message)


def _options(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in as_list(data.get("options")) if isinstance(one, dict)]


def shortened_question(ask: str) -> str:
    return ask if len(ask) <= LONGEST_QUESTION_SHOWN else f"{ask[: LONGEST_QUESTION_SHOWN - 1].rstrip()}…"


def file_label(name: str, content_file: ContentFile | None) -> str:
    """“Farming and growing”, “Contacts (settings)”. `content_file` is None when there is no such file any more."""
    written = content_file.raw_data if content_file else {}
    if "common" in written:
        return "What all sectors are asked"
    if "bank" in written and written.get("title"):
        return str(written["title"])
    folder, _, rest = name.rpartition("/")
    title = rest.partition(".")[0].replace("_", " ").capitalize()
    title = "UK" if title == "Uk" else title
    return f"{title} ({folder})" if folder else title


NOT_WELL_FORMED = "Use small letters, digits and _ only, and at most 60 of them."
_STOP_WORDS = re.compile(
    r"(?:an?|the|and|or|of|to|in|on|at|for|by|with|from|is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|your?s?|"
    r"we|ours?|us|they|theirs?|them|its?|this|that|these|those|who|what|when|where|which|how|why|any|all|each|every|much|many|if|there|"
    r"as|not|no|one|some)"
)


def proposed_id(words: str, taken: Collection[str], prefix: str = "") -> str:
    """A new id from the words of a thing: “Who keeps their papers?” gives keeps_papers. Never one of those taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    found = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    telling = [word for word in found if not _STOP_WORDS.fullmatch(word)] or found or ["new"]
    # three words tell a question apart, and more would only make its id hard to read
    begin = f"{prefix}{'_'.join(telling[:3])}"[:40].strip("_")
    name, number = begin, 2
    while name in taken or name in CONDITION_KEYWORDS:
        name, number = f"{begin}_{number}", number + 1
    return name


def id_error(name: str, taken: Collection[str]) -> str | None:
    if not re.fullmatch(r"[a-z0-9_]{1,60}", name):
        return NOT_WELL_FORMED
    if name in CONDITION_KEYWORDS:
        return f"“{name}” is a word of conditions. Choose another id."
    if name in taken:
        return f"“{name}” is used, or was used before. Answers are kept under it, so choose another id."
    return None


class IdField(FormField[str]):
    """A short name that other places use: it begins with a letter and never changes."""

    wanted = "Use small letters, digits and _ only, and begin with a letter. For example: new_duty."
    empty = ""

    def __init__(self, *, longest: int = 60, capitals: bool = False, required: str = "", invalid: str = "") -> None:
        super().__init__(required=required, invalid=invalid)
        self.shape = re.compile(
            rf"[{'A-Z' if capitals else ''}a-z][{'A-Z' if capitals else ''}a-z0-9_]{{0,{longest - 1}}}"
        )

    def clean(self, typed: str) -> str:
        if not self.shape.fullmatch(typed):
            raise self.refuse()
        return typed


def prefix_of(ids: Iterable[str]) -> str:
    """What most ids of a file begin with, such as farm_. Empty when they share nothing."""
    counted = Counter(name.partition("_")[0] for name in ids if "_" in name)
    return f"{counted.most_common(1)[0][0]}_" if counted else ""
