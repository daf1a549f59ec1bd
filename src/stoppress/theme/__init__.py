"""Templates, styles and scripts that readers see.

`render` turns a shape of `theme.shapes` into a page. It is a pure function: no query, no clock, no
request. The same shapes give the same bytes, on every node.
"""

from stoppress.theme.rendering import render

__all__ = ["render"]
