"""Reading the plain-text dump of a page: what is the story, what is the furniture.

Pure: no Django, no clock, no network. `decode` turns bytes into text or says why not;
`recognise` turns text into a `PageDump`. Neither changes a character of the text.
"""

from stoppress.wires.pagedump.decoding import MAX_BYTES, decode
from stoppress.wires.pagedump.recognising import recognise
from stoppress.wires.pagedump.shapes import PageDump

__all__ = ["MAX_BYTES", "PageDump", "decode", "recognise"]
