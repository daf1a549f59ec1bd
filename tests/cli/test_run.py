"""What single processes are told about their newsroom."""

from stoppress.cli.run import edge_arguments
from stoppress.config.reading import read_options


def test_the_edge_is_told_of_every_trusted_proxy(tmp_path):
    options = read_options(tmp_path, {"STOPPRESS_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"})
    arguments = edge_arguments(options, 3, None, None)
    assert [a for a in arguments if "proxy" in a] == [
        "--trusted-proxy=127.0.0.1",
        "--trusted-proxy=10.0.0.0/8",
    ]
