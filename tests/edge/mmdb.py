"""Small databases in the MaxMind DB format, version 2, as its specification lays them out.

https://maxmind.github.io/MaxMind-DB/
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MARKER = b"\xab\xcd\xefMaxMind.com"
SEPARATOR = bytes(16)
NOT_FOUND = None


def write_mmdb(file: Path, records: Mapping[str, Any]) -> Path:
    """Write records of IPv4 networks, such as {"127.0.0.0/8": {"country": {"iso_code": "NO"}}}."""
    tree: list[list[Any]] = [[NOT_FOUND, NOT_FOUND]]
    data, places = b"", []
    for network, record in records.items():
        net = ipaddress.IPv4Network(network)
        bits = f"{int(net.network_address):032b}"[: net.prefixlen]
        node = 0
        for bit in bits[:-1]:
            if tree[node][int(bit)] is NOT_FOUND:
                tree.append([NOT_FOUND, NOT_FOUND])
                tree[node][int(bit)] = len(tree) - 1
            node = tree[node][int(bit)]
        places.append((node, int(bits[-1]), len(data)))
        data += _packed(record)
    count = len(tree)
    for node, bit, offset in places:
        tree[node][bit] = count + len(SEPARATOR) + offset
    nodes = b"".join(
        (count if side is NOT_FOUND else side).to_bytes(3) for pair in tree for side in pair
    )
    described = {
        "binary_format_major_version": (16, 2),
        "binary_format_minor_version": (16, 0),
        "build_epoch": (64, 1_800_000_000),
        "database_type": "Test-Country",
        "description": {"en": "For tests"},
        "ip_version": (16, 4),
        "languages": [],
        "node_count": (32, count),
        "record_size": (16, 24),
    }
    file.write_bytes(nodes + SEPARATOR + data + MARKER + _packed(described))
    return file


def _packed(value: Any) -> bytes:
    """A value as the format has it; a number comes as (bits, number)."""
    if isinstance(value, str):
        return bytes([2 << 5 | len(value)]) + value.encode()
    if isinstance(value, tuple):
        bits, number = value
        size = (number.bit_length() + 7) // 8
        kind = {16: [5 << 5 | size], 32: [6 << 5 | size], 64: [size, 9 - 7]}[bits]
        return bytes(kind) + number.to_bytes(size)
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(map(_packed, value))
    pairs = b"".join(_packed(key) + _packed(one) for key, one in value.items())
    return bytes([7 << 5 | len(value)]) + pairs
