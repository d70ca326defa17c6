"""Who the pretend ships are: MMSI, IMO number, call sign and name, unlike each other and well formed."""

from collections import Counter
from random import Random
from string import ascii_uppercase

# Maritime identification digits (ITU) and the first letters of the flag's call signs.
FLAGS: tuple[tuple[int, str], ...] = (
    (219, "OX"), (265, "SE"), (257, "LA"), (211, "DA"), (244, "PB"), (230, "OH"), (276, "ES"), (261, "SN"),
    (232, "MA"), (248, "9H"), (311, "C6"), (538, "V7"), (636, "D5"),
)  # fmt: skip

FIRST_WORDS = (
    "AMBER", "ARCTIC", "BALTIC", "BLUE", "CAPE", "CORAL", "EASTERN", "ELBE", "FJORD", "FRISIAN", "GOTLAND", "GRAND",
    "HANSA", "ISLE", "JUTLAND", "NORDIC", "NORTHERN", "OCEAN", "POLAR", "RHINE", "SAGA", "SCAN", "SILVER", "SOUND",
    "STENA", "THAMES", "VIKING", "WESTERN",
)  # fmt: skip
LAST_WORDS = (
    "AURORA", "BREEZE", "CARRIER", "CREST", "DAWN", "EAGLE", "EMMA", "EXPRESS", "FREYA", "HARMONY", "HORIZON", "INGRID",
    "LADY", "LARK", "MARIE", "ORCA", "PEARL", "PIONEER", "QUEEN", "RANGER", "SIGRID", "SPIRIT", "STAR", "SWAN", "TERN",
    "TRADER", "VENTURE", "WAVE",
)  # fmt: skip

BASE_STATION_FLAG = 219


class Registrar:
    """Hands out identities; no MMSI, IMO number or name twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[int] = set()
        self._namesakes: Counter[str] = Counter()

    def flag(self) -> tuple[int, str]:
        """The flag's MMSI digits and call sign letters."""
        return self._rng.choice(FLAGS)

    def mmsi(self, flag: int) -> int:
        """MIDxxxxxx: a ship's."""
        while (mmsi := flag * 1_000_000 + self._rng.randrange(1_000_000)) in self._taken:
            pass
        self._taken.add(mmsi)
        return mmsi

    def imo(self) -> int:
        """Seven digits, the last a check digit."""
        while (imo := imo_with_check_digit(self._rng.randrange(500_000, 1_000_000))) in self._taken:
            pass
        self._taken.add(imo)
        return imo

    def callsign(self, letters: str) -> str:
        """The flag's letters, two more and a number: `OXAB2`."""
        return letters + "".join(self._rng.choices(ascii_uppercase, k=2)) + str(self._rng.randrange(10))

    def name(self) -> str:
        """Two words, and a number once the words are taken."""
        words = f"{self._rng.choice(FIRST_WORDS)} {self._rng.choice(LAST_WORDS)}"
        self._namesakes[words] += 1
        number = self._namesakes[words]
        return words if number == 1 else f"{words} {number}"


def imo_with_check_digit(six_digits: int) -> int:
    """The IMO number that begins with these: the last digit is that of the digits times 7, 6, 5, 4, 3, 2, summed."""
    total = sum(int(digit) * weight for digit, weight in zip(str(six_digits), range(7, 1, -1), strict=True))
    return six_digits * 10 + total % 10


def base_station_mmsi(number: int) -> int:
    """00MIDxxxx."""
    return BASE_STATION_FLAG * 10_000 + number


def aid_mmsi(number: int, is_virtual: bool) -> int:
    """99MID1xxx for a real aid to navigation, 99MID6xxx for a virtual one."""
    return 990_000_000 + BASE_STATION_FLAG * 10_000 + (6_000 if is_virtual else 1_000) + number
