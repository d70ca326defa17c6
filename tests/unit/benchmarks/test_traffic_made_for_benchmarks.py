"""What is played must be what it is said to be, or all figures are of something else."""

from itertools import islice

from benchmarks import fleet, recording
from benchmarks.framed import framed
from fairway.raw_block import RawBlock
from fairway.records import Decoded, Position, Raw
from services.decoder.decoding import decode_batch

SAMPLE = [
    b"!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23\n",
    b"!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E\n",
    b"!AIVDM,2,2,3,B,1@0000000000000,2*55\n",
]


def _decoded(text: bytes) -> list[Decoded]:
    raws: list[Raw] = []
    for rows in framed(text.splitlines(), 1000):
        for row in rows:
            raws += row.raws() if isinstance(row, RawBlock) else [row]
    decoded, rejected = decode_batch(raws)
    assert not rejected
    return decoded


def test_sentences_of_a_fleet_are_sound_positions_of_as_many_vessels() -> None:
    decoded = _decoded(b"".join(fleet.sentences(500, vessels=200)))
    assert len(decoded) == 500
    assert {record.mmsi for record in decoded} == set(range(fleet.FIRST_MMSI, fleet.FIRST_MMSI + 200))
    for record in decoded:
        assert isinstance(record, Position)
        assert record.msg_type == 1
        assert record.lon is not None
        assert record.lat is not None
        assert record.rot is None


def test_a_vessel_of_a_fleet_moves_a_little_between_its_reports() -> None:
    first, second = (record for record in _decoded(b"".join(fleet.sentences(2, vessels=1))))
    assert isinstance(first, Position)
    assert isinstance(second, Position)
    assert first.lon is not None
    assert second.lon is not None
    assert 0 < second.lon - first.lon < 0.001


def test_each_round_of_a_recording_is_whole_later_and_of_other_vessels() -> None:
    rounds = [_decoded(text) for text in islice(recording.rounds(SAMPLE), 64)]
    assert [[record.msg_type for record in each] for each in rounds] == [[1, 5]] * 64
    assert rounds[0][0].mmsi == 227006760
    assert len({record.mmsi for each in rounds for record in each}) == 128
    times = [record.event_time for each in rounds for record in each]
    assert times == sorted(times)
    assert {record.time_source for each in rounds for record in each} == {"tag_block"}
