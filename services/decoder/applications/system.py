"""International function messages of the system itself: ITU-R M.1371-5, annex 5 (1/0, 1/2 to 1/5), and M.1371-1 (1/1)."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Content, Table, application

ANNEX_5 = "ITU-R M.1371-5, annex 5"
M_1371_1 = "ITU-R M.1371-1, annex 5"
FUNCTIONS = 64  # two bits each: available, and one that is reserved

TEXT = application(
    "imo_text",
    f"{ANNEX_5}, IFM 0",
    q.flag("acknowledgement_required", 0),
    q.code("text_sequence", 1, 11),
    q.free_text("text", 12, 156),
)

OLD_ACKNOWLEDGEMENT = application(
    "imo_application_acknowledgement_1371_1",
    f"{M_1371_1}, IFM 1",
    q.code("acknowledged_dac", 0, 10),
    q.code("text_sequence", 10, 11),
)

INTERROGATION = application(
    "imo_interrogation",
    f"{ANNEX_5}, IFM 2",
    q.code("requested_dac", 0, 10),
    q.code("requested_fid", 10, 6),
)

CAPABILITY_INTERROGATION = application(
    "imo_capability_interrogation", f"{ANNEX_5}, IFM 3", q.code("requested_dac", 0, 10)
)


def _list_functions(content: Content) -> None:
    """The mask as the list of function identifiers that are available."""
    mask = content.pop("mask", None)
    if isinstance(mask, int):
        content["fids"] = [fid for fid in range(FUNCTIONS) if mask >> (2 * (FUNCTIONS - 1 - fid) + 1) & 1]


CAPABILITY_REPLY = Application(
    "imo_capability_reply",
    f"{ANNEX_5}, IFM 4",
    {
        0: Table(
            (q.code("dac", 0, 10), q.code("mask", 10, 2 * FUNCTIONS)),
            finish=_list_functions,
            turns={"mask": ("fids",)},
        )
    },
)

ACKNOWLEDGEMENT = application(
    "imo_application_acknowledgement",
    f"{ANNEX_5}, IFM 5",
    q.code("acknowledged_dac", 0, 10),
    q.code("acknowledged_fid", 10, 6),
    q.code("text_sequence", 16, 11),
    q.flag("available", 27),
    q.code("response", 28, 3),
)
