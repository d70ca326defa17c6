/* Lays rows out as PostgreSQL's binary COPY reads them, a tuple a row: the compiled form of binary_copy.py.

     2 bytes: how many values; for each 4 bytes of length (-1 for null) and the value, all big-endian */
#include "fairway/native.h"

#define NULL_LENGTH       (-1)
#define POSTGRES_EPOCH    INT64_C(946684800000000) /* 2000-01-01, microseconds since 1970 */
#define JSONB_VERSION     1
#define BIG_ENDIAN_WKB    0
#define POINT_WITH_SYSTEM 0x20000001u
#define WGS_84            4326
#define POINT_SIZE        25   /* EWKB: byte order, type, reference system, and two doubles */
#define BESIDES_TEXT      5    /* its length, and the version of JSON */
#define MOST_COLUMNS      1600 /* as PostgreSQL has it */

/* The numbers of tables.py. */
enum { TIMESTAMP, BIGINT, INTEGER, SMALLINT, REAL, DOUBLE, BOOLEAN, TEXT, JSONB, POINT, TYPES };

static const uint8_t SIZES[TYPES] = {8, 8, 4, 2, 4, 8, 1, 4, 4, 8};

typedef struct {
    int type;
    Py_ssize_t offset, lat; /* `lat`: of a point the offset of its second number */
} Column;

typedef struct {
    Py_buffer rows, order, heap, ends; /* `order` without an object: as they are */
    Column *columns;
    int column_count;
    size_t row_size, texts;
} Source;

/* Writers say where the next byte goes. */
static inline char *put_byte(char *to, int value) {
    *to = (char)value;
    return to + 1;
}

static inline char *put_16(char *to, uint16_t value) {
    to = put_byte(to, value >> 8);
    return put_byte(to, value & 0xFF);
}

static inline char *put_32(char *to, uint32_t value) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    memcpy(to, &value, sizeof value);
    return to + sizeof value;
}

static inline char *put_64(char *to, uint64_t value) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    memcpy(to, &value, sizeof value);
    return to + sizeof value;
}

static inline char *put_null(char *to) { return put_32(to, (uint32_t)NULL_LENGTH); }

/* The value of a field, which need not be aligned. */
#define READ(type, name, at)                                                                                                     \
    type name;                                                                                                                   \
    memcpy(&name, at, sizeof name)

static inline char *put_int64(char *to, const char *at, int64_t zero) {
    READ(int64_t, value, at);
    return value == INT64_MIN ? put_null(to) : put_64(put_32(to, sizeof value), (uint64_t)value - (uint64_t)zero);
}

static inline char *put_int32(char *to, const char *at) {
    READ(int32_t, value, at);
    return value == INT32_MIN ? put_null(to) : put_32(put_32(to, sizeof value), (uint32_t)value);
}

static inline char *put_int16(char *to, const char *at) {
    READ(int16_t, value, at);
    return value == INT16_MIN ? put_null(to) : put_16(put_32(to, sizeof value), (uint16_t)value);
}

static inline char *put_real(char *to, const char *at) {
    READ(float, value, at);
    READ(uint32_t, bits, at);
    return value != value ? put_null(to) : put_32(put_32(to, sizeof bits), bits);
}

static inline char *put_double(char *to, const char *at) {
    READ(double, value, at);
    READ(uint64_t, bits, at);
    return value != value ? put_null(to) : put_64(put_32(to, sizeof bits), bits);
}

static inline char *put_boolean(char *to, const char *at) {
    READ(int8_t, value, at);
    return value == INT8_MIN ? put_null(to) : put_byte(put_32(to, sizeof value), value != 0);
}

/* A point of WGS 84; null when one of its numbers is. */
static inline char *put_point(char *to, const char *lon_at, const char *lat_at) {
    READ(double, lon, lon_at);
    READ(double, lat, lat_at);
    READ(uint64_t, lon_bits, lon_at);
    READ(uint64_t, lat_bits, lat_at);
    if (lon != lon || lat != lat) return put_null(to);
    to = put_byte(put_32(to, POINT_SIZE), BIG_ENDIAN_WKB);
    to = put_32(put_32(to, POINT_WITH_SYSTEM), WGS_84);
    return put_64(put_64(to, lon_bits), lat_bits);
}

/* Where a text is in the heap: false of null, and with an exception set of a number that is none. */
static inline bool find_text(const Source *source, const char *at, const char **text, size_t *size) {
    READ(int32_t, number, at);
    if (number < 0) return false;
    if ((size_t)number >= source->texts) {
        PyErr_SetString(PyExc_ValueError, "a row has the number of no text");
        return false;
    }
    int64_t begin = 0, end;
    const char *ends = source->ends.buf;
    if (number) memcpy(&begin, ends + ((size_t)number - 1) * sizeof begin, sizeof begin);
    memcpy(&end, ends + (size_t)number * sizeof end, sizeof end);
    if (begin < 0 || begin > end || end > source->heap.len || end - begin > INT32_MAX - 1) {
        PyErr_SetString(PyExc_ValueError, "a text reaches out of its heap");
        return false;
    }
    *text = (const char *)source->heap.buf + begin;
    *size = (size_t)(end - begin);
    return true;
}

