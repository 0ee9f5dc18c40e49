"""Fields for what an answer says beside its points, and for whose action is printed for a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.banks.schema import LONGEST_SENTENCE
from assess.editor.questions.fields import Control, Field

NOT_YET = Field(
    "not_yet",
    Control.TEXT,
    "What a poor answer means, in a sentence",
    f"It begins with “We have not yet”, and has {LONGEST_SENTENCE} characters or fewer. Only where no answer can raise a sign.",
    longest=LONGEST_SENTENCE,
)
SAYS = Field(
    "says",
    Control.TEXT,
    "What a good answer means, in a sentence",
    f"It begins with “We”, and has {LONGEST_SENTENCE} characters or fewer. Only for 0 points, where no answer can raise a sign.",
    longest=LONGEST_SENTENCE,
)
NOT_LOOKED = Field(
    "not_looked",
    Control.TICK,
    "It says that nobody has looked",
    "Where a sign can be raised, that sign then counts as not known. Its action is a step to find out.",
)
MENDED = Field("mended", Control.TICK, "It says that something was found and put right", "It has 0 points and no sign.")
RETIRED = Field(
    "retired",
    Control.TICK,
    "It is no longer offered",
    "Answers that were given before, and those in files, still count.",
)


def breach_of(duties: Mapping[str, str]) -> Field:
    """Which of these duties an answer is against."""
    return Field(
        "breach",
        Control.SELECT,
        "Which law it is against",
        "A duty that is in force and binds. Never on an answer with an urgent sign. Its action has 30 days or fewer.",
        (("", "None"), *duties.items()),
        ids=True,
    )


def same_as_of(data: Mapping[str, Any], questions: Mapping[str, str]) -> tuple[Field, ...]:
    """Which question’s action is printed for this one too. A risk has none: its action is part of the one-page map."""
    held = data.get("same_as")
    if data.get("kind") == "exposure" and not held:
        return ()
    named = {name: words for name, words in questions.items() if name != data.get("id")}
    return (
        Field(
            "same_as",
            Control.SELECT,
            "Whose action is printed for this one too",
            "When two questions ask for the same deed. The action of the other one is printed once, with both reasons. Either all of them wait for the helpline, or none.",
            (("", "It has its own"), *named.items()),
            ids=True,
        ),
    )
