"""A database ENGINE: Django's SQLite, with one lock that lets writers queue."""
