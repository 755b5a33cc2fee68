"""What the programme manager is told."""
