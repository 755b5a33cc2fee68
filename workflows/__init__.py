"""What the bot does, in the words of the team that uses it. No Slack, no scheduler, no SQL."""
