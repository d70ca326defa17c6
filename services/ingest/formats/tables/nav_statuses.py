"""Navigation status in words, as NOAA (to 2017) and the Danish Maritime Authority write it. Codes: M.1371-5, Message 1."""

import re

# Without spaces and case; the first that the words begin with
CODES = (
    ("underwayusingengine", 0),
    ("atanchor", 1),
    ("notundercommand", 2),
    ("restrictedman", 3),  # maneuverability, manoeuvrability
    ("constrainedbyherdra", 4),  # draught, draft
    ("moored", 5),
    ("aground", 6),
    ("engagedinfishing", 7),
    ("underwaysailing", 8),
    ("reservedforfutureamendmenthsc", 9),
    ("reservedforfutureusehsc", 9),
    ("reservedforfutureamendmentwig", 10),
    ("reservedforfutureusewig", 10),
    ("powerdrivenvesseltowingastern", 11),
    ("powerdrivenvesselpushingahead", 12),
    ("reservedforfutureuse", 13),  # 11 to 13 before edition 5 of the standard; 13 is the only one left
    ("aissart", 14),
)
_NUMBER = re.compile(r"\[([0-9]|1[0-4])\]", re.ASCII)
_NOT_LETTERS = re.compile(r"[^a-z]")


def code_of_words(words: str) -> int | None:
    """The code, or None for words that stand for none ("Undefined", "Unknown value") or that nobody knows."""
    number = _NUMBER.search(words)
    if number is not None:  # Reserved for future use [11]
        return int(number[1])
    plain = _NOT_LETTERS.sub("", words.lower())
    return next((code for beginning, code in CODES if plain.startswith(beginning)), None)
