"""What holds for any input: one raw record is one decoded or one rejected record, and nothing raises."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.records import REASONS, Decoded, Raw, Rejected, encode
from services.decoder.decoding import decode_batch, decode_one
from tests.unit.services.decoder.sentences import ARMOUR, raw, sentence, with_checksum

MESSAGES = st.builds(
    lambda msg_type, rest, length: sentence((msg_type << 1018 | rest) >> (1024 - length), length),
    st.integers(1, 28),
    st.integers(0, (1 << 1018) - 1),
    st.integers(6, 1024),
)
ARMOURED = st.builds(
    lambda text, fill: with_checksum(f"AIVDM,1,1,,A,{text},{fill}"), st.text(ARMOUR, max_size=200), st.integers(0, 9)
)
FIELDS = st.text(st.sampled_from("!$AIVDMO,0123456789*\x00\ud800é\\"), max_size=60)
SENTENCES = st.one_of(MESSAGES, ARMOURED, FIELDS, st.text(max_size=60))
RAWS = st.builds(
    lambda sentences, defect: raw(*sentences, defect=defect),
    st.lists(SENTENCES, max_size=4),
    st.sampled_from([None, None, None, "checksum", "who knows"]),
)


def sound(record: Decoded | Rejected) -> bool:
    """It can travel, and no text in it has control characters."""
    line = json.loads(encode([record]))
    texts = [value for name, value in line.items() if isinstance(value, str) and name != "reason"]
    return all(text.isprintable() for text in texts) and line.get("reason", "checksum") in REASONS


@settings(max_examples=1500, deadline=None)
@given(MESSAGES)
def test_any_message_of_any_length_is_decoded_or_rejected(text: str) -> None:
    record = decode_one(raw(text))
    if isinstance(record, Rejected):
        assert record.reason in ("too_short", "undecodable")
    else:
        assert sound(record)


@settings(max_examples=500, deadline=None)
@given(st.lists(RAWS, max_size=5))
def test_every_record_ends_as_exactly_one(raws: list[Raw]) -> None:
    decoded, rejected = decode_batch(raws)
    assert len(decoded) + len(rejected) == len(raws)
    assert all(record.reason in REASONS for record in rejected)


@given(st.lists(st.sampled_from([raw("!AIVDM,1,1,,A,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08"), raw("x"), raw("y")])))
def test_both_lists_keep_the_order(raws: list[Raw]) -> None:
    decoded, rejected = decode_batch(raws)
    assert [record.sentences for record in rejected] == [
        record.sentences for record in raws if len(record.sentences[0]) == 1
    ]
    assert len(decoded) == len(raws) - len(rejected)


def test_a_defect_found_while_framing_is_the_reason() -> None:
    _, rejected = decode_batch([raw("!AIVDM,1,1,,A,181:Kjh01ewHFRPDK1s3IRcn06sd,0*09", defect="checksum")])
    assert [(record.reason, record.source, record.station) for record in rejected] == [
        ("checksum", "coastal.test", "st1")
    ]


def test_a_defect_of_somebody_else_is_undecodable() -> None:
    _, rejected = decode_batch([raw("x", defect="bad hair day")])
    assert rejected[0].reason == "undecodable"


def test_characters_outside_the_armour_are_told() -> None:
    _, rejected = decode_batch([raw("!AIVDM,1,1,,A,181:Kjh01eXHFRPDK1s3IRcn06sd,0*08"), raw("!AIVDM,1,1,,A,1é,0*08")])
    assert [record.reason for record in rejected] == ["armour", "armour"]
