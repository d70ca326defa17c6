"""Raw records at random, with so many alike that they are decoded in columns, and every oddity among them."""

from random import Random

from fairway.raw_block import RawBlock, envelope
from fairway.records import Raw
from tests.unit.services.decoder.sentences import ARMOUR, FULL_LENGTH, with_checksum

ODDITIES = (
    "",
    "!",
    "!AIVDM,1,1,,A,,0*26",
    "!AIVDM,1,1,,A,1é,0*08",
    "!AIVDM,2,1,1,A,15M67F,0*08",
    "!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C,1,2",
    "!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C\n!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    "!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,7*5B",
    "!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0",
    "!AIVDM,1,1,,A,15M67FC0XYG?ufbE`FepT@3n00Sa,0*5C",
    "!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,*5C",
    "!AIVDM,1,1,4,,15M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    "!aivdo,1,1,,AB,15M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    "!BSVDM,1,1,,ABC,15M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    "!BSVDM,1,1,,?,15M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    "!--VDM,1,1,,1,15M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    "!AIVDM,1,1,,A,w5M67FC000G?ufbE`FepT@3n00Sa,0*5C",
    '!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*"\\',
    "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M*47",
)
TIMES = "2026-01-02T03:04:05.000Z", "2024-02-29T12:00:00.000Z", "2026-07-01T23:59:59.999Z", "no time"


def random_raws(random: Random, count: int) -> list[Raw]:
    """`count` records, of a few types and lengths at a time; one in ten is odd."""
    kinds = [(random.randrange(64), random.randrange(500)), *(_usual(random) for _ in range(random.randrange(1, 4)))]
    envelopes = [_envelope(random) for _ in range(random.choice((1, 1, 2, 30)))]
    return [_raw(random, kinds, envelopes) for _ in range(count)]


def as_rows(random: Random, raws: list[Raw]) -> list[Raw | RawBlock]:
    """The same as ingest hands them on: runs of usual ones as blocks."""
    rows: list[Raw | RawBlock] = []
    run: list[Raw] = []
    for raw in raws:
        if _is_usual(raw) and random.random() < 0.99:
            run.append(raw)
            continue
        rows += [_block(run)] if run else []
        rows.append(raw)
        run = []
    return [*rows, _block(run)] if run else rows


def _usual(random: Random) -> tuple[int, int]:
    msg_type = random.choice((1, 2, 3, 4, 5, 6, 8, 9, 11, 17, 18, 19, 20, 21, 24, 24, 27))
    full = FULL_LENGTH.get(msg_type, 168)
    return msg_type, full + random.choice((0, 0, 0, 0, -2, -8, 2, 8, 16, 30, 36, -random.randrange(full - 40)))


def _payload(random: Random, msg_type: int, length: int) -> int:
    """Uniform bits, or with more zeros or ones than that, so that sentinels and dates occur."""
    bits = random.getrandbits(length + 6)
    match random.randrange(6):
        case 0:
            bits &= random.getrandbits(length + 6) & random.getrandbits(length + 6)
        case 1:
            bits |= random.getrandbits(length + 6) | random.getrandbits(length + 6)
        case 2:
            bits = 0
        case 3:
            bits &= random.getrandbits(length + 6)
    bits &= (1 << length) - 1
    number = msg_type << length | bits
    return number >> 6 if random.random() < 0.95 else number >> random.randrange(12)


def _sentences(random: Random, kinds: list[tuple[int, int]]) -> tuple[str, ...]:
    msg_type, length = random.choice(kinds)
    if random.random() < 0.05:
        return tuple(random.choice(ODDITIES) for _ in range(random.choice((0, 1, 1, 1, 1, 1, 2))))
    fill = -length % 6 if random.random() < 0.9 else random.randrange(7)
    characters = (length + 5) // 6
    number = msg_type << max(0, characters * 6 - 6) | _payload(random, 0, characters * 6) >> 6
    text = "".join(ARMOUR[number >> 6 * place & 63] for place in reversed(range(characters)))
    tag = random.choice(("AIVDM", "AIVDM", "AIVDM", "BSVDM", "ABVDO", "aivdm"))
    channel = random.choice("AAABBB12") if random.random() < 0.9 else random.choice(("", "A1", "XYZ", "é"))
    parts = random.choice((1, 1, 1, 1, 1, 2, 3)) if characters > 3 else 1
    cuts = [0, *sorted(random.randrange(characters) for _ in range(parts - 1)), characters]
    return tuple(
        with_checksum(
            f"{tag},{parts},{place + 1},{7 if parts > 1 else ''},{channel},{text[cuts[place] : cuts[place + 1]]},"
            f"{fill if place == parts - 1 else 0}"
        )
        for place in range(parts)
    )


def _envelope(random: Random) -> dict[str, object]:
    return {
        "source": random.choice(("coastal.test", "coastal.tëst")),
        "station": random.choice((None, "st1", 'a "station"', "r\\")),
        "event_time": random.choice(TIMES),
        "received_at": "2026-01-02T03:04:06.000Z",
        "time_source": "tag_block",
        "time_shift": random.choice((None, None, None, -3600.0, 0.5)),
    }


def _raw(random: Random, kinds: list[tuple[int, int]], envelopes: list[dict[str, object]]) -> Raw:
    return Raw(
        **random.choice(envelopes),  # type: ignore[arg-type]
        sentences=_sentences(random, kinds),
        tag_block=random.choice((None, None, None, None, "c:1,s:x", 'q:"')),
        defect="checksum" if random.random() < 0.01 else None,
    )


def _is_usual(raw: Raw) -> bool:
    if len(raw.sentences) != 1 or raw.defect is not None or raw.tag_block is not None:
        return False
    (text,) = raw.sentences
    return text.isascii() and text.isprintable() and not set(text) & {*'"\\'}


def _block(raws: list[Raw]) -> RawBlock:
    envelopes = [
        envelope(raw.source, raw.station, raw.event_time, raw.received_at, raw.time_source, raw.time_shift)
        for raw in raws
    ]
    return RawBlock(envelopes, [raw.sentences[0].encode() for raw in raws], [b""] * len(raws))
