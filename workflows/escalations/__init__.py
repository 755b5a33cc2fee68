"""Escalations: what is stuck reaches who can decide it, at the hour that the policy says."""
