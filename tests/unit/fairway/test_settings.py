"""Settings: read once, refused with one sentence."""

from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.settings import SETTINGS, DecoderSettings, FilterSettings, IngestSettings, known, read


def test_values_come_from_the_environment_and_a_command_line_goes_over_it() -> None:
    environment = {"FAIRWAY_BATCH_RECORDS": "7", "FAIRWAY_PREFETCH": "3", "PATH": "/bin"}
    settings = read(IngestSettings, environment, prefetch=5)
    assert (settings.batch_records, settings.prefetch, settings.batch_linger_ms) == (7, 5, 100)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("p@ss word\n")
    environment = {"FAIRWAY_AMQP_URL": "amqp://me:x@host:1/", "FAIRWAY_AMQP_PASSWORD_FILE": str(tmp_path / "secret")}
    settings = read(DecoderSettings, environment)
    assert settings.broker_address == "amqp://me:p%40ss%20word@host:1/"
    assert "p@ss" not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"FAIRWAY_PREFETC": "1"}, "FAIRWAY_PREFETC is not a setting; did you mean FAIRWAY_PREFETCH?"),
        ({"FAIRWAY_PREFETCH": "many"}, "FAIRWAY_PREFETCH is not right (it is 'many')"),
        ({"FAIRWAY_PREFETCH": "0"}, "FAIRWAY_PREFETCH is not right (it is '0')"),
        ({"FAIRWAY_AMQP_PASSWORD_FILE": "/no/such"}, "cannot be read: No such file"),
        ({"FAIRWAY_AMQP_PASSWORD": "a", "FAIRWAY_AMQP_PASSWORD_FILE": "b"}, "both set"),
    ],
)
def test_a_bad_setting_is_one_clear_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read(DecoderSettings, environment)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_secret_that_is_not_text_is_one_sentence_without_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"pass\xffword")
    with pytest.raises(BadSetting, match=r"FAIRWAY_AMQP_PASSWORD_FILE names .*, which is not a file of text") as caught:
        read(DecoderSettings, {"FAIRWAY_AMQP_PASSWORD_FILE": str(tmp_path / "secret")})
    assert "word" not in str(caught.value).replace("PASSWORD", "")


def test_an_address_that_cannot_take_a_password_is_one_sentence() -> None:
    settings = read(DecoderSettings, {"FAIRWAY_DATABASE_URL": "postgresql://[::1/x", "FAIRWAY_DATABASE_PASSWORD": "p"})
    with pytest.raises(BadSetting, match="FAIRWAY_DATABASE_URL is not an address"):
        _ = settings.database_address


def test_a_service_is_not_stopped_by_another_services_setting() -> None:
    assert read(DecoderSettings, {"FAIRWAY_INSERT_SECONDS": "2"}).prefetch == 10


def test_every_setting_has_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in known().values())
    assert {name for settings in SETTINGS for name in settings.model_fields} == {
        name.removeprefix("FAIRWAY_").lower() for name in known()
    }


@pytest.mark.parametrize(
    ("partitions", "partition", "queue"),
    [("1", "", "filter"), ("1", "1", "filter"), ("2", "1", "filter.1"), ("2", "2", "filter.2")],
)
def test_a_filter_takes_from_the_queue_of_its_part(partitions: str, partition: str, queue: str) -> None:
    environment = {"FAIRWAY_FILTER_PARTITIONS": partitions, "FAIRWAY_FILTER_PARTITION": partition}
    assert read(FilterSettings, environment).filter_queue == queue


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"FAIRWAY_FILTER_PARTITION": "2"},
            "FAIRWAY_FILTER_PARTITION is 2, but FAIRWAY_FILTER_PARTITIONS says there are 1",
        ),
        (
            {"FAIRWAY_FILTER_PARTITIONS": "3"},
            "FAIRWAY_FILTER_PARTITION must say which of the 3 filters this is, 1 to 3",
        ),
    ],
)
def test_a_filter_that_does_not_know_its_part_is_one_clear_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        _ = read(FilterSettings, environment).filter_queue
    assert str(caught.value) == sentence


@pytest.mark.parametrize("number", ["0", "9"])
def test_there_are_at_least_one_and_at_most_eight_filters(number: str) -> None:
    with pytest.raises(BadSetting, match="FAIRWAY_FILTER_PARTITIONS is not right"):
        read(FilterSettings, {"FAIRWAY_FILTER_PARTITIONS": number})
