"""The indicators of forced labour of the International Labour Organization (sectors.md 1.3), by number."""

from __future__ import annotations

from collections.abc import Mapping

ILO: Mapping[int, str] = {
    1: "Abuse of vulnerability",
    2: "Deception",
    3: "Restriction of movement",
    4: "Isolation",
    5: "Physical and sexual violence",
    6: "Intimidation and threats",
    7: "Retention of identity documents",
    8: "Withholding of wages",
    9: "Debt bondage",
    10: "Abusive working and living conditions",
    11: "Excessive overtime",
}
