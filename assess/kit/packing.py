"""Packs long pages for the way: a check page or a statement of points is text that shrinks to a sixth.

Short pages go as they are: packing them would cost more time than it saves. Nothing that came in with the request is repeated on
the pages packed here next to something secret, so their length tells an onlooker nothing.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

WORTH_PACKING = 40_000
"""Bytes from which a page is packed: pages of questions stay below, so that they stay quick."""
_LEVEL = 5


def set_up_packing(app: Flask) -> None:
    """Pack the long HTML answers of this app for browsers that can unpack them."""

    @app.after_request
    def pack(response: Response) -> Response:
        if (response.content_length or 0) < WORTH_PACKING or "Content-Encoding" in response.headers:
            return response
        if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
            return response
        response.headers.add("Vary", "Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response
