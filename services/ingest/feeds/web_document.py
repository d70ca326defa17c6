"""One document on the web, fetched again and again: only when it has changed, never more of it than is bearable."""

import base64
import time
import zlib
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from services.ingest.addresses import check_host
from services.ingest.feeds.retry_after import retry_after

ANSWER_SECONDS = 10.0  # for the next bytes
WHOLE_SECONDS = 300.0
CHUNK_BYTES = 1 << 16
LONGEST_BYTES = 64 << 20  # uncompressed
GZIP = 31  # zlib's window bits for the gzip format


class FetchFailed(Exception):
    """It could not be fetched, or not whole. The text holds no part of the address."""

    def __init__(self, text: str, wait_seconds: float = 0.0) -> None:
        super().__init__(text)
        self.wait_seconds = wait_seconds  # that the server asks for


class WebDocument:
    """A document at an address, which may hold user:password or a key: as text it is host and path only.

    Raises ValueError for what is no address.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, _ = parts.hostname or "", parts.port  # whose conversion raises for `user:pass/word@host`
        check_host(self.host)
        self._host_and_path = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        self._url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
        self._login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
        self._validators: dict[str, str] = {}
        self._opener = _opener()

    def __str__(self) -> str:
        return self._host_and_path

    def fetch(self) -> Iterator[bytes]:
        """Its bytes, in chunks; none when it has not changed since it was last fetched whole. Raises FetchFailed."""
        try:
            with self._opener.open(self._request(), timeout=ANSWER_SECONDS) as answer:
                yield from _bounded(_inflated(answer))
                self._remember(answer)
        except HTTPError as error:
            error.close()
            if error.code != 304:
                wait = retry_after(error.headers.get("Retry-After"), time.time())
                raise FetchFailed(f"HTTP {error.code}", wait) from None
        except (HTTPException, zlib.error, ValueError) as error:  # their texts may hold the address
            raise FetchFailed(f"the answer is not sound ({type(error).__name__})") from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise FetchFailed(str(getattr(reason, "strerror", None) or type(reason).__name__)) from None

    def _request(self) -> Request:
        request = Request(self._url, headers={"User-Agent": "fairway", "Accept-Encoding": "gzip", **self._validators})
        if self._login:  # not for where we may be sent on to
            word = base64.b64encode(self._login.encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {word}")
        return request

    def _remember(self, answer: HTTPResponse) -> None:
        pairs = (
            ("If-None-Match", answer.headers.get("ETag")),
            ("If-Modified-Since", answer.headers.get("Last-Modified")),
        )
        self._validators = {name: value for name, value in pairs if value}


def _opener() -> OpenerDirector:
    """Only HTTP, also after being sent on: urllib's own would go to FTP."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPRedirectHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _inflated(answer: HTTPResponse) -> Iterator[bytes]:
    """The body as it comes, unpacked when it is gzip, at most a chunk at a time."""
    until = time.monotonic() + WHOLE_SECONDS
    is_packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
    inflate = zlib.decompressobj(GZIP)
    while packed := answer.read1(CHUNK_BYTES):
        if time.monotonic() > until:
            raise FetchFailed(f"it took more than {WHOLE_SECONDS:g} s")
        while is_packed and packed:
            yield inflate.decompress(packed, CHUNK_BYTES)
            packed = inflate.unconsumed_tail
        if packed:
            yield packed
    if (is_packed and not inflate.eof) or answer.length:
        raise FetchFailed("the end is missing")


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LONGEST_BYTES:
            raise FetchFailed(f"it has more than {LONGEST_BYTES >> 20} MiB")
        yield chunk
