"""When to look again: every value, number, paper and table with its day, and a mail once a week while something is due.

It must never change anything by itself. Begin with `due.py`.
"""
