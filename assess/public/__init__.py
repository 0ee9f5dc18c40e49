"""Public pages: help for workers and neighbours, privacy, cookies, accessibility, complaints. They set no cookie and log no request. Begin with `views`."""
