"""The numbers at the desk: who reads what, for editors."""
