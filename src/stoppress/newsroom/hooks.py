"""Where rooms above join in: each hook is a list of functions, asked in the order they came."""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P, R]):
    """A place where functions of one kind register."""

    def __init__(self) -> None:
        self._functions: list[Callable[P, R]] = []

    def register(self, function: Callable[P, R]) -> Callable[P, R]:
        """Have a function asked from now on; may be used as a decorator."""
        if function not in self._functions:
            self._functions.append(function)
        return function

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """What every registered function answers."""
        return [function(*args, **kwargs) for function in self._functions]
