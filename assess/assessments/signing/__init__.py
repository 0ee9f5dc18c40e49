"""What is kept of a sign-off by a senior person: who was asked, who signed which submission, and what was sent back.

A sign-off holds for one submission and no other. It never says which answers it was about, and a buyer never learns a name.
Begin with `keeping.py`; the pages are in `assess.plans.signing`, since they draw the plan.
"""