static inline char *put_text(char *to, const Source *source, const char *at, bool is_json) {
    const char *text;
    size_t size;
    if (!find_text(source, at, &text, &size)) return put_null(to); /* room_of has looked for all of them */
    to = put_32(to, (uint32_t)(size + is_json));
    if (is_json) to = put_byte(to, JSONB_VERSION);
    memcpy(to, text, size);
    return to + size;
}

static inline char *put_value(char *to, const Source *source, const char *row, const Column *column) {
    const char *at = row + column->offset;
    switch (column->type) {
    case TIMESTAMP: return put_int64(to, at, POSTGRES_EPOCH);
    case BIGINT: return put_int64(to, at, 0);
    case INTEGER: return put_int32(to, at);
    case SMALLINT: return put_int16(to, at);
    case REAL: return put_real(to, at);
    case DOUBLE: return put_double(to, at);
    case BOOLEAN: return put_boolean(to, at);
    case TEXT: return put_text(to, source, at, false);
    case JSONB: return put_text(to, source, at, true);
    default: return put_point(to, at, row + column->lat);
    }
}

/* The row at a place of the order; NULL with an exception set when there is none. */
static inline const char *row_at(const Source *source, Py_ssize_t place) {
    int64_t row = place;
    if (source->order.obj) memcpy(&row, (const char *)source->order.buf + (size_t)place * sizeof row, sizeof row);
    if (row >= 0 && (size_t)row < (size_t)source->rows.len / source->row_size)
        return (const char *)source->rows.buf + (size_t)row * source->row_size;
    PyErr_SetString(PyExc_IndexError, "there is no such row");
    return NULL;
}

/* Room for the tuples of these rows; 0 with an exception set. */
static size_t room_of(const Source *source, Py_ssize_t start, Py_ssize_t stop) {
    size_t room = 1, fixed = 2;
    for (const Column *column = source->columns; column < source->columns + source->column_count; column++)
        fixed += column->type == POINT                           ? 4 + POINT_SIZE
                 : column->type == TEXT || column->type == JSONB ? BESIDES_TEXT
                                                                 : 4u + SIZES[column->type];
    for (Py_ssize_t place = start; place < stop; place++) {
        const char *row = row_at(source, place);
        if (row == NULL) return 0;
        __builtin_prefetch(row); /* in any order; they are laid out next */
        __builtin_prefetch(row + source->row_size - 1);
        size_t wanted = fixed;
        for (const Column *column = source->columns; column < source->columns + source->column_count; column++) {
            const char *text;
            size_t size = 0;
            if (column->type != TEXT && column->type != JSONB) continue;
            if (find_text(source, row + column->offset, &text, &size)) wanted += size;
            else if (PyErr_Occurred()) return 0;
        }
        if (wanted > (size_t)PY_SSIZE_T_MAX - room) {
            PyErr_NoMemory();
            return 0;
        }
        room += wanted;
    }
    return room;
}

static PyObject *lay_out(const Source *source, Py_ssize_t start, Py_ssize_t stop) {
    size_t room = room_of(source, start, stop);
    PyObject *made = room ? PyBytes_FromStringAndSize(NULL, (Py_ssize_t)room) : NULL;
    if (made == NULL) return NULL;
    char *to = PyBytes_AS_STRING(made);
    for (Py_ssize_t place = start; place < stop; place++) {
        const char *row = row_at(source, place);
        to = put_16(to, (uint16_t)source->column_count);
        for (const Column *column = source->columns; column < source->columns + source->column_count; column++)
            to = put_value(to, source, row, column);
    }
    _PyBytes_Resize(&made, to - PyBytes_AS_STRING(made));
    return made;
}

/* Whether a column's value is null in a row. */
static inline bool is_null(const Column *column, const char *row) {
    const char *at = row + column->offset;
    switch (column->type) {
    case TIMESTAMP:
    case BIGINT: {
        READ(int64_t, value, at);
        return value == INT64_MIN;
    }
    case INTEGER: {
        READ(int32_t, value, at);
        return value == INT32_MIN;
    }
    case SMALLINT: {
        READ(int16_t, value, at);
        return value == INT16_MIN;
    }
    case REAL: {
        READ(float, value, at);
        return value != value;
    }
    case BOOLEAN: {
        READ(int8_t, value, at);
        return value == INT8_MIN;
    }
    case TEXT:
    case JSONB: {
        READ(int32_t, value, at);
        return value < 0;
    }
    default: {
        READ(double, value, at);
        READ(double, lat, column->type == POINT ? row + column->lat : at);
        return value != value || lat != lat;
    }
    }
}

