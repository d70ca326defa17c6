"""The compiled printer by itself: what it refuses, what it leaves, and that it was compiled."""

from collections.abc import Callable
from typing import Any

import pytest

from fairway import records
from fairway.records import Raw
from services.decoder import cells, programs
from services.decoder.fields import Field
from services.decoder.layouts import BY_TYPE
from services.decoder.lines import plan
from tests.unit.services.decoder.sentences import ARMOUR, FULL_LENGTH, raw, with_checksum

printer = pytest.importorskip("services.decoder.printer", reason="no compiler was at hand when Fairway was installed")

OFTEN = 16  # messages of a length before it gets a program
NUMBER = Field("number", 40, 8)


def position(length: int = 168) -> Raw:
    """A class A report of so many bits."""
    text = "1" + "".join(ARMOUR[place % 63] for place in range(length // 6 - 1))
    return raw(with_checksum(f"AIVDM,1,1,,A,{text},0"))


def nothing(_line: bytes) -> bytes:
    """No line."""
    return b""


def left(one: Any, body: bytes) -> list[bytes]:
    """What a printer leaves of a body."""
    lines: list[bytes] = []
    one.print(body, lambda line: lines.append(line) or b"")
    return lines


def printer_with(program: Callable[[int, int], object]) -> Any:
    """A printer whose every program is what this gives."""
    return printer.Printer(((40, 168),), (-1, 0, *(-1,) * 62), -1, (-1,) * 3, 0, 0, program)


def test_a_length_gets_a_program_once_it_comes_often() -> None:
    one = programs.make_printer()
    assert len(left(one, records.encode([position()] * (OFTEN + 5)))) == OFTEN - 1
    assert not left(one, records.encode([position()] * 5))


def test_what_is_made_of_what_is_left_goes_where_its_line_would() -> None:
    one = programs.make_printer()
    one.print(records.encode([position()] * OFTEN), nothing)
    line, odd = records.encode([position()]), b'{"kind": "raw"}\n'
    usual, _printed = one.print(line, nothing)
    lines, printed = one.print(line + odd + line + odd.strip(), lambda text: b"<" + text + b">\n" * 1000)
    made = b'<{"kind": "raw"}' + b">\n" * 1000
    assert (lines, printed) == (usual + made + usual + made, 2)


def test_an_error_about_what_is_left_is_raised() -> None:
    def fail(_line: bytes) -> bytes:
        raise RuntimeError("no record")

    with pytest.raises(RuntimeError, match="no record"):
        programs.make_printer().print(b"{}\n", fail)
    with pytest.raises(TypeError, match="is bytes"):
        programs.make_printer().print(b"{}\n", lambda _line: "text")


def test_every_length_of_every_layout_has_a_program_or_none_at_all() -> None:
    for number, layout in BY_TYPE.items():
        for length in range(layout.required, FULL_LENGTH.get(number, 168) + 40):
            if found := plan(layout, length):
                assert printer.Program(length, found)


@pytest.mark.parametrize(
    "cell",
    [
        cells.table(((164, 5),), (b"",) * 32),
        cells.table(((0, 6),), (b"",) * 63),
        cells.table(((0, 9), (9, 8)), (b"",) * (1 << 17)),
        cells.table((), (b"",)),
        cells.number("number", Field("number", 121, 48)),
        cells.number("number", Field("number", 0, 49)),
        cells.number("number", Field("number", 0, 8, null=(1, 2, 3, 4, 5))),
        cells.degrees("lon", (100, 0), 180, 5, 3),
        cells.degrees("lon", (100, 28), 180, 5, 0),
        cells.degrees("lon", (100, 33), 180, 5, 3),
        cells.pair((160, 9), (b"",) * 512, (0, 9), (b"",) * 512),
        cells.hidden((0, 9), (b"",) * 511, [NUMBER]),
        cells.text("name", (0, 7)),
        cells.text("name", (60, 120)),
        cells.text("name", *((0, 6),) * 7),
        cells.clock("utc_time", [NUMBER] * 5),
        cells.clock("utc_time", [NUMBER] * 6),
        cells.eta("eta", [NUMBER] * 4),
        cells.data(56, lambda *_: b"", ((0, 10),)),
        ("table", ((0, 6),), (b"\xff\xff" * 64 + bytes(16), 2)),
        ("table", ((0, 6),), (b"", 1 << 62)),
        ("table", ((0, 6),), (bytes(80), -1)),
        ("table", ((-1, 6),), (bytes(800), 2)),
        ("unheard of",),
        (),
        None,
    ],
)
def test_a_cell_that_would_reach_out_of_its_message_or_table_is_refused(cell: Any) -> None:
    with pytest.raises((ValueError, TypeError, OverflowError)):
        printer.Program(168, (cell,))


@pytest.mark.parametrize("length", [0, 39, 10_000, 1 << 31])
def test_a_program_is_for_a_length_that_messages_have(length: int) -> None:
    with pytest.raises(ValueError, match="40 bits"):
        printer.Program(length, ())


@pytest.mark.parametrize(
    "arguments",
    [
        (((39, 168),), (-1,) * 64, -1, (-1,) * 3, 0, 0, None),
        (((40, 39),), (-1,) * 64, -1, (-1,) * 3, 0, 0, None),
        (((40, 1 << 20),), (-1,) * 64, -1, (-1,) * 3, 0, 0, None),
        (((40, 168),), (1,) * 64, -1, (-1,) * 3, 0, 0, None),
        (((40, 168),), (-1,) * 63, -1, (-1,) * 3, 0, 0, None),
        (((40, 168),), (-1,) * 64, 2, (-1,) * 3, 0, 0, None),
        (((40, 168),), (-1,) * 64, -1, (-1,) * 2, 0, 0, None),
        (((40, 168),), ("x",) * 64, -1, (-1,) * 3, 0, 0, None),
        ((None,), (-1,) * 64, -1, (-1,) * 3, 0, 0, None),
    ],
)
def test_a_printer_with_places_that_no_layout_has_is_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises((ValueError, TypeError)):
        printer.Printer(*arguments)


def test_an_error_while_a_program_is_made_is_raised() -> None:
    def fail(_place: int, _length: int) -> None:
        raise RuntimeError("no program")

    with pytest.raises(RuntimeError, match="no program"):
        printer_with(fail).print(records.encode([position()] * OFTEN), nothing)


def test_a_program_for_another_length_is_not_taken() -> None:
    one = printer_with(lambda _place, length: printer.Program(length + 8, ()))
    with pytest.raises(TypeError, match="another length"):
        one.print(records.encode([position()] * OFTEN), nothing)


def test_an_error_in_an_application_is_raised() -> None:
    def fail(*_arguments: object) -> bytes:
        raise RuntimeError("no content")

    data = cells.data(40, fail, ((40, 10), (50, 6)))
    one = printer_with(lambda _place, length: printer.Program(length, (data,)))
    with pytest.raises(RuntimeError, match="no content"):
        one.print(records.encode([position()] * OFTEN), nothing)


def test_an_application_that_says_much_gets_the_room() -> None:
    much = b"x" * 100_000
    line = (cells.data(40, lambda *_: much, ((40, 10), (50, 6))), cells.SENDER, cells.constant(b"}\n"))
    one = printer_with(lambda _place, length: printer.Program(length, line))
    lines, printed = one.print(records.encode([position()] * (OFTEN + 9)), nothing)
    assert (printed, lines.count(much + b',"channel":"A"')) == (10, 10)


def test_only_bytes_are_a_body() -> None:
    with pytest.raises(TypeError, match="not str"):
        programs.make_printer().print("body", nothing)  # type: ignore[union-attr,arg-type]
