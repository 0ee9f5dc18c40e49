"""What a business buys, drawn from the record alone: a section of its plan, a page of its result, and a few lines for a buyer.

It must never judge a purchase anew, mix with the score, or let the name of a supplier out of the copy of the business.
Begin with `story.py` (the whole section), then `for_buyer.py` (what of it a buyer sees).
"""
