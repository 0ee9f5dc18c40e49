"""The register as its page shows it: how far one has come, what to answer next, and the cards of one kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assess.plans.actions import Item, Register
from assess.plans.register.options import RESPONSES, STATUSES
from assess.plans.register.phrases import NOT_ANSWERED, due_words, note_words, owner_words
from assess.plans.register.telling import ASKED_AGAIN, DATE_PASSED, is_overdue, lapsed, words_today
from assess.plans.words import day

SHOWS: Mapping[str, str] = {
    "all": "All",
    "unanswered": NOT_ANSWERED,
    "open": RESPONSES["accepted"],
    "overdue": DATE_PASSED,
    "done": STATUSES["done"],
    "not_doing": RESPONSES["will_not"],
}
"""Which cards can be asked for: what stands in the address, and the words the cards themselves have for it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One item, by when and who in words, where it stands, and what was noted as proof. `link`: the way to its page.

    `heeds`: whole sentences to take notice of. `leaves`: it stays in sight only because it was saved just before.
    """

    item: Item
    when: str
    who: str
    words: str
    link: str
    proof: tuple[str, ...]
    heeds: tuple[str, ...]
    can_tick: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The page. `rest`: how many one yes may answer. What waits for advice is no item, so it counts nowhere and no kind holds it."""

    show: str
    counts: Mapping[str, int]
    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    answered: int
    to_answer: int
    rest: int
    next: Item | None

    @property
    def ready(self) -> bool:
        """Whether everything that can be answered is answered."""
        return self.to_answer > 0 and self.answered == self.to_answer


def board_of(register: Register, show: str, today: str, done_before: Collection[str] = (), saved: str = "") -> Board:
    """The register on an ISO day. A kind nobody knows shows all. `done_before`: as `door.Opened` has it.

    The card whose key was `saved` just before stays where it stood, so that nobody loses their place.
    """
    shown = show if show in SHOWS else "all"
    items = register.items
    counts = {kind: sum(kind in kinds_of(item, today) for item in items) for kind in SHOWS}
    return Board(
        show=shown,
        counts=counts,
        groups=tuple(
            (group.title, cards)
            for group in register.groups
            if (
                cards := tuple(
                    _card(item, today, asked_again=item.key in done_before, leaves=shown not in kinds_of(item, today))
                    for item in group.items
                    if shown in kinds_of(item, today) or item.key == saved
                )
            )
        ),
        answered=sum(item.state.response is not None for item in items),
        to_answer=len(items),
        rest=len(rest_of(items, today)),
        next=next_after(items, None),
    )


def kinds_of(item: Item, today: str) -> frozenset[str]:
    """Under which kinds an item is shown on an ISO day."""
    kinds = {"all"}
    state = item.state
    if state.response is None:
        kinds.add("unanswered")
    if state.response == "will_not":
        kinds.add("not_doing")
    elif state.settled:
        kinds.add("done")
    elif state.response is not None:
        kinds.add("open")
    if is_overdue(item, today):
        kinds.add("overdue")
    return frozenset(kinds)


def rest_of(items: Iterable[Item], today: str) -> list[Item]:
    """What one yes may answer on an ISO day: all without an answer.

    Left out is what is late already: a promise for a day that is over would be none, so a person has to choose another.
    """
    return [item for item in items if item.state.response is None and not is_overdue(item, today)]


def next_after(items: Sequence[Item], key: str | None) -> Item | None:
    """The next item to answer after the one with this key, going round; None when all are answered."""
    places = [place for place, item in enumerate(items) if item.key == key]
    start = places[0] + 1 if places else 0
    around = [*items[start:], *items[:start]]
    return next((item for item in around if item.state.response is None and item.key != key), None)


def _card(item: Item, today: str, *, asked_again: bool, leaves: bool) -> Card:
    over = (note for note in item.state.notes if lapsed(note, today))
    return Card(
        item=item,
        when=due_words(item),
        who=owner_words(item),
        words=words_today(item, today),
        link="Answer" if item.state.response is None else "Change",
        proof=tuple(note_words(note) for note in item.state.notes),
        heeds=(
            *((f"{ASKED_AGAIN}.",) if asked_again else ()),
            *(
                f"{note.title or 'A proof'}: good until {day(note.good_until or '')}, and that is over. Renew it."
                for note in over
            ),
        ),
        can_tick=not item.state.settled,
        leaves=leaves,
    )
