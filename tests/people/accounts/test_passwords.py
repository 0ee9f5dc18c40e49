from __future__ import annotations

import threading
import time

import pytest

from assess.people.accounts.passwords import (
    LONGEST,
    PasswordUnfitError,
    fit_password,
    hash_password,
    nobodys_hash,
    password_matches,
)

ABOUT = ["jo.canary@fenedge.example", "jo.canary", "fenedge.example", "fenedge", "Jo Canary", "Fen Edge Growers"]


@pytest.mark.parametrize(
    ("poor", "why"),
    [
        ("", "Enter a password."),
        ("elevensigns", "Use 12 characters or more"),
        ("x" * 201, "Use at most 200"),
        ("password1234", "easy to guess"),
        ("Password2026!", "easy to guess"),
        ("NorfolkCouncil", "easy to guess"),
        ("modernslavery2026", "easy to guess"),
        ("Modern-Slavery!", "easy to guess"),
        ("assessassess1", "easy to guess"),
        ("jo.canary1984", "easy to guess"),
        ("canarycanary", "easy to guess"),
        ("FenEdgeGrowers1", "easy to guess"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(poor: str, why: str) -> None:
    with pytest.raises(PasswordUnfitError, match=why):
        fit_password(poor, ABOUT)


@pytest.mark.parametrize(
    "good",
    [
        "seven quiet herons",
        "redhousemonkey",
        "  spaces  stay  ",
        "canary plays the tuba",
        "🐄" * 6 + "moo moo",
        "482913057164",
    ],
)
def test_any_other_is_taken_as_it_was_typed(good: str) -> None:
    assert fit_password(good, ABOUT) == good


def test_what_is_stored_is_argon2id_at_the_cost_we_chose_and_salted() -> None:
    first, second = hash_password("seven quiet herons"), hash_password("seven quiet herons")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert nobodys_hash().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches("seven quiet herons", first)
    assert not password_matches("seven quiet heron", first)
    assert not password_matches("nobody signs in with this", None)
    assert not password_matches("x", "nonsense")


def test_what_is_longer_than_the_longest_never_matches_its_beginning() -> None:
    longest = "ab cd " * 40
    stored = hash_password(longest[:LONGEST])
    assert password_matches(longest[:LONGEST], stored)
    assert not password_matches(longest[:LONGEST] + "x", stored)


def test_only_two_are_hashed_at_once() -> None:
    running = [threading.Thread(target=hash_password, args=("seven quiet herons",)) for _ in range(6)]
    begun = time.perf_counter()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert time.perf_counter() - begun < 10
