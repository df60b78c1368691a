"""Side-by-side measurements: every figure is a ratio or a time of one run on one machine, printed and kept as JSON."""
