"""Inventories that people send."""
