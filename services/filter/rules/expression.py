"""Drops what an expression says, in CQL2, the query language of the OGC (21-065r2)."""

from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from fairway.columns import NO_TEXT, Texts
from fairway.flags import BITS
from services.filter.cql2.expression import Expression
from services.filter.cql2.values import Place, Real, Text, Value
from services.filter.known_vessels import STATIC, KnownVessels, numbers_of
from services.filter.last_seen import Column, Columns
from services.filter.reports import KIND_NAMES, TIMES, TYPES, Places, Reports
from services.filter.rules.rule import Bits, Rule, RuleOptions, found

POSITION, KIND = "position", "kind"
PROPERTIES: dict[str, type[Value]] = {
    POSITION: Place,
    KIND: Text,
    **{name: Text if kind is str and name not in TIMES else Real for name, kind in TYPES.items()},
}


class ExpressionOptions(RuleOptions):
    """Any question about a report and its vessel, as one text."""

    rule: Literal["expression"] = "expression"
    where: str = Field(
        "", description="What is dropped, in CQL2: any field of a record, `kind`, and `position` for spatial questions."
    )
    max_vessels: int = Field(
        200_000, ge=1, description="Vessels whose last static data are remembered, where the expression asks for such."
    )

    @model_validator(mode="after")
    def _needs_a_question(self) -> "ExpressionOptions":
        if not self.where.strip():
            raise ValueError("say what is dropped, for example where: sog > 60")
        return self

    def build(self) -> "ExpressionRule":
        return ExpressionRule(self)


class ExpressionRule(Rule):
    """Static data that a report does not carry are those that its vessel said last."""

    def __init__(self, options: ExpressionOptions) -> None:
        self._expression = Expression(options.where, PROPERTIES)
        self.members = frozenset(self._expression.properties) - {POSITION, KIND}
        self._vessels = KnownVessels(self.members & STATIC, options.max_vessels) if self.members & STATIC else None
        self.memories = () if self._vessels is None else (self._vessels,)

    def judge(self, reports: Reports, rows: Places) -> Bits:
        filled, texts = ({}, Texts()) if self._vessels is None else self._vessels.fill(reports, rows)
        return found(self._expression.matches(_Asked(reports, rows, filled, texts)), BITS["selected"])


class _Asked:
    """Some reports as an expression asks for them (cql2.expression.Source)."""

    def __init__(self, reports: Reports, rows: Places, filled: Columns, texts: Texts) -> None:
        self._reports, self._rows = reports, rows
        self._filled, self._texts = filled, texts

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Value:
        reports, rows = self._reports, self._rows
        if name == POSITION:
            return Place(reports.rows["lon"][rows], reports.rows["lat"][rows])
        if name == KIND:
            return Text(reports.rows[KIND][rows].astype(np.int64), KIND_NAMES)
        if name in self._filled:
            column = self._filled[name]
            return _texts(column, self._texts) if PROPERTIES[name] is Text else Real(column)
        if PROPERTIES[name] is Text:
            return _texts(reports.rows[name][rows], reports.texts)
        return Real(numbers_of(reports, rows, name))


def _texts(column: Column, texts: Texts) -> Text:
    """Only those that occur: each is looked at once."""
    numbers, which = np.unique(column, return_inverse=True)
    known = numbers[numbers != NO_TEXT].tolist()
    return Text(which - (len(numbers) - len(known)), [texts.text(number) for number in known])
