"""The Coast Guard's vessel service codes 1001 to 1025, which NOAA's archives of 2015 to 2017 have in VesselType.

Source: Marine Cadastre, "AIS vessel type and group codes used by the Marine Cadastre project" (VesselTypeCodes2018).
Each becomes the AIS type of its group where the group is one; "non-vessel" has none.
"""

AIS_TYPE_OF = {
    1001: 30,  # commercial fishing vessel
    1002: 30,  # fish processing vessel
    1003: 70,  # freight barge
    1004: 70,  # freight ship
    1005: 90,  # industrial vessel
    1006: 90,  # miscellaneous vessel
    1007: 90,  # mobile offshore drilling unit
    1010: 90,  # offshore supply vessel
    1011: 90,  # oil recovery
    1012: 60,  # passenger (inspected)
    1013: 60,  # passenger (uninspected)
    1014: 60,  # passenger barge (inspected)
    1015: 60,  # passenger barge (uninspected)
    1016: 70,  # public freight
    1017: 80,  # public tankship or barge
    1018: 90,  # public vessel, unclassified
    1019: 37,  # recreational
    1020: 90,  # research vessel
    1021: 51,  # SAR aircraft
    1022: 90,  # school ship
    1023: 80,  # tank barge
    1024: 80,  # tank ship
    1025: 31,  # towing vessel
}
