"""Editorial illustration: an idea in a few shapes."""

import math

from stoppress.demo.pictures.canvas import Canvas
from stoppress.demo.pictures.palettes import mix
from stoppress.demo.pictures.strokes import birds, circle_points, hatch, hill, person, ridge, water


def ballot(canvas: Canvas) -> None:
    """A hand lets a folded paper into a box."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.light)
    canvas.circle(800, 500, 430, p.paper)
    hatch(canvas, 0, 760, 1600, 1067, p.middle, gap=15, alpha=0.5)
    canvas.polygon([(430, 640), (1170, 640), (1260, 560), (340, 560)], p.tone(0.3))
    canvas.rectangle(430, 640, 1170, 1067, p.dark)
    canvas.polygon([(340, 560), (1260, 560), (1170, 640), (430, 640)], p.tone(0.36))
    canvas.rectangle(620, 592, 980, 610, p.ink)
    canvas.polygon([(690, 330), (900, 300), (930, 600), (680, 600)], p.paper)
    canvas.polygon([(690, 330), (796, 316), (800, 600), (680, 600)], p.tone(0.86))
    canvas.line([(722, 470), (750, 506), (800, 420)], p.accent, 16)
    canvas.polygon([(1600, 60), (1600, 330), (1120, 420), (1040, 250)], p.ink)
    canvas.polygon([(1160, 214), (1200, 408), (1130, 424), (1060, 246)], p.paper)
    hand = [
        (1120, 240),
        (960, 270),
        (850, 330),
        (856, 366),
        (900, 372),
        (880, 420),
        (926, 440),
        (1010, 420),
        (1120, 410),
    ]
    canvas.polygon(hand, p.accent)
    for bend in (330, 368):
        canvas.line([(880, bend + 20), (1000, bend)], p.ink, 3, 0.5)
    canvas.circle(800, 850, 96, p.light)
    canvas.circle(800, 850, 80, p.dark)
    canvas.polygon(circle_points(800, 850, 58, 3, -math.pi / 2), p.light)


def debate(canvas: Canvas) -> None:
    """Five voices: speech balloons that overlap."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.paper)
    voices = (
        (430, 360, 300, p.dark, -1),
        (1120, 330, 280, p.accent, 1),
        (790, 540, 250, p.middle, -1),
        (350, 760, 190, p.tone(0.62), 1),
        (1260, 740, 220, p.tone(0.12), -1),
    )
    for x, y, size, fill, side in voices:
        canvas.ellipse(x, y, size, size * 0.72, fill, 0.92)
        canvas.polygon(
            [
                (x + side * size * 0.2, y + size * 0.5),
                (x + side * size * 0.62, y + size * 0.36),
                (x + side * size * 0.72, y + size * 1.06),
            ],
            fill,
            0.92,
        )
        for row in range(4):
            half = size * (0.62 - 0.14 * abs(row - 1.5)) * canvas.random.uniform(0.6, 1)
            top = y - size * 0.34 + row * size * 0.2
            canvas.rectangle(x - half, top, x + half, top + size * 0.06, p.paper, 0.85)


