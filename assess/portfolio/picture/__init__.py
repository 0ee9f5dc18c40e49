"""All suppliers of a buyer in one picture: bands, safeguards, goods, dates, months, and a summary to print for its board.

It must never show a number by which copies with urgent advice could be told from others without a band: whatever comes from a copy is
counted only where that copy shows a band. Begin with `gathering.py` (the numbers), then `charts.py` and `views.py`.
"""
