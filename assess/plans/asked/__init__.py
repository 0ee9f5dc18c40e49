"""Sharing with the buyers that asked: who they are, what each sees, a look at the copy, and one press to share it.

It must never share anything by itself, nor with two at once, nor tell one buyer of another.
Begin with `standing.py` (who asked, and how it stands with each), then `views_sharing.py`.
"""
