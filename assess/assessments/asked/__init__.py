"""Where the letter of a buyer leads: what is asked, beginning or taking an assessment one has, or saying no.

It must never tell the buyer anything before the business does it, nor do anything when a link is only looked at.
Begin with `door.py` (who may act on an invitation).
"""
