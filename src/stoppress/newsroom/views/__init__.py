"""What readers ask for, one file per kind of page. All but the search are public editions."""
