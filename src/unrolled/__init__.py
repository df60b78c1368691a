"""Unrolled: a course on recurrent neural networks."""

from unrolled.check import CheckFailed, Report, check, examine

__all__ = ["CheckFailed", "Report", "check", "examine"]
