"""What waits for a second look, for the first pages of those who look after banks."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from assess.banks.editions import withdrawals
from assess.banks.models import Withdrawal
from assess.editor.mending import keeping
from assess.editor.mending.contacts import undecided, withdrawn_words, words_of
from assess.editor.mending.models import ContactChange, Mend
from assess.kit.clock import now
from assess.kit.db import database


def mends_waiting() -> list[dict[str, object]]:
    """What waits for a second person: words, day, whether it is overdue, and the page to decide on."""
    with database().reading() as look:
        moment = now()
        mends = [_to_decide(row, row.what, moment, url_for("mends.show_mends")) for row in keeping.waiting(look)]
        asked = [
            _to_decide(row, words_of(row), moment, url_for("contacts.show_asked", change_id=row.id))
            for row in undecided(look)
        ]
        gone = [
            _to_decide(
                row,
                withdrawn_words(look, row),
                moment,
                url_for("bank_history.show_edition", bank=bank, number=number),
            )
            for row, bank, number in withdrawals(look)
        ]
        return mends + asked + gone


def _to_decide(row: Mend | ContactChange | Withdrawal, what: str, moment: datetime, page: str) -> dict[str, object]:
    return {"what": what, "at": row.at, "overdue": row.overdue(moment), "page": page}
