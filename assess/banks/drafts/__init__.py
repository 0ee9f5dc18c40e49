"""Drafts: files of the banks as somebody wants them to be, until a second person publishes them."""
