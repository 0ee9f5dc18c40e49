"""The numbered catalogue of what can be wrong with a bank or its settings (BANKnnn), each with its repair. A number never gets a second meaning."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

DocumentPath = tuple[str | int, ...]
"""Where in a document: keys and positions, for example ("sections", 0, "questions", 3, "ask")."""


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One entry of the catalogue. A `warning` is printed but refuses nothing."""

    number: str
    title: str
    repair: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem found: which kind, where in the document, and what exactly was found there (one sentence)."""

    number: str
    place: DocumentPath
    cause: str

    @property
    def warning(self) -> bool:
        return PROBLEM_KINDS[self.number].warning

    @property
    def message(self) -> str:
        """The cause and the repair, for the person who must act."""
        return f"{self.cause} {PROBLEM_KINDS[self.number].repair}"


class DuplicateProblemError(Exception):
    """The catalogue has two problems of one number."""


def _kinds_by_number(kinds: Iterable[ProblemKind]) -> dict[str, ProblemKind]:
    found: dict[str, ProblemKind] = {}
    for kind in kinds:
        if kind.number in found:
            raise DuplicateProblemError(kind.number)
        found[kind.number] = kind
    return found


PROBLEM_KINDS = _kinds_by_number(
    [
        # the file as such
        ProblemKind(
            "BANK001", "The file cannot be read", "Check its name, that it is a file, and that you may open it."
        ),
        ProblemKind(
            "BANK002",
            "The file is too big",
            "Keep each file under 1 MiB and 20,000 keys and values; a bank is one sector.",
        ),
        ProblemKind("BANK003", "The file is not plain text", "Save it as text with the encoding UTF-8."),
        ProblemKind(
            "BANK004",
            "The layout cannot be read",
            "Look at this line and the one before it: indents, colons, quotes and brackets must match.",
        ),
        ProblemKind("BANK005", "The file holds no keys", "Begin with “format: 1” and the name of what it holds."),
        ProblemKind("BANK006", "The same key stands twice", "Keep one of the two."),
        ProblemKind(
            "BANK007", "A shorthand with & or * is used", "Write the text out in full in both places, or in quotes."
        ),
        ProblemKind("BANK008", "A tag with ! is used", "Take the tag away, or put the text in quotes."),
        ProblemKind("BANK009", "The file is nested too deeply", "Check for a stray bracket or indent."),
        ProblemKind("BANK010", "A tab stands where spaces belong", "Replace each tab by two spaces."),
        ProblemKind("BANK011", "The format is not one that is read here", "Write “format: 1” at the top."),
        ProblemKind(
            "BANK012",
            "The file does not say what it holds",
            "Give it one of: bank, common, dimensions, owners, sources, settings, contacts, facts, duties, paper, "
            "reference, services, purchases.",
        ),
        ProblemKind("BANK013", "A neighbour is missing", "Put the file there, or correct the name."),
        ProblemKind("BANK014", "A file and its name disagree", "Give the file the name of what it holds."),
        ProblemKind(
            "BANK015",
            "A character stands here that is not what it looks like",
            "Take it out, or type this piece of text again.",
        ),
        ProblemKind("BANK016", "Two files have the same name", "Keep the one that ends in .yaml."),
        # the shape of what is written
        ProblemKind("BANK020", "A key is not known", "Correct the key, or take it out."),
        ProblemKind("BANK021", "A key is missing", "Add it."),
        ProblemKind("BANK022", "A value is of the wrong kind", "Write the kind of value named here."),
        ProblemKind("BANK023", "A value is not one of those allowed", "Use one of the values named here."),
        ProblemKind(
            "BANK024",
            "An id is not well formed",
            "Use small letters, digits and _ only, and at most 60 of them; ids of checks and sources may have capitals.",
        ),
        ProblemKind(
            "BANK025", "A condition cannot be understood", "See “Conditions in words” in questionnaires/README.md."
        ),
        ProblemKind("BANK026", "A date is not a date", "Write year, month and day, for example 2026-11-24."),
        ProblemKind("BANK027", "An address is not one", "Write the whole address, beginning with https://."),
        ProblemKind(
            "BANK028",
            "Straight quotes stand in a text",
            "Write ’ for ' and “ ” for \" in texts people read.",
            warning=True,
        ),
        # ids and what they point to
        ProblemKind(
            "BANK030", "An id is used twice", "Give one of the two another id; never one that was used before."
        ),
        ProblemKind("BANK031", "A condition names nothing that exists", "Correct the id, or add what it names."),
        ProblemKind("BANK032", "A condition tests an option that does not exist", "Use an option id of that question."),
        ProblemKind(
            "BANK033", "A condition looks forward", "Ask about earlier questions only, or move this one further down."
        ),
        ProblemKind(
            "BANK034", "A condition can never be true", "Change the condition, or take away what it belongs to."
        ),
        ProblemKind(
            "BANK035",
            "A test does not fit the question",
            "Use a test that fits its type; see questionnaires/README.md.",
        ),
        ProblemKind("BANK036", "A dimension does not exist", "Use an id of dimensions.yaml."),
        ProblemKind("BANK037", "An owner does not exist", "Use an id of owners.yaml, or add the owner there."),
        ProblemKind("BANK038", "A source does not exist", "Use an id of sources.yaml, or add the source there."),
        ProblemKind("BANK039", "A question has no source", "Name at least one id of sources.yaml."),
        ProblemKind("BANK040", "A duty waits for a later duty", "Put the duty it names above it in the file."),
        ProblemKind(
            "BANK041", "The buyer groups do not divide the dimensions", "Put each dimension into exactly one group."
        ),
        ProblemKind(
            "BANK042",
            "An action cannot be the same as another",
            "Name a question of this bank that has an action and no “same_as” of its own.",
        ),
        ProblemKind(
            "BANK043",
            "Actions that are one do not all wait for advice",
            "Give all of them “after_advice: true”, or none.",
        ),
        ProblemKind(
            "BANK044",
            "A breach names a duty that binds nobody",
            "Name a duty that is in force, mandatory and of evidence A to C, or take “breach” out.",
        ),
        ProblemKind(
            "BANK045", "A breach stands where none can be", "Take “breach” out, or put it on the answer it is about."
        ),
        ProblemKind(
            "BANK046", "The action of a breach comes too late", "Give the answer an action within 30 days or sooner."
        ),
        ProblemKind("BANK047", "A risk has an action for today", "Give the action a number of days."),
        ProblemKind(
            "BANK048",
            "“Not looked” or “mended” does not fit the answer",
            "Mended answers have 0 points and no sign; those that nobody looked into have points and no sign, 2 points "
            "or more where the question can raise a sign.",
        ),
        ProblemKind(
            "BANK049",
            "An action reaches an answer that is not there",
            "Use an option of this question that is known and raises no sign, or for a number a number.",
        ),
        # points, signs and actions
        ProblemKind(
            "BANK050", "An option has no points", "Give every option of a scored question its points, 0 if it is good."
        ),
        ProblemKind("BANK051", "Points are out of range", "Use 0 to 10, and no more than the cap of the question."),
        ProblemKind("BANK052", "A fact is scored", "Take the points and signs out, or make it exposure or safeguard."),
        ProblemKind(
            "BANK053",
            "Number bands do not run upwards",
            "Let “up_to” grow from band to band and leave it out of the last.",
        ),
        ProblemKind("BANK054", "Steps of ticks are not complete", "Give one step “at_least: 0”, and each number once."),
        ProblemKind(
            "BANK055", "A sign stands on a question that cannot raise one", "Add “can_sign: true” to the question."
        ),
        ProblemKind(
            "BANK056", "A question that can raise a sign has none", "Give an answer a sign, or take “can_sign” out."
        ),
        ProblemKind(
            "BANK057",
            "A poor answer brings no action",
            "Add an action to the option, or “action: false” if nothing is to be done.",
        ),
        ProblemKind(
            "BANK058", "An action is never brought", "Take it out, or give an answer 2 points or more or a sign."
        ),
        ProblemKind("BANK059", "“Don’t know” is missing", "Add an option with the id dk and its points."),
        ProblemKind(
            "BANK060",
            "An option that means none can be ticked with others",
            "Give it the id none, or one that begins with na_; for “don’t know” the id is dk.",
        ),
        ProblemKind("BANK061", "A question lacks what its type needs", "Add the key named here."),
        ProblemKind("BANK062", "A key does not fit the type of question", "Take the key out, or change the type."),
        ProblemKind(
            "BANK063",
            "The steps do not fit the rule",
            "Write each step of the rule once; see questionnaires/README.md.",
        ),
        ProblemKind("BANK064", "A check cannot be computed", "Give it “when”, or one rule with exactly its inputs."),
        ProblemKind("BANK065", "A sign has no ILO indicator", "Add “ilo” with the number of the indicator, 1 to 11."),
        ProblemKind("BANK066", "A step to find out does not wait for advice", "Add “after_advice: true” to it."),
        ProblemKind(
            "BANK067",
            "A sentence is said where it cannot be",
            "Keep “says” for answers with 0 points, and both for safeguards that have nothing to do with a sign.",
        ),
        ProblemKind(
            "BANK068",
            "Too few answers are offered",
            "Leave at least two answers that are not retired, “don’t know” among them.",
        ),
        # texts and settings
        ProblemKind(
            "BANK070", "A text has a gap that nothing fills", "Use the id of a setting or contact, or take the gap out."
        ),
        ProblemKind(
            "BANK071",
            "A value should have been looked at again",
            "Check it at its source and move “review_by” on.",
            warning=True,
        ),
        ProblemKind(
            "BANK072", "Values are not in the order of their dates", "Put the oldest first; give each date once."
        ),
        ProblemKind(
            "BANK073",
            "A setting that scoring needs, or a contact that every page shows, is missing",
            "Add it under questionnaires/settings.",
        ),
        ProblemKind("BANK074", "A setting cannot be used", "Write the value in the form named here."),
        ProblemKind("BANK075", "A setting has no value on this day", "Add an earlier value, or ask about a later day."),
        ProblemKind(
            "BANK076",
            "A rate or number stands in a text",
            "Put its id in curly brackets instead, so that it stays true.",
            warning=True,
        ),
        # duties
        ProblemKind(
            "BANK080", "A deadline cannot be worked out", "Use a kind of questionnaires/README.md with all it needs."
        ),
        ProblemKind(
            "BANK081", "A duty does not say as of when it is right", "Write the date of the source, year first."
        ),
        ProblemKind(
            "BANK082",
            "A fact is read from an answer that does not exist",
            "Use ids of questions and options that exist.",
        ),
        ProblemKind("BANK083", "A review is half recorded", "Give both reviewed_by and reviewed_on, or neither."),
        ProblemKind(
            "BANK077", "A fact holds in a sector that does not exist", "Use ids of banks, for a fact of yes or no."
        ),
        # ready papers
        ProblemKind("BANK084", "A paper is for a question that does not exist", "Use an id of a question of a bank."),
        # tables of reference
        ProblemKind(
            "BANK085",
            "A table does not have its columns",
            "Put the columns named here into the first line, in this order.",
        ),
        ProblemKind(
            "BANK086",
            "A row of a table is not whole",
            "Give it one cell for each column; put a cell with a comma in quotes.",
        ),
        ProblemKind("BANK087", "A cell of a table cannot be used", "Write the cell in the form named here."),
        ProblemKind("BANK088", "A row stands in a table twice", "Keep one of the two."),
        ProblemKind(
            "BANK089",
            "Something named in the reference does not exist",
            "Correct the name, or add what it names to its table or file.",
        ),
        # worked examples
        ProblemKind(
            "BANK090", "A worked example no longer holds", "If the new figure is meant, write it; else undo the change."
        ),
        ProblemKind(
            "BANK091",
            "A worked example gives an answer that cannot be given",
            "Use ids and values that the bank allows.",
        ),
        ProblemKind(
            "BANK092", "A worked example starts from one that does not exist", "Use the title of an example further up."
        ),
    ]
)


_LONGEST_COMPARED = 200
_SIMILARITY = 0.6
"""How alike two words must be, 0 to 1, before one is offered for the other."""


def did_you_mean(word: str, known: Collection[str], *, otherwise: str = ".") -> str:
    """The end of a sentence: `; did you mean “worker”?` with the closest known word, or `otherwise`."""
    close = difflib.get_close_matches(word[:_LONGEST_COMPARED], list(known), n=1, cutoff=_SIMILARITY)
    return f"; did you mean “{close[0]}”?" if close else otherwise
