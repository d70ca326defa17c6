"""What a newcomer sees first."""

import re

from tests.system.conftest import Pipeline


def test_the_demo_stores_what_it_plays_and_says_so(pipeline: Pipeline) -> None:
    status, output, errors = pipeline.run("demo")
    assert status == 0, errors
    told = re.search(r"([\d,]+) messages of 10,000 sent .*\n\s+([\d,]+) rows stored, ([\d,]+) dropped", output)
    assert told is not None, output
    received, stored, dropped = (int(number.replace(",", "")) for number in told.groups())
    assert received == 10_000
    assert stored + dropped == received
    assert stored > 0
    assert "psql" in output
