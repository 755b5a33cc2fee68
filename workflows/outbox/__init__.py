"""The outbox: from a decision to a message that Slack has."""
