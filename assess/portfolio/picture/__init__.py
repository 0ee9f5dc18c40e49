"""All suppliers of a buyer in one picture: bands, safeguards, goods, dates, months, and a summary to print for its board.

It must never count anything but what the copies that are shared say, nor anything of one that is over. Begin with `gathering.py` (the numbers), then `charts.py` and `views.py`.
"""
