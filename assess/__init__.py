"""Assess: a self-assessment against modern slavery that explains every point and ends in a plan. Begin with `assess/app.py`."""
