"""Grading: rebuild, sandbox, verify, and what drives them over a class."""
