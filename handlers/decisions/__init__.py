"""The decision log in Slack."""
