"""The words for what is kept of a supplier, for all pages, emails and files; and the navigation of the pages of a buyer, whose items `assess/subscriptions.py` lists."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, request, url_for

from assess.core.events import providers_of
from assess.suppliers.models import (
    DeclineReason,
    ExternalResultScope,
    InvitationStatus,
    RefusalReason,
    RiskTier,
    SupplierSize,
    WorkerInterviews,
)

STATUS_LABELS: Mapping[InvitationStatus, str] = {
    InvitationStatus.NOT_ASKED: "Not asked",
    InvitationStatus.WAITING: "Waits for the season",
    InvitationStatus.INVITED: "Invited",
    InvitationStatus.OPENED: "Opened",
    InvitationStatus.STARTED: "Begun",
    InvitationStatus.SUBMITTED: "Finished",
    InvitationStatus.SHARED: "Shared",
    InvitationStatus.EXTERNAL_RESULT: "Other result accepted",
    InvitationStatus.DECLINED: "Said no",
    InvitationStatus.SHARE_OVER: "Share over",
}

STATUS_HINTS: Mapping[InvitationStatus, str] = {
    InvitationStatus.NOT_ASKED: "You have not asked this supplier yet.",
    InvitationStatus.WAITING: "The email goes when the busy season of its sector is over.",
    InvitationStatus.INVITED: "The supplier was asked and has not opened the request yet.",
    InvitationStatus.OPENED: "The supplier opened the request and has not begun yet.",
    InvitationStatus.STARTED: "The supplier has begun to answer.",
    InvitationStatus.SUBMITTED: "The supplier has finished its answers. It has not shared them with you yet.",
    InvitationStatus.SHARED: "The supplier shares its result with you.",
    InvitationStatus.EXTERNAL_RESULT: "You accepted the result of another scheme.",
    InvitationStatus.DECLINED: "The supplier said no. It may still think again.",
    InvitationStatus.SHARE_OVER: "What the supplier shared is over. Ask whether it shares again.",
}

SIZE_LABELS: Mapping[SupplierSize, str] = {
    SupplierSize.MICRO: "Fewer than 10 people",
    SupplierSize.SMALL: "10 to 49 people",
    SupplierSize.MEDIUM: "50 to 249 people",
    SupplierSize.LARGE: "250 people or more",
}

TIER_LABELS: Mapping[RiskTier, str] = {
    RiskTier.LOW: "Low tier",
    RiskTier.MEDIUM: "Medium tier",
    RiskTier.HIGH: "High tier",
}

DECLINE_LABELS: Mapping[DeclineReason, str] = {
    DeclineReason.NOT_A_SUPPLIER: "We do not supply them",
    DeclineReason.ALREADY_ANSWERED: "We have answered them already",
    DeclineReason.NO_TIME_NOW: "We have no time just now",
    DeclineReason.OTHER_SCHEME: "We are in another scheme",
    DeclineReason.RATHER_NOT: "We would rather not",
}

DECLINE_LABELS_FOR_BUYER: Mapping[DeclineReason, str] = {
    DeclineReason.NOT_A_SUPPLIER: "It says it does not supply you",
    DeclineReason.ALREADY_ANSWERED: "It says it has answered you already",
    DeclineReason.NO_TIME_NOW: "It says it has no time just now",
    DeclineReason.OTHER_SCHEME: "It says it is in another scheme",
    DeclineReason.RATHER_NOT: "It would rather not, or gives no reason",
}

SCOPE_LABELS: Mapping[ExternalResultScope, str] = {
    ExternalResultScope.WHOLE: "The whole business",
    ExternalResultScope.ONE_SITE: "One site",
    ExternalResultScope.ONE_PRODUCT: "One product",
}

INTERVIEW_LABELS: Mapping[WorkerInterviews, str] = {
    WorkerInterviews.YES: "Yes",
    WorkerInterviews.NO: "No",
    WorkerInterviews.DONT_KNOW: "Don’t know",
}

REFUSAL_LABELS: Mapping[RefusalReason, str] = {
    RefusalReason.TOO_OLD: "It is too old",
    RefusalReason.NOT_WHOLE: "It looked at a part of the business only",
    RefusalReason.NO_INTERVIEWS: "It does not say that workers were interviewed",
    RefusalReason.OTHER_SUBJECT: "It does not look at what we have to ask about",
    RefusalReason.SAME_FORM: "We ask every supplier for the same form",
}


def code_label(code: str) -> str:
    """A sector or an area as people read it: “Car washes” for "car_washes"."""
    return code.replace("_", " ").strip().capitalize()


@dataclass(frozen=True, slots=True)
class BuyerNavItem:
    words: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class SupplierNavItem:
    words: str
    endpoint: str


def register_navigation(app: Flask) -> None:
    @app.template_global("buyer_navigation")
    def buyer_navigation(organisation_id: uuid.UUID) -> list[dict[str, object]]:
        return [
            {
                "text": item.words,
                "href": url_for(item.endpoint, organisation_id=organisation_id),
                "current": request.endpoint == item.endpoint,
            }
            for item in providers_of(BuyerNavItem)
        ]

    @app.template_global("supplier_navigation")
    def supplier_navigation(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> list[dict[str, object]]:
        return [
            {
                "text": item.words,
                "href": url_for(item.endpoint, organisation_id=organisation_id, supplier_id=supplier_id),
            }
            for item in providers_of(SupplierNavItem)
        ]
