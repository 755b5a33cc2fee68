"""The weekly round: opened, asked for, closed, summed up."""
