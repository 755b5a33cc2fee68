"""What the clock starts: the sweep, the delivery, and what looks after them."""
