"""The first editor's name, address and password are looked at before anything is made."""

import click
import pytest

from stoppress.cli.founding import Editor

FIT = {"name": "Ada Brook", "email": "ada@news.example", "password": "quay-lantern-42"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "--name is empty"),
        ("name", "Ada\u202eBrook", "control characters"),
        ("name", "Ada\x07", "control characters"),
        ("name", "x" * 151, "longer than 150"),
        ("email", "", "no e-mail address"),
        ("email", "not an address", "no e-mail address"),
        ("email", "x" * 10_000, "no e-mail address"),
        ("password", "", "at least 10 characters"),
        ("password", "password123", "too common"),
        ("password", "1234509876", "entirely numeric"),
        ("password", "ada@news.example", "too similar"),
    ],
)
def test_an_editor_who_will_not_do_is_refused_by_the_options_name(field, value, said):
    with pytest.raises(click.UsageError, match=f"--{field}") as caught:
        Editor(**(FIT | {field: value})).validate()
    assert said in caught.value.message
    assert len(caught.value.message) < 400


@pytest.mark.parametrize("name", ["Ada Brook", "Ngọc", "山田 花子", "O’Neill-Sørensen"])
def test_names_in_any_script_will_do(name):
    Editor(**(FIT | {"name": name})).validate()
