"""Numbers of every process of a machine, told by whichever worker is asked."""

import json
import os
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

from stoppress.edge.metrics import Metrics, Timings, read_all


def sample(text, name, **labels):
    families = text_string_to_metric_families(text)
    found = [s for family in families for s in family.samples if s.name == name]
    return next(s.value for s in found if labels.items() <= s.labels.items())


def test_one_process_tells_of_all(tmp_path):
    press = Metrics(tmp_path, Counter(printed=9), lambda: {"applied": 7}, process="press")
    press.time("switch", 0.2)
    press.write()
    edge = Metrics(tmp_path, Counter(lane_hits=3), dict)
    text = edge.expose().decode()
    assert sample(text, "stoppress_edge_events_total", event="lane_hits") == 3
    assert sample(text, "stoppress_press_events_total", event="printed") == 9
    assert sample(text, "stoppress_press_state", state="applied") == 7
    assert sample(text, "stoppress_press_seconds_count", of="switch") == 1
    assert sample(text, "stoppress_press_seconds_bucket", of="switch", le="0.1") == 0
    assert sample(text, "stoppress_press_seconds_bucket", of="switch", le="0.25") == 1


def test_what_the_dead_left_is_taken_away(tmp_path):
    nobody = 2**22 + 1  # above the kernel's highest process id
    (tmp_path / f"edge-{nobody}.json").write_text('{"counted": {"hits": 5}}')
    Metrics(tmp_path, Counter(hits=1), dict).write()
    assert [numbers.worker for numbers in read_all(tmp_path)] == [str(os.getpid())]
    assert not (tmp_path / f"edge-{nobody}.json").exists()


def test_half_a_file_and_another_version_are_passed_over(tmp_path):
    for process, text in {"app": '{"counted"', "clock": json.dumps({"other": 1})}.items():
        (tmp_path / f"{process}-{os.getpid()}.json").write_text(text)
    assert list(read_all(tmp_path)) == []


def test_a_folder_that_was_set_aside_is_made_again(tmp_path):
    folder = tmp_path / "store" / "workers"
    metrics = Metrics(folder, Counter(), dict)
    metrics.write()
    (tmp_path / "store").rename(tmp_path / "damaged")
    metrics.write()
    assert len(list(read_all(folder))) == 1


def test_shares_of_timings_are_bounds():
    timings = Timings()
    assert timings.at_most(0.5) is None
    for seconds in (0.001, 0.001, 0.02, 0.3):
        timings.note(seconds)
    assert timings.at_most(0.5) == 0.002
    assert timings.at_most(0.75) == 0.025
    assert timings.at_most(0.95) == 0.5
    timings.note(60)
    assert timings.at_most(1.0) == float("inf")
