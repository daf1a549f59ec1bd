"""Tags, changes, the printer and receipts; knows no article."""
