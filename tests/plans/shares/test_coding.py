from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assess.assessments.models import Submission
from assess.plans.check_code.codes import code_of, matched
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.document import freeze, narrowed, thaw
from assess.plans.shares.scopes import Scope
from tests.people.persons import database_of
from tests.plans.conftest import Submitted
from tests.plans.shares.conftest import grant_row

pytestmark = pytest.mark.both_databases


def test_the_code_of_a_share_is_known_before_anything_is_printed(
    app: Flask, submitted: Submitted, share_with: Any
) -> None:
    document = grant_row(app, share_with(submitted, scope=Scope.ANSWERS)).document
    with database_of(app).reading() as look:
        found = matched(look, code_of_share(look, document))
    assert found
    assert (found.made_on, found.valid_until, found.latest) == ("2026-11-24", submitted.record["valid_until"], True)


def test_the_same_words_have_the_same_code_and_others_another(
    app: Flask, submitted: Submitted, share_with: Any
) -> None:
    one, other = (grant_row(app, share_with(submitted, email)).document for email in ("a@b.example", "c@d.example"))
    wide = grant_row(app, share_with(submitted, scope=Scope.EVIDENCE)).document
    with database_of(app).reading() as look:
        assert code_of_share(look, one) == code_of_share(look, other)
        assert code_of_share(look, one) != code_of_share(look, wide)
        assert code_of_share(look, freeze(narrowed(thaw(wide), Scope.BUYER_COPY))) == code_of_share(look, one)
        submission = look.get_one(Submission, submitted.submission_id)
        assert code_of_share(look, one) != code_of(look, submission, "buyer")