def ledger(canvas: Canvas, *, sign: str = "%") -> None:
    """Scales: coins on one side, people on the other."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.84))
    canvas.polygon([(0, 0), (1600, 0), (0, 1067)], p.light)
    canvas.polygon([(790, 200), (810, 200), (822, 900), (778, 900)], p.ink)
    canvas.polygon([(620, 930), (980, 930), (900, 884), (700, 884)], p.ink)
    canvas.line([(380, 400), (1220, 260)], p.ink, 16)
    canvas.circle(800, 330, 32, p.accent)
    for x, y in ((380, 400), (1220, 260)):
        for side in (-1, 1):
            canvas.line([(x, y), (x + side * 200, y + 300)], p.ink, 4)
        canvas.slice(x, y + 290, 220, 0, 180, p.dark)
    for index in range(14):
        x = 250 + (index % 5) * 66
        canvas.ellipse(x, 674 - (index // 5) * 30, 38, 15, p.ink)
        canvas.ellipse(x, 666 - (index // 5) * 30, 38, 15, p.accent)
    for index in range(4):
        person(canvas, 1100 + index * 80, 552, 170, p.tone(0.14 + 0.12 * (index % 3)))
    canvas.text(800, 1010, sign, p.ink, 64, "mm")


def stairs(canvas: Canvas) -> None:
    """A figure at the foot of a stair that turns on itself."""
    p = canvas.palette
    canvas.gradient(0, 1067, (p.tone(0.72), p.paper))
    canvas.circle(1240, 260, 150, p.accent)
    for step in range(15):
        left, top = 180 + step * 76, 940 - step * 48
        canvas.rectangle(left, top, left + 78, 1067, p.tone(0.1 + 0.035 * step))
        canvas.rectangle(left, top, left + 78, top + 9, p.paper, 0.5)
    for step in range(8):
        canvas.rectangle(
            1320 - step * 64, 268 - step * 34, 1386 - step * 64, 286 - step * 34, p.dark
        )
    person(canvas, 150, 1010, 230, p.ink)
    person(canvas, 1230, 270, 120, p.ink)
    canvas.ellipse(210, 1012, 110, 8, p.ink, 0.3)


def comet(canvas: Canvas, *, watchers: int = 4) -> None:
    """A comet over a hill with people looking up."""
    p = canvas.palette
    canvas.gradient(0, 1067, (p.ink, p.tone(0.14), p.tone(0.36), p.tone(0.6)))
    for _ in range(230):
        y = canvas.random.uniform(0, 820)
        canvas.circle(
            canvas.random.uniform(0, 1600),
            y,
            canvas.random.uniform(0.7, 2.6),
            p.paper,
            canvas.random.uniform(0.3, 0.95),
        )
    head = (520, 520)
    for spread, alpha, fill in ((150, 0.12, p.light), (90, 0.18, p.paper), (40, 0.28, p.accent)):
        canvas.polygon(
            [head, (1500 - spread, 40 - spread * 0.7), (1500 + spread, 40 + spread)], fill, alpha
        )
    canvas.polygon([head, (1330, 16), (1390, -20)], p.paper, 0.25)
    canvas.glow(*head, 190, p.paper, 0.95)
    canvas.circle(*head, 20, p.paper)
    hill(canvas, ridge(canvas, 850, 90), p.tone(0.16))
    crest = ridge(canvas, 950, 46, 0.42)
    hill(canvas, crest, p.ink)
    for index in range(watchers):
        x = 1010 + index * 96
        foot = min(crest, key=lambda point: abs(point[0] - x))[1] + 10
        person(canvas, x, foot, 150 if index != 2 else 96, p.ink)


def deep(canvas: Canvas) -> None:
    """A cable across the sea bed, light failing with depth, fish going by."""
    p = canvas.palette
    canvas.gradient(0, 1067, (p.light, p.middle, p.dark, p.ink))
    for _ in range(7):
        x = canvas.random.uniform(-100, 1500)
        canvas.polygon([(x, 0), (x + 120, 0), (x - 120, 900), (x - 330, 900)], p.paper, 0.07)
    for layer in range(3):
        hill(canvas, ridge(canvas, 800 + layer * 80, 170 - layer * 50), p.tone(0.22 - layer * 0.09))
    sag = [(t * 40, 850 + 90 * math.sin(t / 6.2) + t * 1.1) for t in range(42)]
    canvas.line(sag, p.ink, 20)
    canvas.line([(x, y - 6) for x, y in sag], p.accent, 7)
    for x, y in sag[6::11]:
        canvas.ellipse(x, y, 42, 17, p.ink)
        canvas.glow(x, y - 4, 90, p.accent, 0.5)
    for _ in range(46):
        x, y = canvas.random.gauss(620, 190), canvas.random.gauss(380, 80)
        size = canvas.random.uniform(11, 22)
        canvas.ellipse(x, y, size, size * 0.36, p.paper, 0.8)
        canvas.polygon(
            [
                (x - size * 0.8, y),
                (x - size * 1.5, y - size * 0.4),
                (x - size * 1.5, y + size * 0.4),
            ],
            p.paper,
            0.8,
        )


def flock(canvas: Canvas, *, count: int = 120) -> None:
    """Seabirds rising from a skerry."""
    p = canvas.palette
    canvas.gradient(0, 700, (p.tone(0.62), p.paper, p.light))
    canvas.circle(1090, 330, 150, mix(p.accent, p.paper, 0.25))
    water(canvas, 700, (p.tone(0.56), p.tone(0.18)), p.paper, light_x=1000)
    rock = [
        (220, 800),
        (330, 690),
        (430, 640),
        (520, 560),
        (600, 600),
        (680, 570),
        (800, 700),
        (940, 740),
        (1040, 800),
    ]
    canvas.polygon(rock, p.ink)
    canvas.polygon([(520, 560), (600, 600), (640, 800), (430, 800)], p.dark)
    canvas.polygon([(220, 800), (1040, 800), (900, 840), (330, 840)], p.ink, 0.4)
    birds(canvas, count // 2, 700, 330, 190, p.ink)
    birds(canvas, count // 2, 1010, 220, 170, p.dark)


def tracks(canvas: Canvas, *, seats: int = 0) -> None:
    """A sleeping-car window: night, a lamp, a cup."""
    p = canvas.palette
    canvas.rectangle(0, 0, 1600, 1067, p.tone(0.28))
    hatch(canvas, 0, 0, 1600, 1067, p.ink, gap=22, alpha=0.16)
    canvas.rectangle(230, 110, 1370, 800, p.light)
    canvas.rectangle(262, 142, 1338, 768, p.ink)
    canvas.gradient(142, 560, (p.ink, p.tone(0.24), p.tone(0.42)), left=262, right=1338)
    canvas.circle(1080, 260, 54, p.paper)
    canvas.glow(1080, 260, 190, p.paper, 0.35)
    for layer in range(3):
        line = [
            (x, min(y, 766)) for x, y in ridge(canvas, 520 + layer * 70, 130) if 262 <= x <= 1338
        ]
        canvas.polygon(
            [(262, 768), (262, line[0][1]), *line, (1338, line[-1][1]), (1338, 768)],
            p.tone(0.26 - layer * 0.1),
        )
    for index in range(11):
        x = 300 + index * 96
        canvas.rectangle(x, 690, x + 10, 700, p.accent)
    canvas.rectangle(788, 142, 812, 768, p.light)
    canvas.rectangle(140, 840, 1460, 880, p.tone(0.6))
    canvas.rectangle(140, 880, 1460, 900, p.ink, 0.4)
    canvas.polygon([(330, 840), (350, 730), (450, 730), (470, 840)], p.paper)
    canvas.rectangle(340, 752, 462, 768, p.accent)
    canvas.polygon([(1150, 690), (1310, 690), (1270, 590), (1190, 590)], p.accent)
    canvas.rectangle(1222, 690, 1238, 840, p.ink)
    canvas.glow(1230, 760, 280, p.accent, 0.55)
    for seat in range(seats):
        canvas.circle(500 + seat * 160, 950, 60, p.dark)


def signatures(canvas: Canvas) -> None:
    """Two empty chairs at a long table under two flags."""
    p = canvas.palette
    canvas.gradient(0, 700, (p.tone(0.24), p.tone(0.4)))
    for x, fill in ((470, p.accent), (1130, p.middle)):
        canvas.rectangle(x - 6, 60, x + 6, 700, p.light)
        folds = [(x + 6, 90), (x + 250, 120), (x + 170, 260), (x + 240, 430), (x + 6, 400)]
        canvas.polygon(folds if x < 800 else [(2 * x - fx, fy) for fx, fy in folds], fill)
    canvas.polygon([(800, 60), (1040, 700), (560, 700)], p.paper, 0.16)
    for x in (560, 1040):
        canvas.rectangle(x - 92, 360, x + 92, 680, p.ink)
        canvas.rectangle(x - 70, 384, x + 70, 560, p.dark)
    canvas.polygon([(140, 660), (1460, 660), (1600, 830), (0, 830)], p.tone(0.84))
    canvas.rectangle(0, 830, 1600, 870, p.tone(0.6))
    canvas.rectangle(0, 870, 1600, 1067, p.tone(0.16))
    canvas.polygon([(690, 700), (900, 690), (930, 780), (680, 792)], p.paper)
    for row in range(4):
        canvas.line([(716, 716 + row * 17), (870 + row * 6, 710 + row * 17)], p.dark, 3, 0.6)
    canvas.line([(960, 770), (1060, 708)], p.ink, 9)
    canvas.line([(1045, 717), (1070, 701)], p.accent, 9)
    for x in (400, 1220):
        canvas.polygon([(x - 26, 690), (x + 26, 690), (x + 20, 760), (x - 20, 760)], p.paper, 0.7)
