"""The envelope of a micro-batch."""

from hypothesis import given
from hypothesis import strategies as st

from fairway.messages import Account, Message, from_wire
from fairway.topics import Stage

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def raw() -> Message:
    return Message("raw.ais.a.b", "id1", b"x\ny\n", 2, Account(2), "2026-01-02T03:04:05.000Z")


def test_an_id_follows_from_the_one_before() -> None:
    decoded = raw().derive(Stage.DECODED, b"", 0, Account(2))
    filtered = decoded.derive(Stage.FILTERED, b"", 0, Account(2))
    assert (decoded.id, filtered.id, filtered.root_id) == ("id1/d", "id1/d/f", "id1")
    assert filtered.key == "filtered.ais.a.b"


def test_headers_survive_the_wire() -> None:
    account = Account(2).with_rejected({"checksum": 1}).with_dropped({"duplicate": 1})
    message = raw().derive(Stage.FILTERED, b"", 0, account)
    assert from_wire(message.key, message.id, message.headers(), message.body) == message
    assert account.remaining == 0


def test_what_the_filter_holds_back_and_what_is_a_copy_survive_the_wire() -> None:
    message = raw().derive(Stage.FILTERED, b"", 1, Account(2).with_held(2, 1))
    for sent in message, message.copy(Stage.FILTERED, "tankers", b"x\n", 1):
        assert from_wire(sent.key, sent.id, sent.headers(), sent.body) == sent
    assert message.account.remaining == 1


def test_what_a_stage_tells_beside_its_output_has_an_id_of_its_own_and_no_account() -> None:
    event = raw().event("heard", b"{}\n{}\n", 2)
    assert (event.key, event.id, event.records, event.account) == ("event.heard.a.b", "id1/heard", 2, Account(0))
    assert from_wire(event.key, event.id, event.headers(), event.body) == event


def test_counts_of_the_same_reason_add_up() -> None:
    account = Account(5).with_rejected({"a": 1}).with_rejected({"a": 2, "b": 1})
    assert account.rejected == {"a": 3, "b": 1}
    assert account.remaining == 1


def test_a_strangers_message_counts_its_own_lines() -> None:
    message = from_wire("decoded.ais.x", None, None, b"{}\n{}\n")
    assert (message.records, message.account.received) == (2, 2)


def test_a_strangers_message_has_an_id_that_follows_from_its_content() -> None:
    one, same, other = (from_wire("decoded.ais.x", None, None, body) for body in (b"{}\n", b"{}\n", b"{} \n"))
    assert one.id == same.id != other.id


@given(st.dictionaries(st.sampled_from(["records", "in", "rejected", "dropped", "published_at"]), ANYTHING))
def test_no_headers_break_the_reading_of_a_message(headers: dict[str, object]) -> None:
    message = from_wire("raw.ais.x", "id", headers, b"{}\n")
    assert message.records >= 0
    assert all(isinstance(count, int) for count in message.account.rejected.values())
