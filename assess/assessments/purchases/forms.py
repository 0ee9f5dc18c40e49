"""What a form says of the lines it showed: each part cleaned, one sentence for each that cannot be read.

Names of fields: `N.seen` for the revision line N was drawn from, which also tells that it was on the page; `N.country`, `N.share`,
`N.supplier`; `N.work` for the kind of work that words no list knows stand for; the buttons `remove` (N) and `choose` (`N:key`).
The page with both texts of a line adds `N.pick`, `N.newest`, `N.good` and `N.removed`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from marshmallow import ValidationError

from assess.assessments.fields import Amount, Words, sentences
from assess.assessments.purchases.countries import read_country
from assess.assessments.purchases.from_file import LONGEST_GOOD, LONGEST_SUPPLIER, says_something
from assess.assessments.purchases.keeping import MOST_LINES, Change, Parts, Said
from assess.assessments.typed import LONGEST_RAW, Form, revision_in
from assess.engine.reference import Reference

TOO_MANY = f"The list can have {MOST_LINES} lines. Join some that are alike, or take some off."
TYPED = ("country", "share", "supplier")
"""The parts of a line that people type, in the order of the page."""
PENCE = 2
"""More decimals of a share nobody knows, and they would not come back from the page as they went in."""

_ABOUT = re.compile(r"^(?:about|around|approx(?:imately)?\.?|roughly|circa|ca?\.|~|≈)\s*", re.IGNORECASE)
"""What people write before a number that is rough, as every share is."""
_SEEN = re.compile(r"([1-9][0-9]{0,5})\.seen")


@dataclass(slots=True)
class TypedLine:
    """One line of the form: what was typed, and what is wrong with it by part."""

    number: int
    typed: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posted:
    """A form of lines: what was typed in each, and the changes it asks for."""

    lines: Mapping[int, TypedLine]
    changes: Mapping[int, Change]

    @property
    def faulty(self) -> Sequence[TypedLine]:
        """The lines of which a part could not be read."""
        return [line for line in self.lines.values() if line.faults]


def read_lines(form: Form, reference: Reference) -> Posted:
    """Everything the form says."""
    lines: dict[int, TypedLine] = {}
    changes: dict[int, Change] = {}
    for number in _numbers(form):
        if form.get(f"{number}.pick") == "theirs":
            continue
        parts = (*TYPED, "work")
        line = TypedLine(number, {part: form.get(f"{number}.{part}", "")[:LONGEST_RAW].strip() for part in parts})
        mine = form.get(f"{number}.pick") == "mine"
        seen = revision_in(form, f"{number}.newest" if mine else f"{number}.seen")
        lines[number] = line
        changes[number] = Change(seen, _parts(form, line, reference))
    return Posted(lines, changes)


def read_goods(form: Form, reference: Reference) -> tuple[list[str], str | None]:
    """What is to go on the list: what was ticked, then what was written, one thing a line; and what is wrong with that.

    Nothing is read past the most lines that a list can have: a form of 250 KB would keep a process busy for seconds.
    """
    ticked = [key for key in dict.fromkeys(form.getlist("offer")) if key in reference.offers]
    written: list[str] = []
    for line in filter(str.strip, form.get("own", "").splitlines()):
        try:
            text = Words(LONGEST_GOOD).deserialize(line)
        except ValidationError as refusal:
            return ticked, f"{' '.join(sentences(refusal))} Write one thing a line."
        if says_something(text):
            written.append(_as_meant(text, reference))
        if len(ticked) + len(written) > MOST_LINES:
            return ticked, TOO_MANY
    return [*ticked, *written], None


def _as_meant(typed: str, reference: Reference) -> str:
    """The words as typed; where by their large letters alone they would be a narrower key, the key they mean."""
    meant = reference.typed(typed)
    return meant.key if meant is not None and reference.offers.get(typed) not in {None, meant} else typed


def share_text(share: float | None) -> str:
    """A share as a person would type it: "12.5"."""
    return "" if share is None else f"{share:.{PENCE}f}".rstrip("0").rstrip(".")


def stored_texts(said: Said, reference: Reference) -> dict[str, str]:
    """What stands in the fields of a line as it is kept, by part."""
    country = reference.countries.get(said.country or "")
    return {
        "country": country.name if country else "",
        "share": share_text(said.share),
        "supplier": said.supplier,
    }


def fields_of(number: int, said: Said, reference: Reference) -> list[tuple[str, str]]:
    """A line as fields of a form, so that a page can carry it along unseen."""
    return [
        (f"{number}.good", said.good),
        *((f"{number}.{part}", text) for part, text in stored_texts(said, reference).items()),
        (f"{number}.removed", "yes" if said.removed else ""),
    ]


def _numbers(form: Form) -> Collection[int]:
    """A request has an end of its own, so that all it names can be read: nothing is cut off under “saved”."""
    return sorted(int(match[1]) for name in form if (match := _SEEN.fullmatch(name)))


def _parts(form: Form, line: TypedLine, reference: Reference) -> Parts:
    """What the form says of this line. A part that cannot be read is left out, so that it stays as it is stored."""
    parts: Parts = {}
    try:
        parts["country"] = read_country(
            line.typed["country"], {one.code: one.name for one in reference.countries.values()}
        )
    except ValidationError as refusal:
        line.faults["country"] = " ".join(sentences(refusal))
    try:
        parts["share"] = _share(line.typed["share"])
    except ValidationError as refusal:
        line.faults["share"] = " ".join(sentences(refusal))
    try:
        parts["supplier"] = Words(LONGEST_SUPPLIER).deserialize(line.typed["supplier"])
    except ValidationError as refusal:
        line.faults["supplier"] = " ".join(sentences(refusal))
    number, _, key = form.get("choose", "").partition(":")
    chosen = key if number == str(line.number) else line.typed["work"]
    if chosen in reference.offers:
        parts["good"] = chosen
    if form.get("remove") == str(line.number):
        parts["removed"] = True
    if f"{line.number}.good" in form:
        parts |= _rest(form, line.number)
    return parts


def _rest(form: Form, number: int) -> Parts:
    """What only the page with both texts carries along."""
    rest: Parts = {"removed": form.get(f"{number}.removed") == "yes"}
    try:
        good = Words(LONGEST_GOOD).deserialize(form.get(f"{number}.good", ""))
    except ValidationError:  # nobody types here: it is ours or somebody tries things
        return rest
    if good:
        rest["good"] = good
    return rest


def _share(typed: str) -> float | None:
    if not typed:
        return None
    share = Amount(typed=True, percentage=True, may_be_unknown=False).deserialize(_ABOUT.sub("", typed))
    return round(float(share), PENCE)
