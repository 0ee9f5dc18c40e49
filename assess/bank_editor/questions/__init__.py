"""Questions of a bank in a draft: listed, changed by form fields, added, moved and retired."""
