"""Updates: filed, corrected, answered in words."""
