"""The rule that gives a binary message its application and content."""

from dataclasses import dataclass

from fairway.records import Raw
from services.decoder.applications import catalogue
from services.decoder.applications.reading import read_content
from services.decoder.bits import Bits
from services.decoder.rules import Values, add_missing


@dataclass(frozen=True)
class ContentFrom:
    """The payload from `offset` to the end, but for `after` bits there, read as what message 6 or 8 carries.

    What the payload lacks is added to `missing`. An application that says nothing has no content.
    """

    message: int
    offset: int
    after: int = 0

    def __call__(self, values: Values, bits: Bits, raw: Raw) -> None:
        dac, fid = values.get("dac"), values.get("fid")
        length = max(0, bits.length - self.offset - self.after)
        if not isinstance(dac, int) or not isinstance(fid, int):
            return
        application = catalogue.find(self.message, dac, fid, length)
        if application is None:
            return
        values["application"] = application.name
        content, cut = read_content(application, Bits(bits.number(self.offset, length), length))
        if content:
            values["content"] = content
        if cut:
            add_missing(values, *cut)
