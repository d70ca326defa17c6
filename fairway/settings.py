"""Every setting: its default, its unit and a sentence. Read once at start, from variables with the prefix FAIRWAY_.

Any setting may also come from a file: FAIRWAY_AMQP_PASSWORD_FILE=/run/secrets/amqp holds the value of FAIRWAY_AMQP_PASSWORD.
An unknown or bad setting stops the start with one sentence that names the nearest known one.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from fairway import topics
from fairway.broker import with_password
from fairway.errors import BadSetting

PREFIX = "FAIRWAY_"
S = TypeVar("S", bound="CommonSettings")


class CommonSettings(BaseSettings):
    """What every service and command reads."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    amqp_url: str = Field("amqp://guest:guest@127.0.0.1:5672/", description="Address of RabbitMQ.")
    amqp_password: SecretStr | None = Field(None, description="Password for RabbitMQ; replaces the one in the address.")
    database_url: str = Field("postgresql://127.0.0.1:5432/fairway", description="Address of PostgreSQL.")
    database_password: SecretStr | None = Field(
        None, description="Password for PostgreSQL; replaces the one in the address."
    )
    state_dir: Path = Field(
        Path(".fairway"), description="Folder for the spool, the filter's memory, logs and private servers."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="Form of the logs; auto is console on a terminal and json elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    metrics_host: str = Field("127.0.0.1", description="Address on which /metrics, /healthz and /readyz are served.")
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Port for them; 0 takes any free one, which the log tells."
    )
    prefetch: int = Field(10, ge=1, le=10_000, description="Batches a stage holds at once; the inserter has its own.")
    filter_partitions: int = Field(
        1,
        ge=1,
        le=topics.MOST_PARTITIONS,
        description="Filters that share the vessels; the same for ingest, decoders, filters and the broker's definitions.",
    )

    @property
    def broker_address(self) -> str:
        """amqp_url with amqp_password in it. Do not log."""
        return _address("AMQP_URL", self.amqp_url, self.amqp_password)

    @property
    def database_address(self) -> str:
        """database_url with database_password in it. Do not log."""
        return _address("DATABASE_URL", self.database_url, self.database_password)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_others: object,
        **_named: object,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # read() below gathers the environment, so that one rule serves values and files


class IngestSettings(CommonSettings):
    """services/ingest: reads feeds and publishes raw records."""

    sources: str = Field(
        "", description="Feeds as TAIL=URL with white space between, such as coastal.denmark=udp://0.0.0.0:10110."
    )
    sources_file: Path | None = Field(None, description="YAML file of feeds: a mapping of tail to URL or list of URLs.")
    batch_records: int = Field(1000, ge=1, le=100_000, description="Records at which a batch is closed.")
    batch_linger_ms: int = Field(
        100, ge=1, le=60_000, description="Milliseconds after which a batch is closed, full or not."
    )
    fragment_seconds: float = Field(30.0, gt=0, description="Seconds to wait for the missing parts of a message.")
    future_seconds: float = Field(600.0, ge=0, description="Seconds a time stamp may be ahead of our clock.")
    spool_max_bytes: int = Field(1 << 30, ge=1 << 20, description="Bytes the spool may hold while the broker is away.")
    read_seconds: float = Field(
        120.0, gt=0, description="Seconds of silence after which a TCP feed or aisstream is connected again."
    )
    aisstream_key: SecretStr | None = Field(None, description="Key for aisstream.io; sources of that kind need one.")

    @field_validator("aisstream_key", mode="before")
    @classmethod
    def _without_empty_key(cls, value: object) -> object:
        """A variable that is set to nothing, as in a file of settings with nothing behind the name, is none."""
        return value or None


class DecoderSettings(CommonSettings):
    """services/decoder: raw records to decoded records."""


class FilterSettings(CommonSettings):
    """services/filter: keeps the voyage, drops the noise."""

    filter_rules: str = Field(
        "default",
        description="YAML file of rules, or the name of a preset: default, harbour, national, ocean, aislib, keep_all.",
    )
    filter_partition: int | None = Field(
        None, ge=1, description="Which of several filters this one is, counted from 1; none for the only one."
    )

    @field_validator("filter_partition", mode="before")
    @classmethod
    def _without_empty_number(cls, value: object) -> object:
        """A variable that is set to nothing is none."""
        return value or None

    @property
    def filter_queue(self) -> str:
        """The queue that this filter takes from. Raises BadSetting."""
        part, parts = self.filter_partition, self.filter_partitions
        if part is not None and part > parts:
            raise BadSetting(
                f"{PREFIX}FILTER_PARTITION is {part}, but {PREFIX}FILTER_PARTITIONS says there are {parts}"
            )
        if part is None and parts > 1:
            raise BadSetting(f"{PREFIX}FILTER_PARTITION must say which of the {parts} filters this is, 1 to {parts}")
        return topics.filter_queue(part if parts > 1 else None)


