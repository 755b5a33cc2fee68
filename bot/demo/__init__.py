"""`rollcall demo`: a company, its past and its page."""
