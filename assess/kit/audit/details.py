"""What an event may say beside its action: counts and words of fixed lists. Whatever is not foreseen is refused, so nothing typed gets in."""

from __future__ import annotations

from collections.abc import Mapping

Detail = int | str

COUNTS = frozenset(
    {"anchor", "answers", "count", "days", "drafts", "lines", "links", "months", "submitted", "version", "years"}
)
"""Names whose value is a number from 0 on."""

WORDS: Mapping[str, frozenset[str]] = {
    "role": frozenset({"manager", "respondent", "signer", "buyer"}),
    "desk": frozenset({"coordinator", "administrator"}),
    "scope": frozenset({"buyer_copy", "plan", "answers", "evidence"}),
    "length": frozenset({"quick", "full"}),
    "second_step": frozenset({"totp", "passkey", "recovery_code"}),
    "together": frozenset({"phone", "visit"}),
}
"""Names whose value is a word of a list. None of them may ever be the id of a question, a section, a sector or an action of a plan."""

LARGEST = 1_000_000_000


class DetailUnfitError(ValueError):
    """An event may not say this. The message names the detail and never its value."""


def fit(details: Mapping[str, Detail]) -> dict[str, Detail]:
    """The details, if all of them may be said.

    Raises:
        DetailUnfitError
    """
    for name, value in details.items():
        counts = name in COUNTS and type(value) is int and 0 <= value <= LARGEST
        if not counts and value not in WORDS.get(name, ()):
            raise DetailUnfitError(f"An event of the audit log may not say this of “{name}”.")
    return dict(sorted(details.items()))
