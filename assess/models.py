"""Every module with tables. A foreign key may name a table of a package above, so all that stores anything imports this first."""

from __future__ import annotations

from assess.assessments import models as assessments
from assess.bank_editor import models as bank_editor
from assess.core import data_keys, post_redirects, rate_limits
from assess.core import models as core
from assess.identity import models as identity
from assess.plans import models as plans
from assess.portfolio import models as portfolio
from assess.question_banks import models as question_banks
from assess.sharing import models as sharing
from assess.suppliers import models as suppliers

MODULES = (
    core,
    data_keys,
    rate_limits,
    post_redirects,
    identity,
    question_banks,
    assessments,
    bank_editor,
    plans,
    suppliers,
    sharing,
    portfolio,
)
