"""Known mistakes in functions that nobody has printed: a part of the catalogue wherever these are."""
