"""The record finds each of the faults it is for; a check that cannot fail proves nothing."""

import pytest

from tests.chaos.record import Read, Record


def read(path: str, at: float, newest: int, **changed) -> Read:
    given = {"path": path, "began": at, "ended": at + 0.01, "status": 200, "fault": ""}
    given |= {"stories": list(range(max(1, newest - 9), newest + 1))}
    return Read(**(given | changed))


def record(*reads: Read) -> Record:
    return Record(
        kills=[(5.0, "edge-1")],
        published=[(1.0, 1, 101), (2.0, 2, 102), (3.0, 3, 103)],
        receipts=[(1.1, 101), (3.1, 103)],
        reads=list(reads),
    )


def test_a_run_in_order_has_no_fault():
    good = record(
        read("/", 1.2, 1),
        read("/feed/", 2.5, 2),
        read("/", 3.2, 3),
        read("/", 5.0, 0, status=0, fault="broken: ConnectionResetError"),
    )
    assert good.faults() == []


@pytest.mark.parametrize(
    ("reads", "told"),
    [
        ([read("/", 4.0, 0, status=0, fault="refused")], "new connection failed"),
        ([read("/", 5.0, 0, status=0, fault="refused")], "new connection failed"),
        ([read("/", 4.0, 0, status=0, fault="broken: Reset")], "new connection failed"),
        ([read("/", 4.0, 0, status=0, fault="no answer in time")], "new connection failed"),
        ([read("/world/2026/01/01/x/", 4.0, 3, status=404)], "is not there"),
        ([read("/", 4.0, 3, stories=[1, 3])], "has a gap"),
        ([read("/", 4.0, 3, stories=[3])], "has a gap"),
        ([read("/", 2.9, 3), read("/feed/", 2.95, 2)], "lists disagree"),
        ([read("/", 3.2, 2)], "story 3 had its receipt"),
    ],
)
def test_each_fault_is_found_with_what_happened_before(reads, told):
    (fault,) = record(*reads).faults()
    assert told in fault
    assert "published 2 as change 102" in fault
