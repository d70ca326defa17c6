"""Records of every kind with all that their fields may hold."""

from typing import Any, get_type_hints

from hypothesis import strategies as st

from fairway.clock import to_text
from fairway.records import DECODED_KINDS, Decoded
from fairway.testing import START

ENVELOPE = {"source": "test", "event_time": START, "received_at": START, "time_source": "received"}
TIMES = ("event_time", "received_at", "eta", "utc_time")

texts = st.text(max_size=40) | st.sampled_from(
    [
        "A",
        "B",
        "AI",
        "",
        "A,",
        '"',
        "\\",
        "\0",
        "None",
        "Ærø",
        "x" * 7,
        "x" * 8,
        "x" * 31,
        "x" * 90,
        'a","b":',
        "\x7f",
        "😀",
    ]
)
numbers = st.integers(-70_000, 70_000) | st.sampled_from(
    [
        *(1 << bits for bits in (7, 15, 31, 53, 63)),
        *((1 << bits) - 1 for bits in (7, 15, 31, 53, 63)),
        10**17,
        10**18,
        1_073_741_823,
    ]
)
decimals = st.decimals(-180, 180, places=7).map(float) | st.integers(-7200, 7200).map(lambda tenths: tenths / 10)
reals = (
    decimals
    | st.floats(-1e300, 1e300)
    | st.sampled_from([-0.0, 0.0, 1e-7, 1e16, 0.1 + 0.2, 12.345678, 100.0, 1e22, 5e-324])
)
times = st.integers(946_684_800_000, 1_800_000_000_000).map(to_text) | st.just(START)
contents = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | numbers | reals | texts,
        lambda s: st.lists(s, max_size=3) | st.dictionaries(texts, s, max_size=3),
    ),
    max_size=4,
)


def values_of(name: str, hint: object) -> st.SearchStrategy[Any]:
    """What a field may hold, by its name and type."""
    if name in TIMES:
        return times
    for word, strategy in (("dict", contents), ("float", reals), ("bool", st.booleans()), ("int", numbers)):
        if word in str(hint):
            return strategy
    return texts


def records_of(kind: type[Decoded]) -> st.SearchStrategy[Decoded]:
    """Any record of a kind. Most fields are as a feed has them: a record in which everything is odd teaches little."""
    hints = get_type_hints(kind)
    fields = {name: values_of(name, hints[name]) for name in kind.__struct_fields__}
    needed = {name: fields.pop(name) for name in [*ENVELOPE, "mmsi"]}
    optional = {
        name: strategy | st.none() if "None" in str(hints[name]) else strategy for name, strategy in fields.items()
    }
    usual = {"mmsi": st.integers(0, 1_073_741_823), "source": st.sampled_from(["test", "coastal.denmark"])}
    return st.fixed_dictionaries({**needed, **usual}, optional=optional).map(lambda values: kind(**values))


any_record = st.one_of([records_of(kind) for kind in DECODED_KINDS])
