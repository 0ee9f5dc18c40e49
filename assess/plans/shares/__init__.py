"""Sharing that the business controls: who may see which copy, until when, who looked, and what buyers see of it.

It must never show a buyer more than the frozen copy of the share, nor let anything one buyer sees depend on another buyer.
Begin with `document.py` (what is frozen), then `granting.py` (the business's side) and `looking.py` (the buyer's side).
"""
