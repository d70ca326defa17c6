"""What the database says of itself: every table, view, function and type of our schemas, with their comments.

Partitions are left out, so that a database says the same with data as without.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg2.extensions import connection as Connection

SCHEMAS = ("ais", "ref", "ops")  # what people ask, what helps to ask it, what keeps the account
KINDS = {"r": "table", "p": "table", "v": "view", "m": "materialized view"}

_SCHEMA_COMMENTS = "SELECT coalesce(obj_description(%s::regnamespace, 'pg_namespace'), '')"
_RELATIONS = """
    SELECT c.oid, n.nspname || '.' || c.relname, c.relkind::text, coalesce(obj_description(c.oid, 'pg_class'), ''),
        pg_get_partkeydef(c.oid), coalesce(c.reloptions, '{}')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
        AND c.relname !~ '^positions_[0-9]{6,8}_copy$'
    ORDER BY c.relname COLLATE "C"
"""
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
        a.attidentity <> '', pg_get_expr(d.adbin, d.adrelid), coalesce(col_description(a.attrelid, a.attnum), '')
    FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_KEYS = """
    SELECT pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s AND contype IN ('p', 'u', 'f', 'c', 'x')
    ORDER BY array_position('{p,u,f,c,x}'::text[], contype::text), conname COLLATE "C"
"""
_INDEXES = r"""
    SELECT CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', '')
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY c.relname COLLATE "C"
"""
_READ_BY_VIEWS = """
    SELECT DISTINCT (n.nspname || '.' || c.relname) COLLATE "C"
    FROM pg_rewrite AS r
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class AS c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm')
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE r.ev_class = %s AND c.oid <> r.ev_class ORDER BY 1
"""
_FUNCTIONS = """
    SELECT n.nspname || '.' || p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
        coalesce(obj_description(p.oid, 'pg_proc'), '')
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname = %s ORDER BY p.proname COLLATE "C", 2
"""
_TYPES = """
    SELECT n.nspname || '.' || t.typname,
        CASE t.typtype
            WHEN 'e' THEN (SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
            WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
            ELSE (
                SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped
            )
        END,
        coalesce(obj_description(t.oid, 'pg_type'), '')
    FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE n.nspname = %s AND (t.typtype IN ('e', 'd') OR c.relkind = 'c') ORDER BY t.typname COLLATE "C"
"""


@dataclass(frozen=True)
class Column:
    """A column; `default` is None where there is none, and in one whose rows are numbered."""

    name: str
    type: str
    may_be_null: bool
    is_numbered: bool
    default: str | None
    comment: str


@dataclass(frozen=True)
class Relation:
    """A table or view by its name with schema; `partitioned_by` is None for most, `made_of` is what a view reads."""

    name: str
    kind: str
    comment: str
    partitioned_by: str | None
    options: tuple[str, ...]
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    indexes: tuple[str, ...]
    made_of: tuple[str, ...]


@dataclass(frozen=True)
class Function:
    """A function by its name with schema; `result` is its type, or the columns of its rows."""

    name: str
    arguments: str
    result: str
    comment: str


@dataclass(frozen=True)
class Type:
    """An enumeration (its values), a domain (its base) or a composite type (its columns), by its name with schema."""

    name: str
    definition: str
    comment: str


@dataclass(frozen=True)
class Schema:
    """All that a schema has, by name."""

    name: str
    comment: str
    relations: tuple[Relation, ...]
    functions: tuple[Function, ...]
    types: tuple[Type, ...]


def read(connection: Connection) -> list[Schema]:
    """Our schemas in the order in which people need them."""
    # Types of extensions go by their bare names; ours keep their schema.
    _rows(connection, "SELECT set_config('search_path', 'public', false)")
    return [_schema(connection, name) for name in SCHEMAS]


def _schema(connection: Connection, name: str) -> Schema:
    return Schema(
        name,
        str(_rows(connection, _SCHEMA_COMMENTS, name)[0][0]),
        tuple(_relation(connection, *row) for row in _rows(connection, _RELATIONS, name)),
        tuple(Function(*map(str, row)) for row in _rows(connection, _FUNCTIONS, name)),
        tuple(Type(*map(str, row)) for row in _rows(connection, _TYPES, name)),
    )


def _relation(
    connection: Connection, oid: int, name: str, kind: str, comment: str, partitioned_by: str | None, options: list[str]
) -> Relation:
    def listed(statement: str) -> tuple[str, ...]:
        return tuple(str(row[0]) for row in _rows(connection, statement, oid))

    columns = tuple(Column(*row) for row in _rows(connection, _COLUMNS, oid))
    made_of = listed(_READ_BY_VIEWS)
    return Relation(
        name, KINDS[kind], comment, partitioned_by, tuple(options), columns, listed(_KEYS), listed(_INDEXES), made_of
    )


def _rows(connection: Connection, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


def uncommented(schemas: list[Schema]) -> Iterator[str]:
    """The names of all that has no comment."""
    for name, comment in _comments(schemas):
        if not comment:
            yield name


def _comments(schemas: list[Schema]) -> Iterator[tuple[str, str]]:
    for schema in schemas:
        yield schema.name, schema.comment
        yield from ((function.name, function.comment) for function in schema.functions)
        yield from ((type_.name, type_.comment) for type_ in schema.types)
        for relation in schema.relations:
            yield relation.name, relation.comment
            yield from ((f"{relation.name}.{column.name}", column.comment) for column in relation.columns)