class InserterSettings(CommonSettings):
    """services/db_inserter: filtered records to rows."""

    insert_seconds: float = Field(
        5.0, gt=0, le=300, description="Seconds of stream or of wall clock that one group spans."
    )
    insert_records: int = Field(100_000, ge=1, le=1_000_000, description="Records at which a group is written at once.")
    insert_batches: int = Field(
        64, ge=1, le=10_000, description="Batches at which a group is written at once; also the prefetch."
    )
    ledger_days: int = Field(14, ge=1, description="Days after which the ledger forgets a batch's id.")
    partition_days_ahead: int = Field(3, ge=1, le=60, description="Days for which partitions are made ahead.")


class MaintainerSettings(CommonSettings):
    """services/db_maintainer: keeps the database tidy."""

    partition_days_ahead: int = Field(3, ge=1, le=60, description="Days for which partitions are made ahead.")
    close_after_hours: float = Field(
        6.0, ge=0, description="Hours after its end from which a day of positions is put in order."
    )
    close_quiet_minutes: float = Field(
        60.0, ge=0, description="Minutes without a new row that a day must have had before it is put in order."
    )
    busy_share: float = Field(
        0.2,
        gt=0,
        le=1,
        description="Share of the time in which jobs work while thousands of records a second come; 1: always.",
    )
    archive_folder: Path | None = Field(
        None, description="Folder of the archive; none for the folder archive in the state folder."
    )

    @field_validator("archive_folder", mode="before")
    @classmethod
    def _without_empty_folder(cls, value: object) -> object:
        """A variable that is set to nothing is none."""
        return value or None

    @property
    def archive(self) -> Path:
        """Where the files of the archive are."""
        return self.archive_folder or self.state_dir / "archive"


SETTINGS: tuple[type[CommonSettings], ...] = (
    IngestSettings,
    DecoderSettings,
    FilterSettings,
    InserterSettings,
    MaintainerSettings,
)


def known() -> dict[str, str]:
    """Every setting's full name with its sentence."""
    return {
        PREFIX + name.upper(): str(field.description)
        for settings in SETTINGS
        for name, field in settings.model_fields.items()
    }


def read(settings: type[S], environment: Mapping[str, str] | None = None, **given: Any) -> S:
    """The settings of one service; `given` (from a command line) goes over the environment. Raises BadSetting."""
    environment = os.environ if environment is None else environment
    check_names(environment)
    values: dict[str, Any] = {name: _value(name, environment) for name in settings.model_fields}
    try:
        return settings(**{name: value for name, value in {**values, **given}.items() if value is not None})
    except ValidationError as error:
        raise BadSetting(_sentence(error)) from None


def check_names(environment: Mapping[str, str]) -> None:
    """Raises BadSetting when a variable with our prefix is not a setting, naming the nearest one."""
    names = list(known())
    for name in environment:
        if name.startswith(PREFIX) and name.removesuffix("_FILE") not in names and name not in names:
            nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            hint = f"; did you mean {nearest[0]}?" if nearest else f"; the settings are {', '.join(sorted(names))}"
            raise BadSetting(f"{name} is not a setting{hint}")


def text_of(path: Path, what: str) -> str:
    """The text of a file that a person named, without white space around. Raises BadSetting that begins with `what`."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise BadSetting(f"{what} is not a file of text in UTF-8") from None
    except OSError as error:
        raise BadSetting(f"{what} cannot be read: {error.strerror or error}") from None


def _address(name: str, url: str, password: SecretStr | None) -> str:
    try:
        return with_password(url, password.get_secret_value() if password else None)
    except ValueError:  # its text may quote a part of the password
        raise BadSetting(f"{PREFIX}{name} is not an address; special characters in it are written as %XX") from None


def _value(name: str, environment: Mapping[str, str]) -> str | None:
    variable = PREFIX + name.upper()
    path = environment.get(f"{variable}_FILE")
    if path is None or f"{variable}_FILE" in known():
        return environment.get(variable)
    if variable in environment:
        raise BadSetting(f"{variable} and {variable}_FILE are both set; keep one")
    return text_of(Path(path), f"{variable}_FILE names {path}, which")


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "the settings"
    secret = "PASSWORD" in name or "KEY" in name
    value = "" if secret else f" (it is {first['input']!r})"
    return f"{name} is not right{value}: {first['msg'][0].lower()}{first['msg'][1:]}"
