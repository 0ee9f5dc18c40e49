"""The folder of the banks."""

from __future__ import annotations

from assess.banks.folder import QUESTIONNAIRES


def test_the_banks_are_where_everybody_looks_for_them() -> None:
    assert {path.name for path in QUESTIONNAIRES.glob("*.yaml")} >= {
        "farming.yaml",
        "car_washes.yaml",
        "hospitality.yaml",
    }
