"""What the bot owes: listed, and checked for what would never happen."""
