"""Answers that come by message."""
