"""Whole inventories taken into the registry, and given out of it."""
