"""Why somebody got a message."""
