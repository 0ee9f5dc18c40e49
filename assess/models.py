"""Every module with tables. Foreign keys name tables of other packages, also of those above: whoever stores anything needs all of them."""

from __future__ import annotations

from assess.assessments import models as assessments
from assess.assessments.comments import models as assessments_comments
from assess.assessments.delegation import models as assessments_delegation
from assess.assessments.moving import models as assessments_moving
from assess.assessments.owning import models as assessments_owning
from assess.assessments.purchases import models as assessments_purchases
from assess.assessments.signing import models as assessments_signing
from assess.assessments.together import models as assessments_together
from assess.assessments.unclear import models as assessments_unclear
from assess.banks import models as banks
from assess.banks.drafts import models as banks_drafts
from assess.editor.mending import models as editor_mending
from assess.editor.review import models as editor_review
from assess.kit import data_keys as kit_data_keys
from assess.kit import limits as kit_limits
from assess.kit.audit import models as kit_audit
from assess.kit.jobs import models as kit_jobs
from assess.kit.mail import models as kit_mail
from assess.people import models as people
from assess.people.accounts import models as people_accounts
from assess.people.organisations import models as people_organisations
from assess.plans.calendar import models as plans_calendar
from assess.plans.check_code import models as plans_check_code
from assess.plans.cover import models as plans_cover
from assess.plans.papers import models as plans_papers
from assess.plans.printing import models as plans_printing
from assess.plans.register import models as plans_register
from assess.plans.reminders import models as plans_reminders
from assess.plans.shares import models as plans_shares
from assess.plans.talk import models as plans_talk
from assess.portfolio import models as portfolio
from assess.portfolio.board import models as portfolio_board
from assess.portfolio.files import models as portfolio_files
from assess.portfolio.picture import models as portfolio_picture
from assess.portfolio.pressure import models as portfolio_pressure
from assess.suppliers import models as suppliers
from assess.suppliers.chain import models as suppliers_chain
from assess.suppliers.contracts import models as suppliers_contracts
from assess.suppliers.importing import models as suppliers_importing
from assess.suppliers.merging import models as suppliers_merging
from assess.suppliers.other_results import models as suppliers_other_results

MODULES = (
    assessments_comments,
    assessments_delegation,
    assessments,
    assessments_moving,
    assessments_owning,
    assessments_purchases,
    assessments_signing,
    assessments_together,
    assessments_unclear,
    banks_drafts,
    banks,
    editor_mending,
    editor_review,
    kit_audit,
    kit_data_keys,
    kit_jobs,
    kit_limits,
    kit_mail,
    people_accounts,
    people,
    people_organisations,
    plans_calendar,
    plans_check_code,
    plans_cover,
    plans_papers,
    plans_printing,
    plans_register,
    plans_reminders,
    plans_shares,
    plans_talk,
    portfolio_board,
    portfolio_files,
    portfolio,
    portfolio_picture,
    portfolio_pressure,
    suppliers_chain,
    suppliers_contracts,
    suppliers_importing,
    suppliers_merging,
    suppliers,
    suppliers_other_results,
)
