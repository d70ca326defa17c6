"""Every field of every kind of record has a place."""

import pytest

from fairway.heard import HeardCopy
from fairway.position_labels import Label
from fairway.records import DECODED_KINDS, Decoded, Other, Position, Static, kind_of
from services.db_inserter import vessels
from services.db_inserter.heard import HEARD_COPIES
from services.db_inserter.positions import POSITIONS
from services.db_inserter.static_reports import _REPORTS
from services.db_inserter.tables import NOT_STORED, STATIC, STATIC_FIELDS_OF_POSITION, TABLES, Table, is_null


@pytest.mark.parametrize("kind", [kind for kind in DECODED_KINDS if kind is not Static], ids=kind_of)
def test_every_field_has_a_column(kind: type[Decoded]) -> None:
    if kind is Position:
        assert set(kind.__struct_fields__) <= {
            *POSITIONS.columns,
            *Label._fields,
            *STATIC_FIELDS_OF_POSITION,
            *NOT_STORED,
        }
        return
    table = TABLES[kind]
    places = set(table.columns) | NOT_STORED
    if "geom" in table.columns:
        places |= {"lon", "lat"}
    if kind is not Other:
        assert set(kind.__struct_fields__) <= places


def test_every_word_of_a_copy_heard_has_a_column() -> None:
    assert set(HeardCopy.__struct_fields__) == set(HEARD_COPIES.columns)


def test_every_field_of_static_data_is_in_the_history() -> None:
    fields = set(Static.__struct_fields__) - NOT_STORED - {"event_time"}  # which first_time and last_time stand for
    assert fields <= set(_REPORTS.columns)


def test_every_word_of_static_data_is_a_fact_of_the_vessel() -> None:
    words = set(Static.__struct_fields__) - set(Decoded.__struct_fields__) - {"part"}
    assert words == {column for columns in vessels.FACTS.values() for column in columns}


def test_static_data_beside_a_position_can_be_told_as_static_data() -> None:
    assert set(STATIC_FIELDS_OF_POSITION) <= set(Static.__struct_fields__)


@pytest.mark.parametrize("table", [*TABLES.values(), POSITIONS, STATIC, HEARD_COPIES], ids=lambda table: table.name)
def test_a_row_that_says_nothing_is_null_but_for_flags_that_are_never_null(table: Table) -> None:
    rows = table.rows(2)
    said = {name for name, kind in table.fields.items() if not is_null(kind, rows[name]).all()}
    assert said == ({"own_ship"} if "own_ship" in table.fields else set())
    assert rows["batch"].tolist() == [0, 0]
