"""A filter that is killed and started again, between a broker that delivers again and a database that knows a batch by its id."""

from collections import Counter
from pathlib import Path

import msgspec

from fairway import records
from fairway.messages import Message
from services.filter.journal import Journal
from services.filter.reload import ReloadingStage


class Killed(Exception):
    """The process has ended as it was."""


class Lives:
    """One filter after the other, with the same rules file and folder. What it publishes is stored, each id once."""

    def __init__(self, folder: Path, rules: str) -> None:
        self._folder = folder
        self.rules = folder / "rules.yaml"
        self.rules.parent.mkdir(parents=True, exist_ok=True)
        self.rules.write_text(rules)
        self.stored: dict[str, Message] = {}
        self.start()

    def start(self) -> None:
        self.journal = Journal(self._folder / "state", lock_seconds=0)
        self.stage = ReloadingStage(str(self.rules), self.journal)

    def kill(self) -> None:
        self.journal.close()

    def again(self) -> None:
        self.kill()
        self.start()

    @property
    def file(self) -> Path:
        """The file of the journal."""
        [file] = [each for each in (self._folder / "state").glob("state.*") if each.suffix != ".new"]
        return file

    def deliver(self, batch: Message, *, killed: str = "") -> None:
        """One delivery: handled, published, committed and acknowledged, unless killed before one of these."""
        outputs = self.stage.handle([batch])
        if killed == "publish":
            raise Killed
        for output in outputs:
            self.store(output)
        if killed == "commit":
            raise Killed
        self.stage.commit()
        if killed == "ack":
            raise Killed

    def prompt(self, *, killed: str = "") -> None:
        """What the worker does between deliveries."""
        posted = self.stage.due()
        if killed == "publish":
            raise Killed
        for message in posted:
            self.store(message)
        if killed == "sent":
            raise Killed
        if posted:
            self.stage.sent()

    def store(self, message: Message) -> None:
        if not message.is_copy:
            self.stored.setdefault(message.id, message)

    # What the database has

    @property
    def lines(self) -> Counter[bytes]:
        """Of each line how often it is stored."""
        return Counter(line for message in self.stored.values() for line in message.body.splitlines())

    @property
    def stations(self) -> Counter[str | None]:
        """The stations of what is stored; a stream with another for each record tells which are."""
        return Counter(
            record.station for message in self.stored.values() for record in records.decode_decoded(message.body)
        )

    @property
    def dropped(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for message in self.stored.values():
            found.update(message.account.dropped)
        return found

    @property
    def still_held(self) -> int:
        accounts = [message.account for message in self.stored.values()]
        return sum(account.held - account.released for account in accounts)

    def check_account(self) -> None:
        """Every stored message's account closes, and none says more than it holds."""
        for message in self.stored.values():
            assert message.account.remaining == message.records == len(message.body.splitlines()), message.id


def from_station(record: records.AnyDecoded, station: str) -> records.AnyDecoded:
    return msgspec.structs.replace(record, station=station)
