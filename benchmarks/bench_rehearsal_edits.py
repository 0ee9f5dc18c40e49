"""Whether what is foretold of an edit is what happens: sixty edits of known kinds, each tried on thousands of submissions.

Run: python -m benchmarks.bench_rehearsal_edits [SUBMISSIONS, else 5000]. Each edit goes the way of a coordinator's: the values of
one file are changed, the text is rewritten, the bank compiled and checked, the rehearsal done. Then the edition is read back from
the stored document, the answers are carried over and scored, and the two results are compared to the last digit. The difference must
be told as the kind of edit it was, and every comment of the file must still stand.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from assess.engine.bank import Edition
from assess.engine.bank_reader import read_edition
from assess.engine.dry_run import PastSubmission, dry_run_submissions
from assess.engine.edition_changes import differences
from assess.question_banks.files import ContentFile, ContentFiles
from assess.question_banks.reader import compile_bank
from assess.question_banks.yaml_patch import patch_yaml
from tests.bank_edits import (
    KINDS,
    Data,
    Made,
    NoPlaceError,
    an_edit,
    comments_of,
    sound_edition,
    submissions,
    told_as,
    wrongly_foretold,
)
from tests.engine import real_banks

SUBMISSIONS = 5000


@dataclass
class Found:
    """What was found out, in all."""

    wrong: int = 0
    edits: int = 0
    misnamed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)


@cache
def without_examples() -> ContentFiles:
    """The files as they are, but for the worked examples: whoever takes an option away has to mend those too."""
    sheets = dict(real_banks.bank_files().files)
    for bank in real_banks.BANKS:
        text = sheets[f"{bank}.yaml"].text.partition("\nworked_examples:")[0] + "\n"
        sheets[f"{bank}.yaml"] = ContentFile(f"{bank}.yaml", text.encode())
    return ContentFiles(sheets)


def in_place(bank: str, file: str) -> Callable[[Data], Edition | None]:
    """From the values of one file to the edition they would make, without a text between."""
    document = real_banks.compiled(bank).document
    common = file.startswith("common/")

    def read(data: Data) -> Edition | None:
        others = [section for section in document["sections"] if section.get("common", False) is not common]
        changed = [{**section, "common": True} if common else section for section in data["sections"]]
        return sound_edition({**document, "sections": [*changed, *others] if common else [*others, *changed]})

    return read


def picked(rnd: Random, kind: str, bank: str) -> tuple[Made, str, Data]:
    """An edit of this kind in one of the two files of a bank, with that file and its new values."""
    files = [f"{bank}.yaml", "common/core.yaml"]
    rnd.shuffle(files)
    for file in files:
        with contextlib.suppress(NoPlaceError):
            made, data, _ = an_edit(rnd, kind, dict(without_examples().files[file].raw_data), in_place(bank, file))
            return made, file, data
    raise NoPlaceError(kind)


def tried(kind: str, bank: str, past: Sequence[PastSubmission], found: Found) -> None:
    """One edit, through the text and back."""
    made, file, data = picked(Random(f"{kind} {bank} in a text"), kind, bank)
    bank_files, old = without_examples(), real_banks.edition_of(bank)
    was = bank_files.files[file].text
    text = patch_yaml(was, data)
    document = compile_bank(ContentFiles({**bank_files.files, file: ContentFile(file, text.encode())}), bank).document
    new, stored = sound_edition(document), read_edition(json.loads(json.dumps(document)))
    if new is None or told_as(differences(old, new)) != made.expected:
        found.misnamed.append(f"{bank} {kind}")
        return
    if kind != "retired" and comments_of(text) != comments_of(was):
        found.lost.append(f"{bank} {kind}")
    found.wrong += len(wrongly_foretold(old, new, stored, past, real_banks.settings()))
    found.outcomes.update(one.outcome.value for one in dry_run_submissions(old, new, past[:200], real_banks.settings()))
    found.edits += 1


def main() -> None:
    """Try them all, print what failed and how long it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS
    found, began = Found(), time.perf_counter()
    for bank in real_banks.BANKS:
        past = list(submissions(Random(bank), real_banks.edition_of(bank), count))
        for kind in KINDS:
            tried(kind, bank, past, found)
        print(f"{bank}: {found.edits} edits, {found.wrong} wrong, {time.perf_counter() - began:.0f} s", flush=True)
    print(
        f"{found.edits} edits of {len(KINDS)} kinds on {count} submissions each: {found.wrong} results foretold wrongly"
    )
    print(f"told as another kind than they were: {found.misnamed or 'none'}; comments lost: {found.lost or 'none'}")
    print(f"outcomes of the first 200 submissions of each edit: {dict(found.outcomes)}")


if __name__ == "__main__":
    main()
