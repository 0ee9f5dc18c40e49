"""The action register: what a business decides about each action of its plan, and what became of it.

It is the only thing of a submission that changes, and it must never lose what somebody wrote, nor hold a word about a worker.
Begin with `state.py` (what is known of one action), then `keeping.py` (how it changes) and `views.py`.
"""
