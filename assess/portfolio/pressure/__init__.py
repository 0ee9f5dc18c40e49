"""What suppliers say about the buyer's own prices and late changes, only ever put together over five suppliers or more.

It must never let one supplier's answer be worked out, not from all that a buyer is ever shown and not with one answer known from
elsewhere. Begin with `pooling.py` (why that holds), then `keeping.py` (how pools come and go) and `monthly.py` (when).
"""
