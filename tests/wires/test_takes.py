"""Takes: never lost, never set aside without a reason."""

import pytest

from stoppress.wires.errors import NoReasonGiven, TakeAlreadyUsed
from stoppress.wires.models import Take


@pytest.fixture
def take(paper):
    return Take.objects.create(headline="Kelp farmers fear the warm", source="Osk wire")


def test_a_take_is_new_until_someone_decides(take):
    assert take.status == Take.Status.NEW
    assert str(take) == "Kelp farmers fear the warm (Osk wire)"


def test_a_take_set_aside_keeps_its_reason(take):
    take.set_aside("Older than our own story.")
    take.refresh_from_db()
    assert (take.status, take.reason) == ("set-aside", "Older than our own story.")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_set_aside_without_a_reason(take, reason):
    with pytest.raises(NoReasonGiven):
        take.set_aside(reason)


def test_a_take_that_became_an_article_is_not_set_aside(take):
    take.status = Take.Status.USED
    with pytest.raises(TakeAlreadyUsed):
        take.set_aside("Late.")


def test_the_newest_take_comes_first(take):
    later = Take.objects.create(headline="Later", source="Osk wire")
    assert list(Take.objects.all()) == [later, take]
