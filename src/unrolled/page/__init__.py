"""Python in the page: what is packed, the worker that runs it, the desk where an assignment is written."""
