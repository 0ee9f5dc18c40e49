"""What stands beside the questions: duties, rates with their days, whom to call, sources, themes and owners, changed by fields in a draft."""
