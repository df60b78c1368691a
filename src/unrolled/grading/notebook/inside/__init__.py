"""What enters the sandbox of the grader, and nothing else: it imports no other part of this package
but `recording`."""
