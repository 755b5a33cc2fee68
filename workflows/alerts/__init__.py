"""What the programme manager is told: what is stuck, what has failed, what can't be delivered."""
