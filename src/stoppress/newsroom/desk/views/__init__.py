"""The desk's own pages and what it changes in Wagtail's."""
