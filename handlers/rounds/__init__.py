"""The week: prompts, reminders, summaries and digests."""
