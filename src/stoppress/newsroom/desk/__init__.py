"""The desk: Wagtail's admin in the paper's dress."""
