"""A database ENGINE: Django's PostgreSQL, which reads times sooner."""
