"""Answers that come by message, and messages changed to how things stand."""
