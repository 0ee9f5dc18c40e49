"""What a draft changes, tried on past submissions, looked at by a second person, published; and the history of all editions."""
