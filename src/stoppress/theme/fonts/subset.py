"""Cut the theme's fonts down to what a page needs. Run by hand, from the root of the project:

    npm install && python src/stoppress/theme/fonts/subset.py

Newsreader and Instrument Sans come from npm (@fontsource-variable), under the SIL Open Font
License without a reserved font name, so the cuts may keep the names. Each face is split by
character: `core` (letters, figures and punctuation, all that most English pages load), `west` (the
rest of ASCII and Latin-1) and `east` (Latin Extended-A). `french` stands in place of `core` on the
pages of a French paper, most of which would load `west` as well. Browsers fetch only the parts and
faces a page uses. Prints the unicode-range of each part, for styles/fonts.css.
"""

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]

HERE = Path(__file__).parent
PACKAGES = HERE.parents[3] / "node_modules" / "@fontsource-variable"

CORE = [
    *map(ord, " !\"$%&'(),-./0123456789:;?"),
    *map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    *map(ord, "äöüßÄÖÜéè\u00a0£·–—‘’“”…"),
]
WEST = [
    code
    for code in [*range(0x20, 0x7F), *range(0xA1, 0x100), *map(ord, "ıŒœŸ‚„‹›−′″•€\u2009\u202f")]
    if code not in CORE
]
EAST = [code for code in range(0x100, 0x180) if code not in WEST]
FRENCH = [code for code in CORE if chr(code) not in "äöüßÄÖÜ£"]
FRENCH += map(ord, "àâçêëîïôùûœÀÇÉÊ«»\u202f")
PARTS = {
    "core": ("latin", CORE),
    "west": ("latin", WEST),
    "east": ("latin-ext", EAST),
    "french": ("latin", FRENCH),
}


@dataclass(frozen=True)
class Face:
    """One cut: where it comes from and the axes it is pinned at."""

    name: str
    package: str
    style: str
    axes: dict[str, float]
    features: tuple[str, ...]


KERNED = ("kern", "liga", "ccmp", "locl", "mark")
PLAIN = ("liga", "ccmp", "locl", "mark")
FACES = [
    Face("text", "newsreader", "normal", {"opsz": 14, "wght": 400}, KERNED),
    # Italics come in single words; kerning would cost half as much again.
    Face("text-italic", "newsreader", "italic", {"opsz": 14, "wght": 400}, PLAIN),
    # One cut for headlines and for bold words in the text: sharp enough large, dark enough small.
    Face("display", "newsreader", "normal", {"opsz": 36, "wght": 580}, KERNED),
    # Labels are small and loosely spaced: kerning would double the file for nothing seen.
    Face("label", "instrument-sans", "normal", {"wdth": 100, "wght": 500}, ("tnum", "locl")),
]


def cut(face: Face, part: str) -> bytes:
    """Make one file: the part's characters, the face's features, every axis pinned."""
    script, codes = PARTS[part]
    source = PACKAGES / face.package / "files"
    font = TTFont(source / f"{face.package}-{script}-standard-{face.style}.woff2")
    options = Options(layout_features=list(face.features), hinting=False, notdef_outline=True)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = None
    whole = io.BytesIO()
    font.save(whole)
    pinned = instantiateVariableFont(TTFont(io.BytesIO(whole.getvalue())), face.axes)
    pinned.flavor = "woff2"
    packed = io.BytesIO()
    pinned.save(packed)
    return packed.getvalue()


def unicode_range(codes: list[int]) -> str:
    """Write characters as CSS does: U+20-22,U+24."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(
        f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs
    )


def main() -> None:
    """Write every file and the licences beside this script."""
    for face in FACES:
        for part in PARTS:
            (HERE / f"{face.name}-{part}.woff2").write_bytes(cut(face, part))
    for part, (_, codes) in PARTS.items():
        print(part, unicode_range(codes))  # noqa: T201
    for package in sorted({face.package for face in FACES}):
        shutil.copyfile(PACKAGES / package / "LICENSE", HERE / f"{package}-OFL.txt")


if __name__ == "__main__":
    main()
