"""The sea lanes, anchorages, quays and shore stations of the simulated world, as (lon, lat) in WGS 84."""

from typing import NamedTuple

Position = tuple[float, float]


class Lane(NamedTuple):
    """A two-way lane: way-points on water, and how far to starboard of them ships may keep, in metres."""

    name: str
    ends: tuple[str, str]  # UN/LOCODE of the ports behind the first and the last way-point
    keep_right_m: tuple[int, ...]
    share: int  # relative traffic
    waypoints: tuple[Position, ...]


class Place(NamedTuple):
    """A named point: an anchorage, a quay or a mast ashore."""

    name: str
    lon: float
    lat: float


NARROW = (150, 250)  # dredged channels and bridge spans
OPEN = (300, 500, 800, 1200)

LANES: tuple[Lane, ...] = (
    Lane(
        "kattegat-oresund", ("SE GOT", "DK CPH"), NARROW, 5,
        ((10.75, 57.90), (11.25, 57.58), (11.40, 57.40), (11.60, 57.15), (11.90, 56.80), (12.15, 56.50),
         (12.25, 56.31), (12.38, 56.19), (12.53, 56.115), (12.605, 56.077), (12.655, 56.035), (12.635, 55.96),
         (12.63, 55.89), (12.67, 55.79), (12.705, 55.715), (12.70, 55.65), (12.711, 55.60), (12.70, 55.53),
         (12.68, 55.42)),
    ),
    Lane(
        "great-belt", ("NO OSL", "DE KEL"), NARROW, 4,
        ((10.90, 57.88), (11.30, 57.55), (11.42, 57.30), (11.38, 57.10), (11.22, 56.75), (11.10, 56.35),
         (11.03, 56.12), (10.85, 55.85), (10.79, 55.73), (10.88, 55.58), (10.95, 55.46), (11.035, 55.345),
         (11.02, 55.25), (11.03, 55.15), (10.985, 55.02), (10.88, 54.86), (10.82, 54.72), (10.55, 54.61)),
    ),
    Lane(
        "baltic-gulf-of-finland", ("DE KEL", "FI HEL"), OPEN, 5,
        ((10.50, 54.60), (10.90, 54.61), (11.28, 54.58), (11.75, 54.46), (12.10, 54.46), (12.30, 54.58),
         (12.58, 54.75), (13.20, 54.95), (13.95, 55.16), (14.45, 55.33), (14.80, 55.52), (15.60, 55.70),
         (16.60, 55.92), (17.50, 56.30), (18.30, 56.45), (19.60, 57.40), (20.40, 58.40), (21.00, 59.05),
         (22.30, 59.38), (23.80, 59.60), (24.80, 59.80), (25.60, 59.90)),
    ),
    Lane(
        "sound-gdansk", ("SE MMA", "PL GDN"), OPEN, 2,
        ((12.72, 55.25), (13.40, 55.12), (14.45, 54.90), (15.50, 54.80), (17.20, 55.00), (18.30, 55.01),
         (18.95, 54.76), (18.96, 54.57), (18.85, 54.50)),
    ),
    Lane(
        "trelleborg-rostock", ("SE TRG", "DE RSK"), OPEN, 2,
        ((13.15, 55.32), (13.00, 55.05), (12.42, 54.64), (12.13, 54.26)),
    ),
    Lane(
        "english-channel", ("US NYC", "DE HAM"), OPEN, 5,
        ((-5.90, 49.30), (-4.00, 49.55), (-2.90, 49.92), (-1.00, 50.15), (0.30, 50.45), (0.95, 50.70),
         (1.45, 51.00), (1.85, 51.25), (2.40, 51.55), (2.95, 51.85), (3.40, 52.20), (3.75, 52.90),
         (4.05, 53.40), (4.60, 53.75), (5.50, 54.00), (6.60, 54.07), (7.60, 54.08), (8.00, 54.02)),
    ),
    Lane(
        "north-sea-skagerrak", ("NL RTM", "DK AAR"), OPEN, 4,
        ((3.60, 52.05), (3.60, 52.80), (4.25, 53.60), (5.50, 54.60), (6.80, 56.00), (7.60, 57.10),
         (8.80, 57.65), (10.00, 57.86), (10.60, 57.93)),
    ),
)  # fmt: skip

ANCHORAGES: tuple[Place, ...] = (
    Place("Skagen Roads", 10.72, 57.70),
    Place("Copenhagen Roads", 12.66, 55.755),
    Place("Kiel Lighthouse", 10.34, 54.50),
    Place("Gdynia Roads", 18.70, 54.52),
    Place("Dungeness", 1.06, 50.85),
    Place("Maas Approach", 3.75, 52.06),
    Place("Tallinn Bay", 24.70, 59.52),
)

QUAYS: tuple[Place, ...] = (
    Place("Gothenburg", 11.860, 57.686),
    Place("Copenhagen", 12.620, 55.720),
    Place("Aarhus", 10.240, 56.150),
    Place("Gdynia", 18.550, 54.533),
    Place("Zeebrugge", 3.200, 51.345),
    Place("Rotterdam Maasvlakte", 4.040, 51.955),
)

SHORE_STATIONS: tuple[Place, ...] = (
    Place("Skagen", 10.585, 57.735),
    Place("Helsingborg", 12.695, 56.050),
    Place("Drogden", 12.712, 55.537),
    Place("Sprogo", 10.970, 55.331),
    Place("Kap Arkona", 13.434, 54.679),
    Place("Hammeren", 14.775, 55.298),
    Place("Hoburgen", 18.140, 56.921),
    Place("Naissaar", 24.510, 59.603),
    Place("Rozewie", 18.336, 54.830),
    Place("Dover", 1.343, 51.133),
    Place("Hook of Holland", 4.120, 51.978),
    Place("Hanstholm", 8.599, 57.113),
)
