"""What a ship tells of itself, its people and its cargo: IMO SN/Circ.236 and SN.1/Circ.289, ITU-R M.1371-4."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Content, Records, Table, application

CIRC_236 = "IMO SN/Circ.236"
CIRC_289 = "IMO SN.1/Circ.289"
MOST_CARGOES = 28

AIR_DRAUGHT = application("imo_air_draught", CIRC_236, q.tenths("air_draught_metres", 0, 11, 2047, low=1))

# 8,191 means that many or more; 0 is not available
PERSONS = application("imo_persons_on_board", f"{CIRC_289}, table 2.1", q.code("persons", 0, 13, null=0))
PERSONS_1371_4 = application(
    "itu_persons_on_board", "ITU-R M.1371-4, annex 5, IFM 40", q.code("persons", 0, 13, null=0)
)

# Two bits each, from bit 113: 1 operational, 2 not operational, 3 no data; 0 is not available
EQUIPMENT = (
    *("ais", "automatic_tracking_aid", "bnwas", "ecdis_backup", "paper_chart", "echo_sounder", "plotting_aid"),
    *("emergency_steering", "gnss", "gyro_compass", "lrit", "magnetic_compass", "navtex", "arpa_radar", "s_band_radar"),
    *("x_band_radar", "hf_radio", "inmarsat", "mf_radio", "vhf_radio", "ground_log", "water_log", "heading_device"),
    *("track_control", "vdr"),
)

EXTENDED_STATIC = application(
    "imo_extended_static_voyage",
    CIRC_289,
    q.linkage(0),
    q.hundredths("air_draught_metres", 10, 13, 8191, low=1),
    q.text("last_port", 23, 5),
    q.text("next_port", 53, 5),
    q.text("second_port", 83, 5),
    *(q.code(f"{name}_state", 113 + 2 * place, 2, null=0) for place, name in enumerate(EQUIPMENT)),
    q.code("ice_class", 165, 4, null=15),
    q.number("shaft_horsepower", 169, 18, high=262_142),
    q.code("vhf_channel", 187, 12, null=0),
    q.text("lloyds_ship_type", 199, 7),
    q.number("gross_tonnage", 241, 18, high=262_142),
    q.code("laden", 259, 2, null=0),
    q.code("heavy_fuel_oil", 261, 2, null=0),
    q.code("light_fuel_oil", 263, 2, null=0),
    q.code("diesel_oil", 265, 2, null=0),
    q.number("bunker_oil_tonnes", 267, 14, high=16_382),
    q.code("persons", 281, 13, null=0),
)

DANGEROUS_CARGO_236 = application(
    "imo_dangerous_cargo_236",
    CIRC_236,
    q.text("last_port", 0, 5),
    *q.date_and_time(30, "last_port_"),
    q.text("next_port", 50, 5),
    *q.date_and_time(80, "next_port_"),
    q.text("main_dangerous_good", 100, 20),
    q.text("imd_category", 220, 4),
    q.number("un_number", 244, 13, low=1),
    q.code("amount", 257, 10, null=0),
    q.code("amount_unit", 267, 2, null=0),
)


def _split_cargo(content: Content) -> None:
    """What the thirteen bits after a cargo's code mean depends on the code."""
    subtype = content.pop("subtype", None)
    if not isinstance(subtype, int):
        return
    match content.get("code"):
        case 1:
            parts = {"imdg_class": subtype >> 6}
        case 2:
            parts = {"un_number": subtype}
        case 3:
            parts = {"bc_class": subtype >> 10, "imdg_class": subtype >> 3 & 127}
        case 4:
            parts = {"marpol_oil": subtype >> 9}
        case 5:
            parts = {"marpol_category": subtype >> 10}
        case _:
            parts = {"subtype": subtype}
    content.update({name: value for name, value in parts.items() if value})


_CARGO = Table(
    (q.code("code", 0, 4, null=0), q.code("subtype", 4, 13)),
    finish=_split_cargo,
    turns={
        "subtype": ("imdg_class", "un_number", "bc_class", "marpol_oil", "marpol_category", "subtype"),
    },
)

DANGEROUS_CARGO = Application(
    "imo_dangerous_cargo",
    CIRC_289,
    {
        0: Table(
            (q.code("amount_unit", 0, 2, null=0), q.code("amount", 2, 10, null=0)),
            (Records("cargoes", 12, 17, MOST_CARGOES, _CARGO, key="code"),),
        )
    },
)
