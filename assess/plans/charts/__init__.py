"""Drawings as inline SVG, the same on screen and on paper, told apart without colour. Templates call them through this package."""

from assess.plans.charts.bars import WIDTH, band_shape, bar, step_bar
from assess.plans.charts.drawing import EDGE, INK, PAPER, TEAL, svg_drawing
from assess.plans.charts.month_strip import Month, month_strip, months_in_words, twelve_months
from assess.plans.charts.risk_chart import risk_chart
from assess.plans.charts.sum_bars import sum_bars

__all__ = (
    "EDGE", "INK", "PAPER", "TEAL", "WIDTH", "Month", "band_shape", "bar", "month_strip", "months_in_words", "risk_chart",
    "step_bar", "sum_bars", "svg_drawing", "twelve_months",
)  # fmt: skip
