"""Drawings as inline SVG, the same on screen and on paper, told apart without colour. Templates call them through this package."""

from assess.plans.charts.bars import WIDTH, band_shape, bar, step_bar
from assess.plans.charts.drawing import EDGE, INK, PAPER, TEAL, svg_drawing
from assess.plans.charts.month_strip import month_strip
from assess.plans.charts.risk_chart import risk_chart
from assess.plans.charts.sum_bars import sum_bars

__all__ = (
    "EDGE", "INK", "PAPER", "TEAL", "WIDTH", "band_shape", "bar", "month_strip", "risk_chart", "step_bar", "sum_bars",
    "svg_drawing",
)  # fmt: skip
