"""Grading a class: who drives, who does the work, on this machine or on a cluster."""
