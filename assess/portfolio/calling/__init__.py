"""Whom a buyer rings first and why: points with a reason in words for each, and what to say on the telephone.

It must never let less data rank safer, nor count advice that a business was shown: what shows no band counts all alike.
Begin with `rule.py` (the sum, pure), then `filling.py` (into the row of the board) and `views.py`.
"""
