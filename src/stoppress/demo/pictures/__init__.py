"""Pictures for the demo newsroom, drawn by code: the same spec gives the same bytes.

A spec names a scene, a palette, a seed and the scene's options. Nothing is read from outside: even
the letters on maps and charts are Pillow's own.
"""

from stoppress.demo.pictures.drawing import PictureSpec, SceneUnknown, draw, jpeg
from stoppress.demo.pictures.scenes import SCENES

__all__ = ["SCENES", "PictureSpec", "SceneUnknown", "draw", "jpeg"]
