"""Mail: written into an outbox together with what it tells of, and sent by a worker.

It must never be sent from a request, twice for one event in normal running, or with anything a stranger may not read.
Begin with `outbox.py`.
"""
