"""What leaves: feeds, sitemaps, structured data."""
