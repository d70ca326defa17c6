"""All rules there are. A new rule is one file here and one line in RULES."""

from services.filter.rules.area import AreaOptions
from services.filter.rules.duplicate import DuplicateOptions
from services.filter.rules.expression import ExpressionOptions
from services.filter.rules.land import LandOptions
from services.filter.rules.plausible import PlausibleOptions
from services.filter.rules.redundant import RedundantOptions
from services.filter.rules.rule import RuleOptions
from services.filter.rules.select import SelectOptions

RULES: dict[str, type[RuleOptions]] = {
    "area": AreaOptions,
    "duplicate": DuplicateOptions,
    "expression": ExpressionOptions,
    "land": LandOptions,
    "plausible": PlausibleOptions,
    "redundant": RedundantOptions,
    "select": SelectOptions,
}
