"""User agents: whether what a visitor calls itself is a robot's name.

Cheapest first, each in bounded time: an agent longer than any browser's is none; then our own rules
(robotrules.py); then the public lists (robotlists.py), with which no browser shares more than a few
letters. What was asked lately is remembered.
"""

from __future__ import annotations

from functools import lru_cache

from stoppress.edge.robotlists import heads_in, lists
from stoppress.edge.robotrules import MAX_LENGTH, is_ill_formed, says_a_word, words

MEMO_AGENTS = 4096  # a day's readers of a paper share some hundreds
MOST_HEADS = 10  # letters shared with robots; of 35,000 browsers one has nine, four in five none

# Some 20 ms of reading and compiling, when a worker starts and not while its first reader waits.
# Not a union, which Python makes as small as can be: looking into a full set takes a third longer.
_HEADS = frozenset([*lists().numbers, *words().numbers])


def is_robots(agent: str) -> bool:
    """Whether the agent is a robot's, by its text alone."""
    return len(agent) > MAX_LENGTH or _remembered(agent)


def judge(agent: str) -> bool:
    """The verdict by rules and lists on an agent of at most MAX_LENGTH characters, unremembered."""
    small = agent.strip().lower()
    if is_ill_formed(small):
        return True
    heads = heads_in(small, _HEADS)
    return len(heads) > MOST_HEADS or says_a_word(small, heads) or lists().have(agent, heads)


def listed(agent: str) -> bool:
    """Whether a public list has the agent."""
    agent = agent[:MAX_LENGTH]
    return lists().have(agent, heads_in(agent.lower(), lists().numbers))


def memo_size() -> int:
    """How many agents are remembered: never more than MEMO_AGENTS."""
    return _remembered.cache_info().currsize


_remembered = lru_cache(MEMO_AGENTS)(judge)
