"""Documents that are fetched again and again from a server on this machine."""

import gzip
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from fairway.errors import BadSetting
from fairway.records import Raw
from services.ingest.feeds import web_document
from services.ingest.feeds.http_polling import Unchanged
from services.ingest.feeds.web_document import FetchFailed, WebDocument
from services.ingest.sources import parse

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
Ingest = Callable[..., Any]
Until = Callable[..., bool]


class Site(ThreadingHTTPServer):
    """Answers with `body`; remembers the requests' headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = LINE + b"\n"
        self.status = 200
        self.headers: dict[str, str] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        site = self.server
        site.requests.append((self.path, dict(self.headers)))
        tag = site.headers.get("ETag")
        is_known = tag is not None and self.headers.get("If-None-Match") == tag
        self.send_response(304 if is_known else site.status)
        body = b"" if is_known else site.body
        for name, value in {"Content-Length": str(len(body)), **site.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.shutdown()
    thread.join(5)


def test_fetches_again_and_publishes_only_what_is_new(
    site: Site, ingest: Ingest, until: Until, metric: Callable[..., float]
) -> None:
    before = metric("fairway_feed_dropped_records_total", source="a", reason="unchanged")
    run = ingest(f"a=http://{site.place}/feed.php?username=x&format=1#every=0.02")
    assert until(lambda: len(site.requests) >= 3)
    assert len(run.raw) == 1
    site.body += LINE.replace(b",A,", b",B,") + b"\n"
    assert until(lambda: len(run.raw) == 2)
    assert site.requests[0][0] == "/feed.php?username=x&format=1", "what is behind the # is ours"
    assert run.stop() < 1.5
    assert run.readings[0].tally.records == 2
    assert metric("fairway_feed_dropped_records_total", source="a", reason="unchanged") > before


def test_each_document_stands_alone(site: Site, ingest: Ingest, until: Until) -> None:
    site.body = LINE[:20]
    run = ingest(f"a=http://{site.place}/#every=0.02")
    assert until(lambda: len(run.raw) == 1)
    site.body = LINE[20:] + b"\n" + LINE
    assert until(lambda: LINE.decode() in run.sentences)


def test_does_not_ask_again_for_what_has_not_changed(site: Site, ingest: Ingest, until: Until) -> None:
    site.headers = {"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    run = ingest(f"a=http://{site.place}/#every=0.02")
    assert until(lambda: len(site.requests) >= 3)
    assert site.requests[1][1]["If-None-Match"] == '"1"'
    assert site.requests[1][1]["If-Modified-Since"] == "Thu, 01 Jan 2026 00:00:00 GMT"
    run.stop()
    assert run.readings[0].tally.lines == 1


def test_understands_gzip(site: Site) -> None:
    site.body, site.headers = gzip.compress(LINE * 10_000), {"Content-Encoding": "gzip"}
    assert b"".join(WebDocument(f"http://{site.place}/").fetch()) == LINE * 10_000


def test_neither_a_bomb_nor_a_short_answer_is_taken_for_whole(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_document, "LONGEST_BYTES", 1 << 20)
    document = WebDocument(f"http://{site.place}/")
    bomb = gzip.compress(bytes(2 << 20))
    site.headers = {"Content-Encoding": "gzip"}
    for body, why in ((bomb, "more than"), (bomb[:500], "missing"), (b"no gzip", "not sound")):
        site.body = body
        with pytest.raises(FetchFailed, match=why):
            list(document.fetch())


def test_secrets_of_an_address_are_used_and_never_shown(
    site: Site, ingest: Ingest, until: Until, logs: list[dict[str, object]]
) -> None:
    site.status = 403
    ingest(f"a=http://me:s3cret@{site.place}/path?key=k3y#every=0.02")
    assert until(lambda: any(entry.get("error") == "HTTP 403" for entry in logs))
    assert site.requests[0][1]["Authorization"] == "Basic bWU6czNjcmV0"
    assert any(entry.get("address") == f"http://{site.place}/path" for entry in logs)
    assert not any(secret in str(logs) for secret in ("s3cret", "k3y", "bWU6"))


def test_secrets_are_not_in_what_is_said_of_a_bad_address() -> None:
    for text in (
        "a=http://me:s3cret@h/p?k3y=k3y#evry=5",
        "a=http://me:s3cret@/p?k3y=k3y",
        "a=http://me:s3cret@[h/p?k3y=k3y",
        "a=htp://me:s3cret@h/p?k3y=k3y",
        "http://me:s3cret@h/p?k3y=k3y",
    ):
        with pytest.raises(BadSetting) as caught:
            parse(text)
        assert not any(secret in str(caught.value) for secret in ("s3cret", "k3y"))


def test_a_password_is_not_sent_to_where_it_was_not_meant_for(site: Site) -> None:
    with Site() as other:
        thread = Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        site.status, site.headers = 302, {"Location": f"http://{other.place}/there"}
        assert b"".join(WebDocument(f"http://me:s3cret@{site.place}/").fetch()) == LINE + b"\n"
        other.shutdown()
    thread.join(5)
    assert "Authorization" not in other.requests[0][1]


def test_stays_away_as_long_as_the_server_asks(site: Site, ingest: Ingest, until: Until) -> None:
    site.status, site.headers = 429, {"Retry-After": "30"}
    run = ingest(f"a=http://{site.place}/#every=0.01")
    assert until(lambda: site.requests)
    assert not until(lambda: len(site.requests) > 1, 0.3)
    assert run.stop() < 1.5


def test_a_server_that_is_away_is_asked_again(
    site: Site, ingest: Ingest, until: Until, free_port: int, logs: list[dict[str, object]]
) -> None:
    ingest(f"a=http://127.0.0.1:{free_port}/#every=0.02")
    assert until(lambda: sum(entry.get("error") == "Connection refused" for entry in logs) >= 2)


def test_aishub_is_asked_once_a_minute_at_most() -> None:
    with pytest.raises(BadSetting, match="once in 60 seconds"):
        parse("a=https://data.aishub.net/ws.php?username=x#every=30")


def test_a_report_is_new_when_anything_but_our_time_of_receipt_differs() -> None:
    time, later = "2026-01-02T03:04:05.000Z", "2026-01-02T03:05:05.000Z"

    def raw(received_at: str, event_time: str, time_source: str, sentence: str = "!1") -> Raw:
        return Raw(
            source="a", event_time=event_time, received_at=received_at, time_source=time_source, sentences=(sentence,)
        )

    unchanged = Unchanged(3)
    assert unchanged.is_new(raw(time, time, "received"))
    assert not unchanged.is_new(raw(later, later, "received"))
    assert unchanged.is_new(raw(time, time, "provider"))
    assert not unchanged.is_new(raw(later, time, "provider"))
    assert unchanged.is_new(raw(time, later, "provider"))
    assert unchanged.is_new(raw(time, later, "provider", "!2"))
    assert unchanged.is_new(raw(time, time, "received")), "the oldest of more than three is forgotten"
