"""Escalations in Slack: the form, the card with its thread, and what people press."""
