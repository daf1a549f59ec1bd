"""The `stoppress` command."""
