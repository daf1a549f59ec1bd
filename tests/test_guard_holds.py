"""What holds for every test, whichever room it is about."""

from django.conf import settings


def test_a_write_that_goes_around_the_press_is_an_error_in_every_test():
    assert settings.PRESS_GUARD == "raise"
