/* Reads decoded records, NDJSON, into the columns of rows: what columns.py asks for, in one pass over the bytes.

     a line ─▶ its kind ─▶ the members of that kind (native/plan.h) ─▶ a row ─▶ numbers of its texts and label (native/texts.h)
        └─ what is not surely understood as records.py would ─▶ left, with the place where it is

   A line is understood when it is written without white space, escapes, exponents and nulls, begins with its kind, names no
   member twice, has all members that its kind must have, and no value out of the range of its column. */
#include "fairway/native/clock.h"
#include "fairway/native/json.h"
#include "fairway/native/plan.h"
#include "fairway/native/texts.h"

#define LONGEST_LINE   16384 /* bytes; ours have some hundreds */
#define BYTES_A_RECORD 340   /* about as many, for a first guess of the room that rows take */
#define FEW            64    /* rows that there is room for at first in any case */
/* A member that is gathered takes two bytes more than in its line, where it has at least six. */
#define GATHERED_ROOM (2 * LONGEST_LINE + 2 * WORD)

typedef enum { UNDERSTOOD, LEFT, FAILED } Result; /* FAILED: with an exception set */

typedef struct {
    int64_t begin, end;
    int32_t body, kind, row, spare;
} Line; /* columns.LINE */

_Static_assert(sizeof(Line) == 32, "as columns.LINE has it");

/* What one call of `read` has come to. */
typedef struct {
    Reader *reader;
    Grown lines;
    Grown *rows;   /* by shape */
    Texts *labels; /* by shape: the numbers of their parts, as bytes */
    Texts texts;
    int32_t *last; /* by name: the number of the last text */
    int32_t last_label;
    uint32_t *seen;  /* by name: the number of the line in which it was last seen */
    Moment *moments; /* by name */
    uint16_t *next;  /* by kind and name; see Record */
    char *gathered;  /* room for what a line may gather */
    uint32_t line;   /* number of the line at hand, from 1 */
    int32_t body;
} Call;

/* The line at hand. */
typedef struct {
    const Kind *kind;
    const Shape *shape;
    char *row;
    int required, rank, name; /* `name`: number of the last one, first NAME_OF_KIND */
    uint16_t *next;           /* by name: the one that came behind it in the last line of the kind */
    char *gathered;           /* where the next byte goes */
    int32_t label[MOST_PARTS + WORD / sizeof(int32_t)];
} Record;

static inline void put_int8(char *row, int8_t value) { memcpy(row, &value, sizeof value); }
static inline void put_int16(char *row, int16_t value) { memcpy(row, &value, sizeof value); }
static inline void put_int32(char *row, int32_t value) { memcpy(row, &value, sizeof value); }
static inline void put_int64(char *row, int64_t value) { memcpy(row, &value, sizeof value); }
static inline void put_double(char *row, double value) { memcpy(row, &value, sizeof value); }
static inline void put_float(char *row, double value) {
    float narrow = (float)value;
    memcpy(row, &narrow, sizeof narrow);
}

