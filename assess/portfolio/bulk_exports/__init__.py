"""Files made in the background: a ZIP of all shared plans, and the board as CSV or XLSX. A download holds only what is shared at that moment."""
