"""Write requirements.txt and requirements-dev.txt: every package at the version installed here.

Run by `make lock` in the project's environment. Only names and versions are written, never where
a package came from.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make lock`. What the project asks for is in pyproject.toml.\n"


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = closure(project["project"]["dependencies"])
    dev = closure(project["dependency-groups"]["dev"])
    write("requirements.txt", runtime)
    write("requirements-dev.txt", runtime | dev)


def closure(wanted: Iterable[str]) -> dict[str, str]:
    """Map each wanted package, and each that one of them needs, to its installed version."""
    found: dict[str, str] = {}
    waiting = [Requirement(line) for line in wanted]
    while waiting:
        requirement = waiting.pop()
        name = canonical(requirement.name)
        key = name + "".join(f"[{extra}]" for extra in sorted(requirement.extras))
        if key in found:
            continue
        try:
            installed = distribution(requirement.name)
        except PackageNotFoundError:
            continue  # for another platform or Python
        found[key] = installed.version
        waiting += needs(installed.requires or (), requirement.extras)
    return {name: version for name, version in found.items() if "[" not in name} | {
        name.partition("[")[0]: version for name, version in found.items()
    }


def needs(lines: Iterable[str], extras: Iterable[str]) -> list[Requirement]:
    """The requirements that hold here, with these extras."""
    requirements = [Requirement(line) for line in lines]
    wanted = ["", *extras]
    return [
        r
        for r in requirements
        if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in wanted)
    ]


def canonical(name: str) -> str:
    """A package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write(file: str, versions: dict[str, str]) -> None:
    """Write one file, sorted."""
    lines = "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))
    (ROOT / file).write_text(HEADER + lines, encoding="utf-8")


if __name__ == "__main__":
    main()
