"""The registry: entries, milestones, dependencies, conversations."""
