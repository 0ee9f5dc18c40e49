"""Files made in the background for a buyer to take away: the bundle of all plans, and the board as a spreadsheet.

A file must never hold what is not shared with this buyer at the moment it is taken. Begin with `models.py` (what is ordered), then `making.py` (how it is made) and `packing.py` (how a bundle is sent).
"""
