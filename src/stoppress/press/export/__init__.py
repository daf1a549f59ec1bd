"""The way out: every public page as a file that any web server can serve (see run.py)."""
