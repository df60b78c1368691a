"""Grading one submission: a notebook in, a graded notebook and its marks out.
Knows no class, no nbgrader and no database."""
