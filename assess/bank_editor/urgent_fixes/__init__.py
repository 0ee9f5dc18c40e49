"""Correct a link or a value of law without a draft; a second person reviews it within seven days. Never a question, points, a sign or an action."""
