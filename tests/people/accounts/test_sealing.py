from __future__ import annotations

import uuid

import pytest

from assess.people.accounts.sealing import SealBrokenError, seal, unseal

ROW = uuid.uuid4()
OLD, NEW = "o" * 32, "n" * 32


def test_what_is_sealed_opens_for_its_row_with_this_or_an_earlier_key() -> None:
    sealed = seal(b"SEED", ROW, OLD)
    assert b"SEED" not in sealed
    assert unseal(sealed, ROW, [OLD]) == unseal(sealed, ROW, [NEW, OLD]) == b"SEED"
    assert seal(b"SEED", ROW, OLD) != sealed


@pytest.mark.parametrize("spoilt", ["another row", "another key", "changed", "cut"])
def test_nothing_else_opens_it(spoilt: str) -> None:
    sealed = seal(b"SEED", ROW, OLD)
    row = uuid.uuid4() if spoilt == "another row" else ROW
    key = NEW if spoilt == "another key" else OLD
    if spoilt == "changed":
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    if spoilt == "cut":
        sealed = sealed[:20]
    with pytest.raises(SealBrokenError):
        unseal(sealed, row, [key])
