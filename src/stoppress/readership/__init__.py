"""Counting: from each node's journal to totals in the database."""
