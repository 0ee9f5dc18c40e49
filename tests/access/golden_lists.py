"""Two golden lists of the site as it is wired, kept beside this file and compared with what the access matrix sees.

`routes.txt` has a line for each rule and method: the permission, the verb its event gets unless the view says another, the limits,
whether it asks for a fresh proof, whether it takes a file. `answers.txt` has what each kind of person is answered. `make golden`
writes both anew; their difference is then for a person to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assess.core import route_permissions
from tests.access.request_recorder import Counted

ROUTES = Path(__file__).with_name("routes.txt")
ANSWERS = Path(__file__).with_name("answers.txt")
NOTHING = "-"
_LED_TO = {"/sign-in": "in", "/account/second-steps": "step", "/prove": "proof"}
_WIDTH = 6
_FILE = "assess_takes_file"
_METHODS_OF_ALL = {"HEAD", "OPTIONS"}

ABOUT_ROUTES = """\
# What stands at each address. Written by `make golden`, compared by tests/identity/test_access_matrix.py.
#
# METHOD RULE  permission  verb of its event (POST)  limits in order  fresh proof  file
#
# limit/whom:when   whom: address, the address that calls; caller, whoever is signed in, else the visit, else the address;
#                   thing, what the page is about
#                   when: before, it counts whoever is refused too (or comes with a token nobody was given); after, it counts
#                   only who was let in; mixed, it counts some of those who are refused; open, nobody is refused
#                   Limits that an empty form does not reach are not seen.
# proof             whoever is signed in and proved who they are too long ago is stopped
# file=field:bytes  the largest request with a file
"""

ABOUT_ANSWERS = """\
# What each kind of person is answered at each address, with an empty form. Written by `make golden`, compared by
# tests/identity/test_access_matrix.py.
#
# in, step, proof   led to the sign-in, to the page for setting up a second step, to the proof of who they are
# 302, 303          led elsewhere
#
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of one kind of person."""

    answer: str
    let_in: bool
    counted: tuple[Counted, ...]
    asks_for_proof: bool


@dataclass
class Sight:
    """All that was seen: by the name of the page (`GET /account`), then by the kind of person."""

    seen: dict[str, dict[str, Seen]] = field(default_factory=dict)

    def note(self, page: str, kind: str, seen: Seen) -> None:
        self.seen.setdefault(page, {})[kind] = seen


def word_of(answer: TestResponse) -> str:
    """An answer in one word: its status, or where it leads when that says who may."""
    place = str(answer.headers.get("Location", ""))
    if 300 <= answer.status_code < 400:
        return next((word for start, word in _LED_TO.items() if place.startswith(start)), str(answer.status_code))
    return str(answer.status_code)


# --- routes ---------------------------------------------------------------------------------------
def routes(app: Flask, sight: Sight) -> list[str]:
    """The lines of `routes.txt` for this app."""
    return sorted(
        (_line(app, rule, method, sight) for rule in app.url_map.iter_rules() for method in methods_of(rule)),
        key=_place_of,
    )


def methods_of(rule: Rule) -> list[str]:
    """What a page answers to, without what Flask adds to every page."""
    return sorted((rule.methods or set()) - _METHODS_OF_ALL)


def _line(app: Flask, rule: Rule, method: str, sight: Sight) -> str:
    seen = sight.seen.get(f"{method} {rule.rule}", {})
    limits = " ".join(limits_of(list(seen.values()))) or NOTHING
    proof = "proof" if any(one.asks_for_proof for one in seen.values()) else NOTHING
    said = [
        permission_of(app, rule, method),
        verb_by_default(app, rule, method),
        limits,
        proof,
        file_of(app, rule, method),
    ]
    return "  ".join([f"{method} {rule.rule}", *said])


def permission_of(app: Flask, rule: Rule, method: str) -> str:
    """What a page does."""
    return route_permissions.route_permission(app, rule.endpoint, method) or NOTHING


def verb_by_default(app: Flask, rule: Rule, method: str) -> str:
    """What its event says became of it, unless the view says another."""
    verb = route_permissions.route_verb(app, rule.endpoint) if method == "POST" else None
    return NOTHING if verb is None else verb.replace(" ", "-")


def file_of(app: Flask, rule: Rule, method: str) -> str:
    """The field in which a form may bring a file, and how long it may be with it."""
    taken = getattr(app.view_functions[rule.endpoint], _FILE, None)
    return NOTHING if taken is None or method != "POST" else f"file={taken[0]}:{taken[1]}"


def limits_of(seen: Sequence[Seen]) -> list[str]:
    """The limits of a page, in the order in which they count."""
    order: list[str] = []
    for one in sorted(seen, key=lambda one: -len(one.counted)):
        order += [counted.limit for counted in one.counted if counted.limit not in order]
    return [f"{limit}/{_whom(seen, limit)}:{_when(seen, limit)}" for limit in order]


def _whom(seen: Iterable[Seen], limit: str) -> str:
    whom = {counted.whom for one in seen for counted in one.counted if counted.limit == limit}
    return "caller" if whom == {"address", "caller"} else "+".join(sorted(whom))


def _when(seen: Iterable[Seen], limit: str) -> str:
    counts_refused = {any(counted.limit == limit for counted in one.counted) for one in seen if not one.let_in}
    if len(counts_refused) > 1:
        return "mixed"
    return {True: "before", False: "after"}[counts_refused.pop()] if counts_refused else "open"


# --- answers --------------------------------------------------------------------------------------
def answers(sight: Sight, kinds: Sequence[str]) -> list[str]:
    """The lines of `answers.txt`: a word for each kind of person, then the page, so that columns stand below each other."""
    return sorted(
        (f"{''.join(seen[kind].answer.ljust(_WIDTH) for kind in kinds)}{page}" for page, seen in sight.seen.items()),
        key=lambda line: _place_of(line[_WIDTH * len(kinds) :]),
    )


def about_answers(kinds: Sequence[str]) -> str:
    """The head of `answers.txt`, with the kinds in the order of their words."""
    named = [f"# {number:2} {kind}" for number, kind in enumerate(kinds, 1)]
    columns = "".join(f"#{number}".ljust(_WIDTH) for number in range(1, len(kinds) + 1))
    return "\n".join([ABOUT_ANSWERS.rstrip("\n"), *named, "#", columns.rstrip(), ""])


def differences_in_answers(before: Sequence[str], after: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """What has changed for whom, in sentences."""
    old, new = (
        {line[_WIDTH * len(kinds) :]: line.split()[: len(kinds)] for line in lines} for lines in (before, after)
    )
    return [
        *(f"gone: {page}" for page in sorted(old.keys() - new.keys())),
        *(f"new: {page}" for page in sorted(new.keys() - old.keys())),
        *(
            f"{page}: {kind}: {was} -> {now}"
            for page in sorted(old.keys() & new.keys())
            for kind, was, now in zip(kinds, old[page], new[page], strict=True)
            if was != now
        ),
    ]


# --- both -----------------------------------------------------------------------------------------
def read(path: Path) -> list[str]:
    """The lines of a golden list, without its head."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def differences_in_routes(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Lines that are gone (-) and lines that are new (+), those of one page together."""
    changed = [f"- {line}" for line in set(before) - set(after)] + [f"+ {line}" for line in set(after) - set(before)]
    return sorted(changed, key=lambda line: (*_place_of(line[2:]), line[0] == "+"))


def write(path: Path, about: str, lines: Sequence[str]) -> None:
    """Write a golden list anew."""
    path.write_text(about + "\n".join(lines) + "\n", encoding="utf-8")


def _place_of(line: str) -> tuple[str, str]:
    method, rule = line.split()[:2]
    return rule, method
