"""Pictures for the preview: a river landscape drawn from the number in its address."""

import re
from random import Random


def drawing(path: str) -> str:
    """Draw /media/sample-<seed>-<width>x<height>.svg."""
    found = re.search(r"sample-(\d+)-(\d+)x(\d+)", path)
    assert found
    seed, width, height = (int(part) for part in found.groups())
    dice = Random(seed)
    hue = dice.randrange(360)
    shapes = [rectangle(width, height, f"hsl({hue} 28% 78%)"), sun(dice, width, height, hue)]
    for step in range(6):
        colour = f"hsl({(hue + step * 9) % 360} 22% {62 - step * 9}%)"
        shapes.append(ridge(dice, width, height, height * (0.35 + step * 0.12), colour))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(shapes)}</svg>'
    )


def rectangle(width: int, height: int, colour: str) -> str:
    """Draw the sky."""
    return f'<rect width="{width}" height="{height}" fill="{colour}"/>'


def sun(dice: Random, width: int, height: int, hue: int) -> str:
    """Draw the sun somewhere in the sky."""
    x, y, radius = dice.uniform(0.2, 0.8) * width, height * 0.25, height * 0.09
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="hsl({hue} 60% 90%)"/>'


def ridge(dice: Random, width: int, height: int, base: float, colour: str) -> str:
    """Draw a ridge of hills down to the lower edge."""
    tops = ((x, base + dice.uniform(-0.09, 0.09) * height) for x in range(0, width + 160, 160))
    line = " ".join(f"{x},{y:.0f}" for x, y in tops)
    return f'<polygon fill="{colour}" points="0,{height} {line} {width + 160},{height}"/>'
