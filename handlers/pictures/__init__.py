"""Pictures for Slack, drawn as PNG, and the same content in words for those who can't see them."""
