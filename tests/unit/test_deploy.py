"""The deployment fits the code: settings, users and secrets exist, containers are confined, and the manual tells all of it."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from fairway import settings, telemetry, topics
from fairway.settings import CommonSettings
from fairway.stack import rabbitmq_config

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MANUAL = (ROOT / "docs/operations.md").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE_TEXT = "\n".join(
    line for line in (DEPLOY / "docker-compose.yml").read_text().splitlines() if not line.lstrip().startswith("#")
)
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
FILTERS_TEXT = (DEPLOY / "docker-compose.filters.yml").read_text()
FILTERS: dict[str, Any] = yaml.safe_load(FILTERS_TEXT)["services"]
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]

STAGES: dict[str, type[CommonSettings]] = {
    "ingest": settings.IngestSettings,
    "decoder": settings.DecoderSettings,
    "filter": settings.FilterSettings,
    "db_inserter": settings.InserterSettings,
    "db_maintainer": settings.MaintainerSettings,
}
LOGINS = {"db_inserter": "fairway_writer", "db_maintainer": "fairway_maintainer"}
SERVERS = ("rabbitmq", "postgis")
ONCE = {"broker-definitions", "migrate", "operator"}
IN_THE_IMAGE = {"FAIRWAY_STATE_DIR", "FAIRWAY_METRICS_HOST", "FAIRWAY_METRICS_PORT"}
CONNECTIONS = {"FAIRWAY_AMQP_URL", "FAIRWAY_AMQP_PASSWORD", "FAIRWAY_DATABASE_URL", "FAIRWAY_DATABASE_PASSWORD"}
METRICS = [value for value in vars(telemetry).values() if isinstance(value, Counter | Gauge | Histogram)]

every_container = pytest.mark.parametrize("name", CONTAINERS)
every_stage = pytest.mark.parametrize("name", STAGES)


def test_there_is_a_container_for_every_service() -> None:
    folders = {path.parent.name for path in ROOT.glob("services/*/__main__.py")}
    assert folders == set(STAGES)
    assert all(CONTAINERS[name]["command"] == ["python", "-m", f"services.{name}"] for name in folders)


def test_old_and_new_compose_read_the_file() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"services", "secrets", "volumes"}
    assert not any("deploy" in container for container in CONTAINERS.values())  # Compose 1.29 ignores limits there


# ---- settings ----


def test_every_fairway_variable_is_a_setting() -> None:
    for container in CONTAINERS.values():
        settings.check_names(_environment(container))
    settings.check_names(dict(re.findall(r"\b(FAIRWAY_\w+)()", COMPOSE_TEXT + _commands_of_the_dockerfile())))


@every_stage
def test_every_setting_of_a_service_reaches_it(name: str) -> None:
    given = {variable.removesuffix("_PASSWORD_FILE") for variable in _environment(CONTAINERS[name])}
    wanted = {settings.PREFIX + field.upper() for field in STAGES[name].model_fields}
    assert wanted - CONNECTIONS - IN_THE_IMAGE <= given
    assert {variable for variable in given if variable not in wanted} <= {"FAIRWAY_AMQP", "FAIRWAY_DATABASE"}


@every_stage
def test_a_service_starts_with_what_it_is_given(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    environment = {
        variable: str(secret) if variable.endswith("_PASSWORD_FILE") else _default(value)
        for variable, value in _environment(CONTAINERS[name]).items()
        if value is not None
    }
    values = settings.read(STAGES[name], environment)
    if name != "db_maintainer":
        assert values.broker_address == f"amqp://{name}:s3cret@rabbitmq:5672/"
    if name in LOGINS:
        assert values.database_address == f"postgresql://{LOGINS[name]}:s3cret@postgis:5432/fairway"


def test_the_image_serves_metrics_to_others_on_a_fixed_port() -> None:
    given = dict(re.findall(r"(FAIRWAY_\w+)=(\S+)", DOCKERFILE))
    assert set(given) == IN_THE_IMAGE
    assert given["FAIRWAY_METRICS_HOST"] == "0.0.0.0"
    ports = [port for name in STAGES for port in CONTAINERS[name]["ports"] if "METRICS" in port]
    assert len(ports) == len(STAGES)
    assert all(port.endswith(f":{given['FAIRWAY_METRICS_PORT']}") for port in ports)


# ---- users and secrets ----


def test_every_broker_user_exists_and_brings_its_own_password() -> None:
    for name, container in CONTAINERS.items():
        url = _environment(container).get("FAIRWAY_AMQP_URL")
        if url is not None:
            user = re.findall(r"amqp://(\w+)@", url)
            assert user == [name]
            assert name in {user.name for user in topics.USERS}
            assert _environment(container)["FAIRWAY_AMQP_PASSWORD_FILE"] == f"/run/secrets/amqp_{name}"


@every_container
def test_a_container_has_the_secrets_that_it_names_and_no_other(name: str) -> None:
    mounted = {_target(secret) for secret in CONTAINERS[name].get("secrets", [])}
    named = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump({**CONTAINERS[name], "secrets": None})))
    assert mounted == ({user.name for user in topics.USERS} if name == "broker-definitions" else named)


def test_no_password_is_in_the_file() -> None:
    assert not re.search(r"PASS\w*(?<!_FILE)[:=]", COMPOSE_TEXT)
    assert "://" not in re.sub(r"(amqp|postgresql)://\w+@|udp://", "", COMPOSE_TEXT)


def test_a_password_is_made_once_for_every_secret_and_user(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    _make_secrets(folder)
    first = {path.name: path.read_text() for path in folder.iterdir() if not path.name.startswith(".")}
    _make_secrets(folder)
    assert {path.name: path.read_text() for path in folder.iterdir() if not path.name.startswith(".")} == first
    assert set(first) == set(COMPOSE["secrets"]) > {f"amqp_{user.name}" for user in topics.USERS}
    assert len(set(first.values())) == len(first)
    assert all(re.fullmatch("[0-9a-f]{48}", password) for password in first.values())


def test_secrets_are_closed_to_others_and_to_git_but_open_to_containers(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    _make_secrets(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "amqp_ingest").stat().st_mode) == 0o444
    assert (folder / ".gitignore").read_text() == "*\n"


def test_nothing_private_goes_into_the_image() -> None:
    first, *exceptions = _lines(ROOT / ".dockerignore")
    assert first == "*"
    assert not any(line.startswith(("!deploy", "!.", "!tests")) for line in exceptions)


# ---- containment ----


@every_container
def test_a_container_is_confined(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in container["security_opt"]
    assert container["mem_limit"]
    assert container["pids_limit"]
    assert "cpus" in container
    assert set(container["logging"]["options"]) == {"max-size", "max-file"}
    assert int(container["stop_grace_period"].removesuffix("s")) >= 10
    assert container["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert bool(container.get("cap_add")) == (name in SERVERS)


@pytest.mark.parametrize("name", [*STAGES, *SERVERS])
def test_a_container_that_stays_has_a_health_check_that_needs_no_curl(name: str) -> None:
    test = CONTAINERS[name]["healthcheck"]["test"]
    assert test[0] == "CMD"
    assert "curl" not in " ".join(test)
    assert ("/readyz" in test[-1]) == (name in STAGES)


@every_container
def test_ports_are_open_to_this_machine_only_unless_told(name: str) -> None:
    for port in CONTAINERS[name].get("ports", []):
        assert re.match(r"\$\{\w+_BIND:-127\.0\.0\.1\}:\$\{\w+:-[\d-]+\}:", port)


@every_container
def test_a_container_starts_after_what_it_needs_works(name: str) -> None:
    for other, how in CONTAINERS[name].get("depends_on", {}).items():
        assert how["condition"] == ("service_completed_successfully" if other in ONCE else "service_healthy")


def test_one_image_is_built_once() -> None:
    builders = [name for name, container in CONTAINERS.items() if "build" in container]
    assert builders == ["broker-definitions"]
    assert len({container["image"] for name, container in CONTAINERS.items() if name not in SERVERS}) == 1


def test_the_image_ends_as_somebody_else_than_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    assert DOCKERFILE.rindex("USER ") > DOCKERFILE.rindex("COPY ")


def test_python_packages_are_wheels_with_known_hashes() -> None:
    installs = re.findall(r"^.*pip .*\binstall\b(.*)", DOCKERFILE, re.MULTILINE)
    assert installs
    for arguments in installs:
        assert "--require-hashes --only-binary :all:" in arguments or "--no-deps --no-build-isolation" in arguments


# ---- the broker ----


def test_the_broker_waits_for_the_database_as_long_as_the_local_one() -> None:
    assert _broker_settings()["consumer_timeout"] == str(rabbitmq_config.CONSUMER_TIMEOUT_MS)


def test_the_broker_is_tuned_as_the_local_one() -> None:
    broker = CONTAINERS["rabbitmq"]
    tuned = f"{rabbitmq_config.WAITING} {rabbitmq_config.ALLOCATOR}"
    assert broker["environment"]["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] == tuned
    assert _broker_settings()["raft.wal_max_size_bytes"] == str(rabbitmq_config.LOG_MAX_BYTES)
    advanced = (DEPLOY / "rabbitmq/advanced.config").read_text().splitlines(keepends=True)
    assert "".join(line for line in advanced if not line.startswith("%")) == rabbitmq_config.ADVANCED
    assert "./rabbitmq/advanced.config:/etc/rabbitmq/advanced.config:ro" in broker["volumes"]


def test_the_broker_loads_the_definitions_that_are_made_before_it_starts() -> None:
    folder = str(Path(_broker_settings()["load_definitions"]).parent)
    assert f"broker_definitions:{folder}:ro" in CONTAINERS["rabbitmq"]["volumes"]
    assert CONTAINERS["rabbitmq"]["depends_on"] == {
        "broker-definitions": {"condition": "service_completed_successfully"}
    }
    [volume] = CONTAINERS["broker-definitions"]["volumes"]
    assert volume.partition(":")[2] in CONTAINERS["broker-definitions"]["command"][-1]


# ---- several filters ----


def test_the_second_filter_is_like_the_first_but_for_its_part_and_port() -> None:
    base, first, second = CONTAINERS["filter"], FILTERS["filter"], FILTERS["filter-2"]
    differing = {key for key in base | second if base.get(key) != second.get(key)}
    assert differing == {"environment", "ports"}
    assert first == {"environment": {"FAIRWAY_FILTER_PARTITION": "1"}}
    assert second["environment"] == {**base["environment"], "FAIRWAY_FILTER_PARTITION": "2"}


def test_each_filter_starts_with_its_own_queue() -> None:
    for name, queue in (("filter", "filter.1"), ("filter-2", "filter.2")):
        part = FILTERS[name]["environment"]["FAIRWAY_FILTER_PARTITION"]
        environment = {"FAIRWAY_FILTER_PARTITIONS": "2", "FAIRWAY_FILTER_PARTITION": part}
        assert settings.read(settings.FilterSettings, environment).filter_queue == queue


def test_everyone_hears_how_many_filters_there_are() -> None:
    for name in ("broker-definitions", "ingest", "decoder", "filter"):
        assert "FAIRWAY_FILTER_PARTITIONS" in _environment(CONTAINERS[name])


def test_the_broker_of_several_filters_has_the_plugins_that_their_definitions_need() -> None:
    listed = set(re.findall(r"\w+", (DEPLOY / "rabbitmq/enabled_plugins").read_text()))
    assert set(rabbitmq_config.plugins_for(topics.definitions(partitions=2))) <= listed
    assert "./rabbitmq/enabled_plugins:/etc/rabbitmq/enabled_plugins:ro" in FILTERS["rabbitmq"]["volumes"]


# ---- .env.example ----


def test_every_variable_and_its_default_is_in_the_example() -> None:
    defaults = dict(re.findall(r"\$\{(\w+):?-([^}]*)\}", COMPOSE_TEXT + FILTERS_TEXT))
    assert set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT + FILTERS_TEXT)) == set(defaults), "a variable has no default"
    example = _example()
    assert {name: example.get(name) for name in defaults} == defaults


def test_the_example_shows_settings_at_their_defaults() -> None:
    everything = [item for container in CONTAINERS.values() for item in _environment(container).items()]
    passed = {name for name, value in everything if value is None}
    example = _example()
    assert passed <= set(example)
    for name in passed - {"FAIRWAY_SOURCES_FILE"}:
        kind, field = _field(name)
        assert settings.read(kind, {name: example[name]}) == settings.read(kind, {}), f"{field} has another default"


def test_the_example_has_nothing_that_is_not_used() -> None:
    used = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT + FILTERS_TEXT)) | set(
        re.findall(r"\b(FAIRWAY_\w+):", COMPOSE_TEXT)
    )
    assert set(_example()) - used == {"COMPOSE_PROJECT_NAME"}


# ---- the manual ----


@pytest.mark.parametrize("name", sorted(settings.known()))
def test_every_setting_is_documented(name: str) -> None:
    default = _field(name)[1].default
    shown = "none" if default in (None, "") else f"`{default}`"
    assert f"| `{name}` | {shown} | {settings.known()[name]} |" in MANUAL


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric._name)
def test_every_metric_is_documented(metric: Counter | Gauge | Histogram) -> None:
    name = metric._name + ("_total" if isinstance(metric, Counter) else "")
    labels = ", ".join(f"`{label}`" for label in metric._labelnames)
    assert f"| `{name}` | {labels} | {metric._documentation} |" in MANUAL


def test_the_manual_names_no_metric_or_setting_that_is_not_there() -> None:
    metrics = {metric._name for metric in METRICS}
    for name in re.findall(r"\bfairway_\w+", MANUAL):
        known = {name, re.sub(r"_(total|bucket|count|sum)$", "", name)} & metrics
        assert known or name in {
            "fairway_writer",
            "fairway_analyst",
            "fairway_maintainer",
            "fairway_api",
            "fairway_archive",
        }, f"{name} is no metric"
    settings.check_names(dict.fromkeys(re.findall(r"\bFAIRWAY_[A-Z_]+[A-Z]\b", MANUAL), ""))


@pytest.mark.parametrize("name", [*CONTAINERS, "filter-2", *COMPOSE["volumes"], *COMPOSE["secrets"]])
def test_every_container_volume_and_secret_is_documented(name: str) -> None:
    assert f"`{name}`" in MANUAL


# ---- details ----


def _environment(container: dict[str, Any]) -> dict[str, str | None]:
    return {name: value for name, value in container.get("environment", {}).items() if name.startswith(settings.PREFIX)}


def _default(text: str) -> str:
    return re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", text)


def _target(secret: str | dict[str, str]) -> str:
    return secret if isinstance(secret, str) else secret["target"]


def _field(name: str) -> tuple[type[CommonSettings], Any]:
    field = name.removeprefix(settings.PREFIX).lower()
    return next((kind, kind.model_fields[field]) for kind in settings.SETTINGS if field in kind.model_fields)


def _commands_of_the_dockerfile() -> str:
    return "\n".join(line for line in DOCKERFILE.splitlines() if not line.startswith("#"))


def _broker_settings() -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in _lines(DEPLOY / "rabbitmq/rabbitmq.conf"))


def _example() -> dict[str, str]:
    return dict(re.findall(r"^#?([A-Z][A-Z_0-9]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def _make_secrets(folder: Path) -> None:
    subprocess.run([DEPLOY / "make-secrets.sh", folder], check=True, capture_output=True)
