"""A buyer's register of contracts: what its rules ask for, how much risk it sees in each, what it did about it, and who decided.

It must never decide by itself, hold what a supplier answered, or tell one buyer of another.
Begin with `models.py` (what is kept), then `grading.py` (how a tier is proposed) and `keeping.py` (how a contract changes).
"""