/* The places of the columns that have a value in any of the rows. */
static PyObject *used_columns(const Source *source) {
    bool is_used[MOST_COLUMNS] = {false};
    int open[MOST_COLUMNS], left = source->column_count; /* those in which none was seen yet */
    for (int column = 0; column < left; column++) open[column] = column;
    const char *end = (const char *)source->rows.buf + source->rows.len;
    for (const char *row = source->rows.buf; left && row < end; row += source->row_size)
        for (int place = 0; place < left;) {
            if (is_null(&source->columns[open[place]], row)) {
                place++;
                continue;
            }
            is_used[open[place]] = true;
            open[place] = open[--left];
        }
    PyObject *used = PyList_New(0);
    for (int column = 0; used && column < source->column_count; column++) {
        PyObject *place = is_used[column] ? PyLong_FromLong(column) : NULL;
        if (is_used[column] && (place == NULL || PyList_Append(used, place) < 0)) Py_CLEAR(used);
        Py_XDECREF(place);
    }
    return used;
}

static bool read_column(Source *source, Column *column, PyObject *plan) {
    if (!PyArg_ParseTuple(plan, "inn", &column->type, &column->offset, &column->lat)) return false;
    bool is_type = column->type >= 0 && column->type < TYPES;
    Py_ssize_t most = is_type ? (Py_ssize_t)source->row_size - SIZES[column->type] : -1;
    if (column->offset >= 0 && column->offset <= most && column->lat >= 0 && column->lat <= most) return true;
    PyErr_SetString(PyExc_ValueError, "a column reaches out of its row");
    return false;
}

static bool read_columns(Source *source, PyObject *plan) {
    Py_ssize_t count = PyTuple_GET_SIZE(plan);
    if (count > MOST_COLUMNS) {
        PyErr_SetString(PyExc_ValueError, "there are too many columns");
        return false;
    }
    source->columns = PyMem_Calloc((size_t)count + 1, sizeof(Column));
    if (source->columns == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (; source->column_count < count; source->column_count++)
        if (!read_column(source, &source->columns[source->column_count], PyTuple_GET_ITEM(plan, source->column_count)))
            return false;
    return true;
}

static PyObject *tuples_of(PyObject *Py_UNUSED(module), PyObject *arguments) {
    Source source = {0};
    PyObject *order, *plan, *made = NULL;
    Py_ssize_t row_size, start, stop;
    if (!PyArg_ParseTuple(arguments, "y*nOnnO!y*y*", &source.rows, &row_size, &order, &start, &stop, &PyTuple_Type, &plan,
                          &source.heap, &source.ends))
        return NULL;
    source.row_size = row_size > 0 ? (size_t)row_size : 1;
    source.texts = (size_t)source.ends.len / sizeof(int64_t);
    if (order != Py_None && PyObject_GetBuffer(order, &source.order, PyBUF_C_CONTIGUOUS) < 0) goto end;
    Py_ssize_t count =
        source.order.obj ? source.order.len / (Py_ssize_t)sizeof(int64_t) : source.rows.len / (Py_ssize_t)source.row_size;
    if (start < 0 || start > stop || stop > count) {
        PyErr_SetString(PyExc_IndexError, "there are not so many rows");
        goto end;
    }
    if (read_columns(&source, plan)) made = lay_out(&source, start, stop);
end:
    PyMem_Free(source.columns);
    PyBuffer_Release(&source.rows);
    PyBuffer_Release(&source.heap);
    PyBuffer_Release(&source.ends);
    if (source.order.obj) PyBuffer_Release(&source.order);
    return made;
}

static PyObject *columns_used(PyObject *Py_UNUSED(module), PyObject *arguments) {
    Source source = {0};
    PyObject *plan, *used = NULL;
    Py_ssize_t row_size;
    if (!PyArg_ParseTuple(arguments, "y*nO!", &source.rows, &row_size, &PyTuple_Type, &plan)) return NULL;
    source.row_size = row_size > 0 ? (size_t)row_size : 1;
    source.rows.len -= source.rows.len % (Py_ssize_t)source.row_size;
    if (read_columns(&source, plan)) used = used_columns(&source);
    PyMem_Free(source.columns);
    PyBuffer_Release(&source.rows);
    return used;
}

static PyMethodDef methods[] = {
    {"columns_used", columns_used, METH_VARARGS, "Which columns have a value; see tuples.pyi."},
    {"tuples_of", tuples_of, METH_VARARGS, "Rows as binary COPY has them; see tuples.pyi."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "tuples", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_tuples(void) { return PyModule_Create(&module); }