/* The least value of a type stands for null: it is out of range. */
static inline Result put_whole(int how, char *at, const Number *number) {
    static const uint64_t MOST[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
    if (number->digits > MOST[how]) return LEFT;
    int64_t value = number->is_negative ? -(int64_t)number->digits : (int64_t)number->digits;
    switch (how) {
    case INT8: put_int8(at, (int8_t)value); break;
    case INT16: put_int16(at, (int16_t)value); break;
    case INT32: put_int32(at, (int32_t)value); break;
    default: put_int64(at, value);
    }
    return UNDERSTOOD;
}

/* In units of 1e-7 degrees, which is exact for as many decimals. */
static inline Result put_degrees(char *at, const Number *number) {
    if (number->behind > 7 || number->digits > INT32_MAX) return LEFT;
    uint64_t value = number->digits * TENS[7 - number->behind];
    if (value > INT32_MAX) return LEFT;
    put_int32(at, number->is_negative ? -(int32_t)value : (int32_t)value);
    return UNDERSTOOD;
}

static inline Result put_real(int how, char *at, const Number *number, double value) {
    if (how == DEGREES) return put_degrees(at, number);
    if (how == FLOAT32) put_float(at, value);
    else put_double(at, value);
    return UNDERSTOOD;
}

/* The number of a text, which is often that of the last line. */
static inline Result look_up(Texts *texts, const char *at, const char *end, int32_t *last) {
    size_t size = (size_t)(end - at);
    if (is_text(texts, (uint32_t)*last, at, size)) return UNDERSTOOD;
    int32_t number = texts_number(texts, at, size);
    if (number >= 0) *last = number;
    return number >= 0 ? UNDERSTOOD : number == NO_ROOM ? FAILED : LEFT;
}

static inline Result put_text(Call *call, Record *record, const Member *member, int name, const char *at, const char *end) {
    int32_t *number = &call->last[name];
    bool is_known = false; /* what `*number` is now */
    const Output *outputs = member->outputs > 1 ? member->others : &member->output;
    for (const Output *output = outputs; output < outputs + member->outputs; output++) {
        char *to = record->row + output->offset;
        if (output->how == TIME) {
            if (end - at != TIME_SIZE || !read_time(at, &call->moments[name])) return LEFT;
            put_int64(to, call->moments[name].microseconds);
            continue;
        }
        Result found = is_known ? UNDERSTOOD : look_up(&call->texts, at, end, number);
        if (found != UNDERSTOOD) return found;
        is_known = true;
        put_int32(to, *number);
    }
    if (member->part == NOWHERE) return UNDERSTOOD;
    Result found = is_known ? UNDERSTOOD : look_up(&call->texts, at, end, number);
    record->label[member->part] = *number;
    return found;
}

/* A value whose first character is at `at`, into the row; where it ends in `*behind`. */
static inline Result read_value(Call *call, Record *record, const Member *member, int name, const char *at, const char **behind) {
    const Output *outputs = member->outputs > 1 ? member->others : &member->output, *end = outputs + member->outputs;
    Number number;
    Result put = UNDERSTOOD;
    bool flag, is_plain = true;
    double real;
    switch (member->value) {
    case WHOLE:
        *behind = number_end(at, &number);
        if (*behind == NULL || !is_whole(&number)) return LEFT;
        for (const Output *output = outputs; output < end && put == UNDERSTOOD; output++)
            put = put_whole(output->how, record->row + output->offset, &number);
        return put;
    case REAL:
        *behind = number_end(at, &number);
        if (*behind == NULL || !(number.behind || is_whole(&number)) || !nearest_double(&number, &real)) return LEFT;
        if (member->rank != NOWHERE && !number.is_plain) return LEFT;
        for (const Output *output = outputs; output < end && put == UNDERSTOOD; output++)
            put = put_real(output->how, record->row + output->offset, &number, real);
        return put;
    case FLAG:
        *behind = flag_end(at, &flag);
        if (*behind == NULL) return LEFT;
        if (member->part != NOWHERE) record->label[member->part] = flag;
        for (const Output *output = outputs; output < end; output++) put_int8(record->row + output->offset, flag);
        return UNDERSTOOD;
    case TEXT:
        if (*at != '"' || (*behind = text_end(at + 1)) == NULL) return LEFT;
        put = put_text(call, record, member, name, at + 1, *behind);
        ++*behind;
        return put;
    case OBJECT:
        if (*at != '{' || (*behind = value_end(at, &is_plain)) == NULL) return LEFT;
        if (!is_plain && (member->outputs || member->rank != NOWHERE)) return LEFT;
        return member->outputs ? put_text(call, record, member, name, at, *behind) : UNDERSTOOD;
    default: return LEFT;
    }
}

/* The number of the name that begins at `at` and ends with a colon; NOWHERE of one that was not given. */
static inline int find_name(const Reader *reader, const char *at) {
    uint64_t first = load_word(at), word = first, marks = zero_bytes(word ^ EVERY('"'));
    size_t size = 0;
    for (; marks == 0; marks = zero_bytes(word ^ EVERY('"'))) {
        size += WORD;
        if (size == NAME_SIZE || control_bytes(word)) return NOWHERE;
        word = load_word(at + size);
    }
    if (size == 0) first &= bytes_before(marks);
    size += (size_t)lowest_byte(marks);
    for (uint32_t slot = slot_of(first, size); reader->slots[slot]; slot = (slot + 1) & (NAME_SLOTS - 1))
        if (is_name(&reader->names[reader->slots[slot] - 1], at)) return reader->slots[slot] - 1;
    return NOWHERE;
}

static inline void put_characters(char **to, const char *from, size_t size) {
    memcpy(*to, from, size);
    *to += size;
}

/* Adds `"name":value`, or `["name",value]`, to what the line gathers. */
static inline Result gather(Record *record, const Member *member, const char *name, size_t name_size, const char *value,
                            const char *end) {
    if (member->rank <= record->rank) return LEFT; /* the order is part of what is said */
    if (record->rank != NOWHERE) *record->gathered++ = ',';
    record->rank = member->rank;
    if (record->shape->gathers_pairs) *record->gathered++ = '[';
    *record->gathered++ = '"';
    put_characters(&record->gathered, name, name_size);
    *record->gathered++ = '"';
    *record->gathered++ = record->shape->gathers_pairs ? ',' : ':';
    put_characters(&record->gathered, value, (size_t)(end - value));
    if (record->shape->gathers_pairs) *record->gathered++ = ']';
    return UNDERSTOOD;
}

/* A member of a name that is not asked for. */
static inline Result pass_over(const Record *record, int number, const char *at, const char **behind) {
    bool is_plain;
    if (!record->kind->skips_unknown || number == NAME_OF_KIND || (at = name_end(at)) == NULL) return LEFT;
    *behind = value_end(at, &is_plain);
    return *behind ? UNDERSTOOD : LEFT;
}

/* A member from its quotation mark on; where it ends in `*behind`. */
static inline Result read_member_at(Call *call, Record *record, const char *at, const char **behind) {
    if (*at != '"') return LEFT;
    /* Lines of a kind have their members in one order: what came behind this name last time is the first guess. */
    uint16_t *next = &record->next[record->name];
    int number = *next;
    if (!is_name(&call->reader->names[number], at + 1)) number = find_name(call->reader, at + 1);
    if (number == NOWHERE || record->kind->members[number].value == NOT_ASKED) return pass_over(record, number, at, behind);
    *next = (uint16_t)number;
    record->name = number;
    const Member *member = &record->kind->members[number];
    if (call->seen[number] == call->line) return LEFT;
    call->seen[number] = call->line;
    record->required += member->is_required;
    const char *name = at + 1;
    size_t size = (size_t)call->reader->names[number].size;
    const char *value = name + size + 2; /* behind a quotation mark and a colon */
    Result found = read_value(call, record, member, number, value, behind);
    if (found != UNDERSTOOD || member->rank == NOWHERE) return found;
    return gather(record, member, name, size, value, *behind);
}

static inline const Kind *kind_of(const Reader *reader, const char *at, size_t size) {
    static const char HEAD[] = "{\"kind\":\"";
    if (size < sizeof HEAD - 1 + NAME_SIZE || memcmp(at, HEAD, sizeof HEAD - 1) != 0) return NULL;
    at += sizeof HEAD - 1;
    for (const Kind *kind = reader->kinds; kind < reader->kinds + reader->kind_count; kind++)
        if (memcmp(at, kind->word, kind->size) == 0) return kind;
    return NULL;
}

static inline size_t kind_end(const Kind *kind) { return sizeof "{\"kind\":\"" - 1 + kind->size; }

/* What is in the row besides values of members. */
static Result finish_row(Call *call, Record *record, int kind) {
    const Shape *shape = record->shape;
    int32_t number = 0;
    Result found;
    if (shape->label_at != NOWHERE) {
        const char *parts = (const char *)record->label;
        number = call->last_label;
        found = look_up(&call->labels[record->kind->shape], parts, parts + (size_t)shape->parts * sizeof(int32_t), &number);
        if (found != UNDERSTOOD) return found;
        put_int32(record->row + shape->label_at, call->last_label = number);
    }
    if (shape->gathered_at != NOWHERE) {
        *record->gathered++ = shape->gathers_pairs ? ']' : '}';
        memset(record->gathered, 0, WORD);
        found = look_up(&call->texts, call->gathered, record->gathered, &number);
        if (found != UNDERSTOOD) return found;
        put_int32(record->row + shape->gathered_at, number);
    }
    if (shape->kind_at != NOWHERE) put_int8(record->row + shape->kind_at, (int8_t)kind);
    if (shape->body_at != NOWHERE) put_int32(record->row + shape->body_at, call->body);
    if (shape->line_at != NOWHERE) put_int32(record->row + shape->line_at, (int32_t)(call->line - 1));
    return UNDERSTOOD;
}

/* Reads a line of a kind, which has READABLE bytes behind it, into the next row of its shape. */
static Result read_record(Call *call, const Kind *kind, const char *at, const char *end) {
    int number = (int)(kind - call->reader->kinds);
    Record record = {.kind = kind,
                     .shape = &call->reader->shapes[kind->shape],
                     .rank = NOWHERE,
                     .next = call->next + number * call->reader->name_count,
                     .gathered = call->gathered};
    Grown *rows = &call->rows[kind->shape];
    record.row = grown_reserve(rows, record.shape->size);
    if (record.row == NULL) return FAILED;
    memcpy(record.row, record.shape->nulls, record.shape->size);
    memcpy(record.label, record.shape->no_label, sizeof record.shape->no_label);
    if (record.shape->gathered_at != NOWHERE) *record.gathered++ = record.shape->gathers_pairs ? '[' : '{';
    at += kind_end(kind);
    while (*at == ',') {
        Result found = read_member_at(call, &record, at + 1, &at);
        if (found != UNDERSTOOD) return found;
    }
    if (*at != '}' || at + 1 != end || record.required != kind->required) return LEFT;
    Result found = finish_row(call, &record, number);
    if (found == UNDERSTOOD) rows->used += record.shape->size;
    return found;
}

/* Notes a line, and reads it when it is of a kind that is asked for. False with an exception set. */
static bool read_line(Call *call, const char *body, Py_ssize_t size, const char *at, const char *end) {
    char copy[LONGEST_LINE + READABLE];
    Line line = {at - body, end - body, call->body, NOWHERE, NOWHERE, 0};
    if (call->line++ == INT32_MAX - 1) return refuse("there are too many lines");
    const Kind *kind = kind_of(call->reader, at, (size_t)(end - at));
    if (kind != NULL && end - at <= LONGEST_LINE) {
        line.kind = (int32_t)(kind - call->reader->kinds);
        if (body + size - end < READABLE) { /* the last one, or few short ones */
            memcpy(copy, at, (size_t)(end - at));
            memset(copy + (end - at), 0, READABLE);
            end = copy + (end - at);
            at = copy;
        }
        Result found = read_record(call, kind, at, end);
        if (found == FAILED) return false;
        const Grown *rows = &call->rows[kind->shape];
        if (found == UNDERSTOOD) line.row = (int32_t)(rows->used / call->reader->shapes[kind->shape].size - 1);
    }
    char *to = grown_reserve(&call->lines, sizeof line);
    if (to == NULL) return false;
    memcpy(to, &line, sizeof line);
    call->lines.used += sizeof line;
    return true;
}

static bool read_body(Call *call, PyObject *body) {
    if (!PyBytes_Check(body)) return refuse("a body is bytes");
    const char *start = PyBytes_AS_STRING(body);
    Py_ssize_t size = PyBytes_GET_SIZE(body);
    for (const char *at = start, *end = at; at < start + size; at = end + 1) {
        end = memchr(at, '\n', (size_t)(start + size - at));
        if (end == NULL) end = start + size;
        if (end > at && !read_line(call, start, size, at, end)) return false;
    }
    return true;
}

static bool open_call(Call *call, size_t size) {
    Reader *reader = call->reader;
    call->rows = items_of(reader->shape_count, sizeof(Grown));
    call->labels = items_of(reader->shape_count, sizeof(Texts));
    call->last = items_of(reader->name_count, sizeof *call->last);
    call->seen = items_of(reader->name_count, sizeof *call->seen);
    call->moments = items_of(reader->name_count, sizeof *call->moments);
    call->next = items_of(reader->kind_count * reader->name_count, sizeof *call->next);
    call->gathered = items_of(reader->gathers ? GATHERED_ROOM : 1, 1);
    if (!call->rows || !call->labels || !call->last || !call->seen || !call->moments || !call->next || !call->gathered)
        return false;
    for (Py_ssize_t name = 0; name < reader->name_count; name++) call->moments[name] = moment_of_1970();
    for (Py_ssize_t shape = 0; shape < reader->shape_count; shape++) {
        size_t rows = shape == 0 ? size / BYTES_A_RECORD : 0; /* the first has the most */
        if (!grown_open(&call->rows[shape], (rows + FEW) * reader->shapes[shape].size)) return false;
        if (!texts_open(&call->labels[shape], reader->seed)) return false;
    }
    return grown_open(&call->lines, (size / BYTES_A_RECORD + FEW) * sizeof(Line)) && texts_open(&call->texts, reader->seed);
}

static void drop_call(Call *call) {
    for (Py_ssize_t shape = 0; shape < call->reader->shape_count; shape++) {
        if (call->rows) grown_drop(&call->rows[shape]);
        if (call->labels) texts_drop(&call->labels[shape]);
    }
    grown_drop(&call->lines);
    texts_drop(&call->texts);
    PyMem_Free(call->rows);
    PyMem_Free(call->labels);
    PyMem_Free(call->last);
    PyMem_Free(call->seen);
    PyMem_Free(call->moments);
    PyMem_Free(call->next);
    PyMem_Free(call->gathered);
}

static PyObject *told(Call *call) {
    Py_ssize_t shapes = call->reader->shape_count;
    PyObject *rows = PyTuple_New(shapes), *labels = PyTuple_New(shapes), *told = NULL;
    for (Py_ssize_t shape = 0; rows && labels && shape < shapes; shape++) {
        PyObject *some = grown_close(&call->rows[shape]), *parts = some ? grown_close(&call->labels[shape].heap) : NULL;
        if (some) PyTuple_SET_ITEM(rows, shape, some);
        if (parts == NULL) goto end;
        PyTuple_SET_ITEM(labels, shape, parts);
    }
    PyObject *lines = rows && labels ? grown_close(&call->lines) : NULL;
    PyObject *heap = lines ? grown_close(&call->texts.heap) : NULL, *ends = heap ? grown_close(&call->texts.ends) : NULL;
    if (ends) told = PyTuple_Pack(5, lines, rows, labels, heap, ends);
    Py_XDECREF(lines);
    Py_XDECREF(heap);
    Py_XDECREF(ends);
end:
    Py_XDECREF(rows);
    Py_XDECREF(labels);
    return told;
}

static PyObject *reader_read(Reader *self, PyObject *given) {
    PyObject *bodies = PySequence_Tuple(given), *made = NULL;
    if (bodies == NULL) return NULL;
    size_t size = 0;
    for (Py_ssize_t body = 0; body < PyTuple_GET_SIZE(bodies); body++)
        size += PyBytes_Check(PyTuple_GET_ITEM(bodies, body)) ? (size_t)PyBytes_GET_SIZE(PyTuple_GET_ITEM(bodies, body)) : 0;
    Call call = {.reader = self};
    bool is_sound = PyTuple_GET_SIZE(bodies) < INT32_MAX && open_call(&call, size);
    for (; is_sound && call.body < PyTuple_GET_SIZE(bodies); call.body++)
        is_sound = read_body(&call, PyTuple_GET_ITEM(bodies, call.body));
    if (is_sound) made = told(&call);
    drop_call(&call);
    Py_DECREF(bodies);
    return made;
}

static int reader_init(Reader *self, PyObject *arguments, PyObject *keywords) {
    PyObject *names, *shapes, *kinds;
    unsigned long long seed;
    if (keywords != NULL || self->names != NULL) {
        PyErr_SetString(PyExc_TypeError, "a Reader is made once, of names, shapes, kinds and a seed");
        return -1;
    }
    if (!PyArg_ParseTuple(arguments, "O!O!O!K", &PyTuple_Type, &names, &PyTuple_Type, &shapes, &PyTuple_Type, &kinds, &seed))
        return -1;
    self->seed = seed;
    return read_plan(self, names, shapes, kinds) ? 0 : -1;
}

static void reader_dealloc(Reader *self) {
    drop_plan(self);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef reader_methods[] = {
    {"read", (PyCFunction)reader_read, METH_O, "The lines, rows, labels and texts of some bodies."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject ReaderType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "fairway.members.Reader",
    .tp_basicsize = sizeof(Reader),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "Reads lines into rows; see members.pyi.",
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)reader_init,
    .tp_dealloc = (destructor)reader_dealloc,
    .tp_methods = reader_methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "members", .m_size = -1};

PyMODINIT_FUNC PyInit_members(void) {
    PyObject *made = PyModule_Create(&module);
    if (made == NULL || PyModule_AddType(made, &ReaderType) < 0) {
        Py_XDECREF(made);
        return NULL;
    }
    return made;
}
