"""A newsroom with original sample content, and a wire that keeps publishing."""
