"""What a buyer and a business say to each other about a share: comments on the whole or on one step, and dates they agree on.

It must never name who wrote for the business, name a question, or write mail. Begin with
`rules.py` (what follows from what was said), then `keeping.py` (how it is kept).
"""
