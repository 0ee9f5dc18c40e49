from __future__ import annotations

import json

from assess.suppliers.importing.child import answer


def test_it_answers_with_rows_or_with_a_sentence() -> None:
    assert json.loads(answer("csv", b"name\nA\n")) == {"rows": [[1, ["name"]], [2, ["A"]]]}
    assert json.loads(answer("csv", b"\x81\xff")).keys() == {"refused"}
