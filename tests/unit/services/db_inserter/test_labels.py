"""What many reports say alike."""

from fairway.columns import Labels, Texts, rows_of
from fairway.position_labels import Label, fingerprint
from fairway.records import Position
from fairway.testing import START
from services.db_inserter.labels import labels_of
from services.db_inserter.positions import SHAPE

POSITION = Position(
    source="a", station="station", event_time=START, received_at=START, time_source="received", mmsi=1, own_ship=True
)


def label_of(position: Position) -> Label:
    texts, labels = Texts(), Labels()
    assert rows_of(SHAPE, [position], texts, labels)["label"] == [0]
    return labels_of(labels, texts)[0]


def test_a_label_has_the_fields_of_its_record() -> None:
    assert label_of(POSITION) == Label("a", "station", "received", None, None, None, None, None, True, False)


def test_every_field_counts_in_the_fingerprint_and_an_empty_text_is_not_null() -> None:
    label = label_of(POSITION)
    others = [label._replace(**{name: value}) for name in label._fields for value in ("", "x")]
    others += [
        label._replace(station=None),
        label._replace(own_ship=False),
        label._replace(source="aa", station="tation"),
    ]
    assert len({fingerprint(each) for each in (label, *others)}) == 1 + len(others)


def test_the_fingerprint_of_a_label_stays_the_same() -> None:
    assert fingerprint(Label("a", None, "received", "A", "AI", None, None, None, False, False)) == FINGERPRINT


FINGERPRINT = "e6a54353-8ebf-8bc6-5eb0-6af0e9590377"  # labels that are stored must be found again
