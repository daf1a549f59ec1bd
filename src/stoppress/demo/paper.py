"""Who the demo paper is: its settings, by their names in stoppress.toml."""

SETTINGS: dict[str, object] = {
    "paper_name": "The Halvern Packet",
    "paper_tagline": "News from the harbour and from beyond it",
    "time_zone": "UTC",
    "language": "en",
}
