"""Whatever happens, in whatever order: once settled, stored is what a fresh render gives.

See `room` for the newsroom, `story_kinds` and `paper_kinds` for every kind of change,
`machine` for what happens, and `sabotages` for proof that this can fail.
"""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

IS_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
QUICK = {
    "derandomize": True,
    "phases": [Phase.generate],  # shrinking takes minutes: the deep profile does it
    "max_examples": 8 if connection.vendor == "sqlite" else 3,
    "stateful_step_count": 14,
}
DEEP = {
    "max_examples": int(os.environ.get("HYPOTHESIS_EXAMPLES", "200")),
    "stateful_step_count": 30,
}


@pytest.mark.long
def test_once_settled_every_stored_page_is_what_a_fresh_render_gives(newsroom):
    run_state_machine_as_test(
        newsroom,
        settings=settings(
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            **(DEEP if IS_DEEP else QUICK),
        ),
    )
