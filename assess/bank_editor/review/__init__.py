"""Review and publishing of drafts: what changes, dry runs, publish checks, and the history of editions."""
