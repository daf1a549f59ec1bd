"""Logs name no reader, whoever writes them."""

import json
import logging

import pytest
import structlog

from stoppress.config import logs


@pytest.fixture
def logged(capsys):
    """Log through a function, and get the lines that came out."""

    def run(write):
        logs.configure({"level": "info", "format": "json"})
        write()
        lines = capsys.readouterr().err.splitlines()
        logs.configure({"level": "info", "format": "text"})
        return [json.loads(line) for line in lines]

    return run


def test_personal_fields_are_taken_out(logged):
    def write():
        structlog.get_logger("edge").warning("refused", ip="192.0.2.7", user_agent="x", article=7)

    (line,) = logged(write)
    assert line["article"] == 7
    assert not {"ip", "user_agent"} & line.keys()


def test_lines_of_other_libraries_come_out_alike_and_name_the_process(logged, monkeypatch):
    monkeypatch.setenv(logs.PROCESS_VARIABLE, "printer")
    (line,) = logged(lambda: logging.getLogger("django.request").error("Not good: %s", "/world/"))
    assert (line["event"], line["level"]) == ("Not good: /world/", "error")
    assert line["process"] == "printer"


def test_what_a_reader_asked_for_in_vain_is_not_logged(logged):
    request = logging.getLogger("django.request")
    assert logged(lambda: request.warning("Not Found: %s", "/jane.doe@mail.example/")) == []


def test_access_lines_are_not_logged(logged):
    assert logged(lambda: logging.getLogger("uvicorn.access").info("192.0.2.7 GET /")) == []
