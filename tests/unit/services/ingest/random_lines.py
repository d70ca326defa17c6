"""Lines for properties: all forms with anything in their fields, few enough that lines meet their like; damaged; any bytes."""

from hypothesis import strategies as st

from services.ingest.line_format import Moment
from tests.unit.services.ingest.nmea_lines import FIRST, NOW, SECOND, SINGLE, block, pghp, sentence, tagged
from tests.unit.services.ingest.test_framing_forms import FORMS

_SAMPLES = [line.encode() for text, *_ in FORMS.values() for line in text.split("\n")]
_SECONDS = st.sampled_from(
    ["1671533231", "1671533232", "1671533242", "0946684799", "0946684800", "1767323045", "1767323106", "9671533231"]
)
_STATIONS = st.sampled_from(
    ["x", "2190067", "rORBCOMM007", "a b", " x", "", "0", "é", "s" * 60, "s" * 61, "a:b", "|X=1|"]
)

# What parts a message has, and the fields by which they are told apart.
_BODIES = st.builds(
    "{}{},{},{},{},{},{}".format,
    st.sampled_from(["AI", "AI", "AI", "BS", "--", "A\xe9"]),
    st.sampled_from(["VDM", "VDM", "VDM", "VDO", "VDX"]),
    st.sampled_from(["1,1", "1,1", "2,1", "2,2", "2,1", "2,2", "3,1", "2,3", "1,2", "10,1"]),
    st.sampled_from(["", "5", "5", "6", "12"]),
    st.sampled_from(["A", "A", "B", "", "AB"]),
    st.sampled_from(["13aEOK?P00PD2wVMdLDRhgvL289?", "53m66:8", "P00", "", "a b", 'a"b', "a\\b", "a,b", "\x7f"]),
    st.sampled_from(["0", "2", "", "0,0"]),
)
_PAIRS = st.tuples(st.sampled_from([FIRST, FIRST.replace(",5,", ",6,")]), st.booleans()).map(
    lambda pair: (pair[0], SECOND if pair[1] else SECOND.replace(",5,", ",6,"))
)
_TAG = st.one_of(
    _STATIONS.map("s:{}".format),
    _STATIONS.map("sb:{}".format),
    _SECONDS.map("c:{}".format),
    st.sampled_from(
        ["c:1671533231123", "c:16715332311", "c: 1671533231", "c:x", "c", "s", "x:1", "q:u", "", "i:|X=0|D=1|"]
    ),
    st.sampled_from(
        ["g:1-2-7", "g:2-2-7", "g:1-2-8", "g:2-2-8", "g:1-1-7", "g:2-2--7", "g:x-2-7", "1G2:7", "2G2:7", "G:1"]
    ),
)
_TAGS = st.lists(_TAG, min_size=1, max_size=4).map(",".join)
_SUMS = st.sampled_from(
    [
        lambda text: text,
        lambda text: text,
        lambda text: text[:-3] + b"00\\",
        lambda text: text.lower(),
        lambda text: text[:-2] + b"i\\",
    ]
)
_BLOCKS = st.builds(lambda tags, change: change(block(tags.encode().decode("latin-1"))), _TAGS, _SUMS)
_BEHIND_GROUP = _TAGS.map(lambda tags: b"\\g:1-2-7," + block(tags.encode().decode("latin-1"))[1:])
_PREFIXES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["2021-11-01", "2021/11/01", "2021-02-29", "1999-12-31", "2100-01-01", "20211101"]),
    st.sampled_from("T _"),
    st.sampled_from(["13:26:28", "24:00:00", "23:59:60"]),
    st.sampled_from(["", ".392", ",5", ".123456789", ".1234567891", "."]),
    st.sampled_from([" ", ": ", "", " IN 20 Net: '", "Z ", " Z ", "+02:00 ", " -0330 ", "x ", " UTC", ";"]),
).map(str.encode) | st.sampled_from(
    [
        b"1550303566 ",
        b"1550303566167 ",
        b"1550303566167726 ",
        b"1550303566167726840 ",
        b"1550303566,",
        b"155030356 ",
        b"7 ",
        b"Net: ",
        b"[1550303566] ",
        b"{1 ",
        b" ",
        b"#",
        b"a,b",
    ]
)
_FIELD = st.one_of(
    _SECONDS,
    st.sampled_from(
        ["r003669945", "b00", "r0", "d-095", "d12ab", "D1_ab", "r" + "x" * 60, "S1651", "t161344.00", "T44.03", "x"]
    ),
    st.sampled_from(
        ["1671533231123", "16715332311", "1671533231.5", "2021-11-01 13:26:28", "", " ", "r0036 ", "1daasd", '"']
    ),
)
_TRAILING = st.lists(_FIELD, max_size=4).map(
    lambda fields: "".join(f",{field}" for field in fields).encode()
) | st.sampled_from([b"'", b" ", b",", b" end", b";1671533231", b"\x00", b"!", b"\\", b"$"])
_SURROUNDED = st.builds(
    lambda prefix, tags, body, trailing, end: prefix + tags + sentence(body) + trailing + end,
    st.just(b"") | _PREFIXES,
    st.just(b"") | _BLOCKS | _BEHIND_GROUP,
    _BODIES | st.just(SINGLE),
    st.just(b"") | _TRAILING,
    st.sampled_from([b"", b"\r", b"\r\r"]),
)
_PGHP = st.builds(
    lambda sum_, at, station: pghp(sum_, at=at, station=station),
    st.sampled_from(["28", "00", "", "7", *(sentence(body)[-2:].decode() for body in (SINGLE, FIRST, SECOND))]),
    st.sampled_from(
        ["2014,4,10,13,30,29,165", "2014,4,31,13,30,29,165", "2014,4,10,13,30,60,1", "1999,4,10,13,30,29,165"]
    ),
    st.sampled_from(["2190067", "0", "", " x", "y" * 61]),
)
_ONE = st.one_of(
    st.sampled_from(_SAMPLES),
    _SURROUNDED,
    _SURROUNDED,
    _BLOCKS,
    _PGHP,
    st.sampled_from([SINGLE, FIRST, SECOND]).map(sentence),
    st.sampled_from(
        [b"", b"\r", b" ", b"\t", b"# note", b"# a,b", b"$GPGLL,1*00", b"$PSHI,010*16", b"$PSHI", b"$", b"$PGHP,"]
    ),
    st.sampled_from(
        [b"a,b", b"\\", b"!AIVDM", b",1541030400", b"{}", b'{"nmea":"!AIVDM,1,1,,A,1,0*1B"}', b"x" * 5000, b"$" * 9]
    ),
)
_DAMAGED = st.tuples(
    _ONE,
    st.integers(0, 120),
    st.integers(0, 3),
    st.sampled_from([b"", b"!", b"\\", b"*", b",", b"$", b"#", b"\xe9", b"{", b"0", b"\r", b"\x00"]),
).map(lambda edit: edit[0][: edit[1]] + edit[3] + edit[0][edit[1] + edit[2] :])
_ANY = st.binary(max_size=60).map(lambda line: line.replace(b"\n", b""))
_BOTH = _PAIRS.map(lambda pair: [sentence(body) for body in pair]) | st.builds(
    lambda first, second, pair: [tagged(first, pair[0]), tagged(second, pair[1])],
    st.sampled_from(["s:x,c:1671533231", "g:1-2-7,s:x,c:1671533231", "g:1-2-8"]),
    st.sampled_from(["s:x,c:1671533232", "g:2-2-7", "g:2-2-7,s:y", "c:1671533242", "g:2-2-8,c:1671533230"]),
    _PAIRS,
)
LINES = st.lists(
    st.one_of(
        *[_ONE.map(lambda line: [line])] * 3, _BOTH, _DAMAGED.map(lambda line: [line]), _ANY.map(lambda line: [line])
    ),
    max_size=40,
).map(lambda some: [line for lines in some for line in lines])
MOMENTS = st.lists(
    st.builds(
        Moment, st.sampled_from([NOW, NOW + 1000, NOW + 2500]), st.integers(0, 200), st.sampled_from([None, "10.0.0.7"])
    ),
    min_size=1,
    max_size=5,
)
