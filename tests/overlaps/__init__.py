"""How well methods tell overlapping initiatives, measured on pairs that were labelled by hand."""
