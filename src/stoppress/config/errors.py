"""What can be wrong with a newsroom's configuration.

ConfigurationError
├── UnreadableFile      stoppress.toml is no TOML, or can't be opened
├── UnknownSetting      a key in the file, or a STOPPRESS_ variable, that no setting has
├── UnfitValue          a setting whose value can't be used
└── Faults              several of these at once
"""

from collections.abc import Sequence


class ConfigurationError(Exception):
    """A newsroom can't start with its configuration; the text says what to do."""


class UnreadableFile(ConfigurationError):
    """The file can't be read as TOML."""


class UnknownSetting(ConfigurationError):
    """A name that is no setting of ours."""


class UnfitValue(ConfigurationError):
    """A setting's value is not of its kind."""


class Faults(ConfigurationError):
    """All faults of a configuration, so that they can be mended in one go."""

    def __init__(self, faults: Sequence[ConfigurationError]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))
