from __future__ import annotations

import pytest

from assess.banks.drafts.models import DraftStage


@pytest.mark.parametrize("stage", DraftStage)
def test_a_draft_is_open_until_it_is_published_or_given_up(stage: DraftStage) -> None:
    assert stage.open == (stage.value in {"draft", "in_review"})
