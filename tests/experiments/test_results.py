"""What pages report was measured by the sources that stand here."""

import json

import pytest

from experiments import runner


@pytest.mark.parametrize("name", runner.names())
def test_results_are_those_of_the_source_as_it_is(name):
    kept = json.loads((runner.RESULTS / f"{name}.json").read_text(encoding="utf8"))
    assert kept["digest"] == runner.digest(name), "run `make experiments`"
    assert [run["setting"] for run in kept["runs"]] == runner.asked(name, runner.kept(name))


def test_no_results_without_an_experiment():
    assert {path.stem for path in runner.RESULTS.glob("*.json")} == set(runner.names())
