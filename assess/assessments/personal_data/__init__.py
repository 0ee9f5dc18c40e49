"""Warns before free text that may hold a worker's details is saved, and redacts stored text for good. It never forbids or logs a text. Begin with `detector.py`, then `services.py`."""
