"""What journalists edit."""
