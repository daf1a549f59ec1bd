"""Stories from outside: takes, and importers from other systems."""
