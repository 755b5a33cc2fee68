"""What comes in from Slack, and who is let in."""
