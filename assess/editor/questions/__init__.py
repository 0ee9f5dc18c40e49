"""A bank question by question: read as a list, changed by fields, added, moved and retired."""
