"""The fast lane, the store, parts, live updates and the journal; imports no Django."""
