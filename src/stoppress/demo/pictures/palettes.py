"""The demo paper's colours: a few palettes of five tones, dark to light, and one accent.

A picture uses one palette only; that restraint is what makes the set look like one paper's.
"""

from dataclasses import dataclass

Colour = tuple[int, int, int]


def colour(code: str) -> Colour:
    """Read "#rrggbb"."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; `share` is how much of the other, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Palette:
    """Five tones from dark to light, and an accent to be used sparingly."""

    ink: Colour
    dark: Colour
    middle: Colour
    light: Colour
    paper: Colour
    accent: Colour

    def tone(self, lightness: float) -> Colour:
        """A tone between ink (0) and paper (1)."""
        tones = (self.ink, self.dark, self.middle, self.light, self.paper)
        position = min(max(lightness, 0.0), 1.0) * (len(tones) - 1)
        low = min(int(position), len(tones) - 2)
        return mix(tones[low], tones[low + 1], position - low)


def _palette(*codes: str) -> Palette:
    return Palette(*(colour(code) for code in codes))


PALETTES = {
    "dusk": _palette("#151b33", "#3d3558", "#b0626a", "#eda97f", "#f8e3c4", "#ffd27a"),
    "north": _palette("#0c262c", "#1f4e57", "#6d9a98", "#c9d3c6", "#f1eadb", "#d2562b"),
    "morning": _palette("#1b2b44", "#476a86", "#9dbac4", "#e6dcb6", "#f8f1dd", "#e2714f"),
    "moss": _palette("#18231b", "#3b5140", "#86996c", "#d3c992", "#f4ecd2", "#bd4f2c"),
    "press": _palette("#17171a", "#47454a", "#99938b", "#d9d1c4", "#f3ede1", "#bb2a2a"),
    "winter": _palette("#16212d", "#43596b", "#8fa6b3", "#d3dee2", "#f5f3ec", "#d58b34"),
    "ochre": _palette("#241711", "#6a3a22", "#bb7730", "#e5bd70", "#f6ead0", "#27595e"),
    "night": _palette("#090f1e", "#18274a", "#38527f", "#8ba3c4", "#dfe7ee", "#f4c65a"),
    "plum": _palette("#20132a", "#54305c", "#a2627f", "#dca5a0", "#f6e4d8", "#2e7d74"),
    "reef": _palette("#07272b", "#0e5a5f", "#3fa097", "#b4d8bf", "#f6f0d9", "#ee7b4b"),
}
