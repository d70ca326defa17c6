"""The tables of docs/schema.md, which stand between marks there as those of fairway.reference do."""

from collections.abc import Iterable, Iterator, Sequence

from fairway.schema.catalogue import Column, Function, Relation, Schema, Type
from fairway.schema.joins import JOINS, Join


def parts(schemas: Sequence[Schema], joins: Iterable[Join] = JOINS) -> dict[str, str]:
    """What stands at each mark of the page."""
    return {
        "contents": _contents(schemas),
        "joins": _joins(joins),
        **{schema.name: _text(_schema(schema)) for schema in schemas},
    }


def _contents(schemas: Sequence[Schema]) -> str:
    rows = (
        f"| [`{each.name}`](#{_anchor(each.name)}) | {each.kind} | {_cell(each.comment)} |"
        for schema in schemas
        for each in schema.relations
    )
    return _text(["| | | |", "|---|---|---|", *rows])


def _joins(joins: Iterable[Join]) -> str:
    rows = (
        f"| `{each.table}` | `{each.other}` | {_condition(each)} | {each.meaning}{'; several' if each.several else ''} |"
        for each in joins
    )
    return _text(["| rows of | find in | where | what it is |", "|---|---|---|---|", *rows])


def _condition(join: Join) -> str:
    """Without the names of tables that are in the row already."""
    short = join.condition.replace(f"{join.table}.", "").replace(f"{join.other}.", "")
    pairs = (pair.split(" = ") for pair in short.split(" AND "))
    return " and ".join(f"`{pair[0]}`" if len({*pair}) == 1 else f"`{' = '.join(pair)}`" for pair in pairs)


def _schema(schema: Schema) -> Iterator[str]:
    yield from ("", _sentence(schema.comment))
    for relation in schema.relations:
        yield from _relation(relation)
    if schema.functions:
        yield from ("", f"### Functions of {schema.name}", "")
        yield from map(_function, schema.functions)
    if schema.types:
        yield from ("", f"### Types of {schema.name}", "")
        yield from map(_type, schema.types)


def _relation(relation: Relation) -> Iterator[str]:
    yield from ("", f"### {relation.name}", "", f"{relation.kind.capitalize()}. {_sentence(relation.comment)}", "")
    if relation.kind == "view":
        yield from ("| column | type | meaning |", "|---|---|---|")
        yield from (f"| `{each.name}` | {_type_of(each)} | {_cell(each.comment)} |" for each in relation.columns)
    else:
        yield from ("| column | type | null | meaning |", "|---|---|---|---|")
        yield from (
            f"| `{each.name}` | {_type_of(each)} | {'yes' if each.may_be_null else 'no'} | {_cell(each.comment)} |"
            for each in relation.columns
        )
    facts = list(_facts(relation))
    if facts:
        yield from ("", *facts)


def _facts(relation: Relation) -> Iterator[str]:
    if relation.partitioned_by:
        yield f"- Partitioned by `{relation.partitioned_by}`"
    yield from (f"- `{_code(key)}`" for key in relation.keys)
    yield from (f"- Index: `{_code(index)}`" for index in relation.indexes)
    if relation.options:
        yield f"- Stored with {', '.join(f'`{option}`' for option in relation.options)}"
    if relation.made_of:
        yield f"- Reads {', '.join(f'`{name}`' for name in relation.made_of)}"


def _function(function: Function) -> str:
    return f"- **`{function.name}({_code(function.arguments)})`** → `{_code(function.result)}`: {_sentence(function.comment)}"


def _type(of: Type) -> str:
    return f"- **`{of.name}`**: `{_code(of.definition)}`. {_sentence(of.comment)}"


def _type_of(column: Column) -> str:
    if column.is_numbered:
        return f"`{_code(column.type)}`, the next number"
    default = f" = `{_code(column.default)}`" if column.default else ""
    return f"`{_code(column.type)}`{default}".replace("|", "\\|")


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return heading.lower().replace(".", "").replace(" ", "-")


def _code(text: str) -> str:
    return " ".join(text.replace("timestamp with time zone", "timestamptz").split())


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _sentence(text: str) -> str:
    return _plain(text).rstrip(".") + "."


def _plain(text: str) -> str:
    """Nothing in it is markup but what stands between backticks already."""
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*")


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
