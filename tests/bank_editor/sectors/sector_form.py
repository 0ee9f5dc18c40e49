"""What a coordinator types to begin construction."""

from __future__ import annotations

CONSTRUCTION = {
    "title": "Construction",
    "base": "40",
    "reason": "One gang was paid by 33 firms, and vetting was pushed down the tiers.",
    "section": "Who is on your sites",
    "ask": "Does the gate check match each face to a card and a right-to-work copy?",
    "poor": "no",
    "kind": "safeguard",
    "dimension": "identity_documents",
    "why": "Fake cards are sold to people who are then controlled.",
    "do": "Have somebody look at each face and each card at the gate, every day. Treat everybody alike.",
    "owner": "site_manager",
    "source": "S83",
    "codes": "41, 42, 43",
    "first_month": "",
    "last_month": "",
}
