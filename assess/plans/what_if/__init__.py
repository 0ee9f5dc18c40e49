"""What if: the score as it would be with some steps done, worked out while somebody looks and stored nowhere.

It must never name a band while any sign is open, because the change of a band would tell which answer raised it.
Begin with `views.py`.
"""
