"""Running stories."""
