"""`python -m stoppress.cli`: the same command, for children that the supervisor starts."""

from stoppress.cli.main import main

main(prog_name="stoppress")
