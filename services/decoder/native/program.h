/* Programs: the cells of one layout and length, as Python hands them over.

   Each cell comes as a tuple that begins with its name; see cells.py, which makes them. Whatever could lead a printer outside of
   a message or a table is refused here, once, so that printing need not look again. */
#ifndef FAIRWAY_DECODER_PROGRAM_H
#define FAIRWAY_DECODER_PROGRAM_H

#include "services/decoder/native/cells.h"

#define MOST_CELLS   128
#define WIDEST       48 /* bits of a number */
#define WIDEST_TABLE 16 /* bits of an index */

typedef struct {
    PyObject_HEAD
    PyObject *source; /* the tuples: whatever the cells point to belongs to them */
    size_t most;      /* bytes that a line may need, without envelope, data and what an application says */
    unsigned length;  /* bits that a message must have */
    int count;
    Cell cells[MOST_CELLS];
} Program;

static bool refuse(const char *what) {
    PyErr_SetString(PyExc_ValueError, what);
    return false;
}

static bool parse(PyObject *tuple, const char *format, ...) {
    va_list targets;
    va_start(targets, format);
    bool is_sound = PyTuple_Check(tuple) ? PyArg_VaParse(tuple, format, targets) : refuse("a cell and its parts are tuples");
    va_end(targets);
    return is_sound;
}

static bool is_within(const Program *program, Span span, unsigned widest) {
    if (span.width == 0 || span.width > widest || span.offset + span.width > (int)program->length)
        return refuse("a cell lies outside of its message");
    return true;
}

static bool span_from(const Program *program, PyObject *source, unsigned widest, Span *span) {
    return parse(source, "HH;a span is offset and width", &span->offset, &span->width) && is_within(program, *span, widest);
}

static bool spans_from(const Program *program, PyObject *source, unsigned widest, Cell *cell) {
    if (!PyTuple_Check(source) || PyTuple_GET_SIZE(source) > MOST_SPANS) return refuse("spans are a tuple of a few");
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(source); place++)
        if (!span_from(program, PyTuple_GET_ITEM(source, place), widest, &cell->spans[place])) return false;
    cell->span_count = (int)PyTuple_GET_SIZE(source);
    return true;
}

/* `bits` is how many an index into the texts has. */
static bool texts_from(PyObject *source, unsigned bits, Texts *texts) {
    const char *entries;
    Py_ssize_t size, stride;
    if (!parse(source, "y#n;texts are entries and their stride", &entries, &size, &stride)) return false;
    if (bits > WIDEST_TABLE || stride < 2 || stride > UINT16_MAX) return refuse("a table is too large");
    *texts = (Texts){entries, (size_t)stride, (size_t)1 << bits};
    if ((size_t)size < texts->count * texts->stride + STEP) return refuse("a table has fewer texts than its index can say");
    for (size_t number = 0; number < texts->count; number++) {
        uint16_t length;
        memcpy(&length, entries + number * texts->stride, sizeof length);
        if (length + sizeof length > texts->stride) return refuse("a text is longer than its table is wide");
    }
    return true;
}

static bool bound_from(PyObject *source, int64_t none, int64_t *bound) {
    *bound = source == Py_None ? none : PyLong_AsLongLong(source);
    return !PyErr_Occurred();
}

static bool field_from(const Program *program, PyObject *source, Field *field) {
    PyObject *low, *high, *nulls;
    if (!parse(source, "HHOOO!;a field is offset, width, low, high and nulls", &field->span.offset, &field->span.width, &low,
               &high, &PyTuple_Type, &nulls))
        return false;
    if (!is_within(program, field->span, WIDEST)) return false;
    if (!bound_from(low, INT64_MIN, &field->low) || !bound_from(high, INT64_MAX, &field->high)) return false;
    if (PyTuple_GET_SIZE(nulls) > MOST_NULLS) return refuse("a field has too many values that mean nothing");
    field->nulls = (int)PyTuple_GET_SIZE(nulls);
    for (int place = 0; place < field->nulls; place++)
        if (!bound_from(PyTuple_GET_ITEM(nulls, place), 0, &field->null[place])) return false;
    return true;
}

static bool fields_from(const Program *program, PyObject *source, Cell *cell) {
    if (!PyTuple_Check(source)) return refuse("fields are a tuple");
    Py_ssize_t count = PyTuple_GET_SIZE(source);
    if ((cell->fields = PyMem_Calloc(count ? (size_t)count : 1, sizeof(Field))) == NULL) return PyErr_NoMemory() != NULL;
    for (Py_ssize_t place = 0; place < count; place++)
        if (!field_from(program, PyTuple_GET_ITEM(source, place), &cell->fields[place])) return false;
    cell->field_count = (int)count;
    return true;
}

static bool name_from(Cell *cell, const char *name, Py_ssize_t size, size_t value) {
    cell->name = name;
    cell->name_size = (size_t)size;
    cell->most = cell->name_size + value;
    return true;
}

static bool table_from(Program *program, PyObject *source, Cell *cell) {
    PyObject *spans, *texts;
    cell->print = print_table;
    if (!parse(source, "sOO", &(const char *){0}, &spans, &texts) || !spans_from(program, spans, WIDEST_TABLE, cell))
        return false;
    if (cell->span_count == 0) return refuse("a table needs an index");
    unsigned bits = 0;
    for (int place = 0; place < cell->span_count; place++) bits += cell->spans[place].width;
    if (!texts_from(texts, bits, &cell->texts)) return false;
    cell->most = cell->texts.stride;
    return true;
}

static bool constant_from(Program *program, PyObject *source, Cell *cell) {
    const char *text;
    Py_ssize_t size;
    (void)program;
    cell->print = print_constant;
    return parse(source, "sy#", &(const char *){0}, &text, &size) && name_from(cell, text, size, 0);
}

static bool envelope_from(Program *program, PyObject *source, Cell *cell) {
    (void)program, (void)source;
    cell->print = print_envelope;
    return true;
}

static bool number_from(Program *program, PyObject *source, Cell *cell) {
    const char *name;
    Py_ssize_t size;
    PyObject *field;
    cell->print = print_number;
    if (!parse(source, "sy#O", &(const char *){0}, &name, &size, &field)) return false;
    if ((cell->fields = PyMem_Calloc(1, sizeof(Field))) == NULL) return PyErr_NoMemory() != NULL;
    if (!field_from(program, field, cell->fields)) return false;
    cell->spans[0] = cell->fields->span;
    return name_from(cell, name, size, 20);
}

static bool degrees_from(Program *program, PyObject *source, Cell *cell) {
    const char *name;
    Py_ssize_t size;
    PyObject *span;
    cell->print = print_degrees;
    if (!parse(source, "sy#OLLL", &(const char *){0}, &name, &size, &span, &cell->whole, &cell->parts, &cell->of)) return false;
    if (!span_from(program, span, 32, &cell->spans[0])) return false;
    if (cell->whole < 0 || cell->whole > 999 || cell->parts < 1 || cell->parts > 1000000 || cell->of < 1 || cell->of > 1000)
        return refuse("degrees are out of their range");
    return name_from(cell, name, size, sizeof("-180.000000"));
}

static bool pair_from(Program *program, PyObject *source, Cell *cell) {
    PyObject *one, *other, *texts, *other_texts;
    cell->print = print_pair;
    if (!parse(source, "sOOOO", &(const char *){0}, &one, &texts, &other, &other_texts)) return false;
    if (!span_from(program, one, WIDEST_TABLE, &cell->spans[0]) || !span_from(program, other, WIDEST_TABLE, &cell->spans[1]))
        return false;
    if (!texts_from(texts, cell->spans[0].width, &cell->texts) || !texts_from(other_texts, cell->spans[1].width, &cell->other))
        return false;
    cell->most = cell->texts.stride + cell->other.stride;
    return true;
}

static bool hidden_from(Program *program, PyObject *source, Cell *cell) {
    PyObject *span, *texts, *fields;
    cell->print = print_unless_hidden;
    if (!parse(source, "sOOO", &(const char *){0}, &span, &texts, &fields)) return false;
    if (!span_from(program, span, WIDEST_TABLE, &cell->spans[0]) || !texts_from(texts, cell->spans[0].width, &cell->texts))
        return false;
    cell->span_count = 1;
    cell->most = cell->texts.stride;
    return fields_from(program, fields, cell);
}

static bool sender_from(Program *program, PyObject *source, Cell *cell) {
    (void)program, (void)source;
    cell->print = print_sender;
    cell->most = sizeof(",\"channel\":\"AB\",\"talker\":\"AI\",\"own_ship\":true");
    return true;
}

static bool digest_from(Program *program, PyObject *source, Cell *cell) {
    (void)program, (void)source;
    cell->print = print_digest;
    cell->most = sizeof(",\"digest\":4294967295");
    return true;
}

static bool text_from(Program *program, PyObject *source, Cell *cell) {
    const char *name;
    Py_ssize_t size;
    PyObject *spans;
    cell->print = print_text;
    if (!parse(source, "sy#O", &(const char *){0}, &name, &size, &spans)) return false;
    if (!spans_from(program, spans, UINT16_MAX, cell)) return false;
    size_t characters = 0;
    for (int place = 0; place < cell->span_count; place++) {
        if (cell->spans[place].width % 6) return refuse("a text is made of characters of six bits");
        characters += cell->spans[place].width / 6;
    }
    return name_from(cell, name, size, 2 * characters + 1);
}

static bool time_from(Program *program, PyObject *source, Cell *cell, int parts) {
    const char *name;
    Py_ssize_t size;
    PyObject *fields;
    if (!parse(source, "sy#O", &(const char *){0}, &name, &size, &fields) || !fields_from(program, fields, cell)) return false;
    if (cell->field_count != parts) return refuse("a time has other parts");
    /* The parts are printed with two digits each. */
    for (int place = 0; place < parts; place++)
        if (cell->fields[place].span.width > (parts == 6 && place == 0 ? 14 : 6)) return refuse("a part of a time is too wide");
    return name_from(cell, name, size, sizeof("2026-01-02T03:04:05.000Z\""));
}

static bool clock_from(Program *program, PyObject *source, Cell *cell) {
    cell->print = print_clock;
    return time_from(program, source, cell, 6);
}

static bool eta_from(Program *program, PyObject *source, Cell *cell) {
    cell->print = print_eta;
    return time_from(program, source, cell, 4);
}

static bool data_from(Program *program, PyObject *source, Cell *cell) {
    PyObject *content, *application;
    cell->print = print_data;
    if (!parse(source, "sHOO", &(const char *){0}, &cell->spans[0].offset, &content, &application)) return false;
    cell->most = sizeof(",\"data\":\"\",\"bits\":65535");
    if (content == Py_None) return true;
    cell->content = content;
    return PyTuple_Check(application) && PyTuple_GET_SIZE(application) == 2
               ? span_from(program, PyTuple_GET_ITEM(application, 0), WIDEST_TABLE, &cell->spans[1]) &&
                     span_from(program, PyTuple_GET_ITEM(application, 1), WIDEST_TABLE, &cell->spans[2])
               : refuse("an application is known by two spans");
}

static const struct {
    const char *name;
    bool (*from)(Program *program, PyObject *source, Cell *cell);
} FORMS[] = {
    {"table", table_from},     {"constant", constant_from}, {"envelope", envelope_from}, {"number", number_from},
    {"degrees", degrees_from}, {"pair", pair_from},         {"hidden", hidden_from},     {"sender", sender_from},
    {"digest", digest_from},   {"text", text_from},         {"clock", clock_from},       {"eta", eta_from},
    {"data", data_from},
};

static bool cell_from(Program *program, PyObject *source, Cell *cell) {
    if (!PyTuple_Check(source) || PyTuple_GET_SIZE(source) == 0) return refuse("a cell is a tuple that begins with its name");
    const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(source, 0));
    if (name == NULL) return false;
    for (size_t form = 0; form < sizeof FORMS / sizeof *FORMS; form++)
        if (strcmp(FORMS[form].name, name) == 0) return FORMS[form].from(program, source, cell);
    PyErr_Format(PyExc_ValueError, "there are no cells named %s", name);
    return false;
}

static void program_dealloc(Program *self) {
    for (int place = 0; place < self->count; place++) PyMem_Free(self->cells[place].fields);
    Py_XDECREF(self->source);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Program(length, cells) */
static PyObject *program_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    PyObject *cells;
    unsigned length;
    (void)keywords;
    if (!PyArg_ParseTuple(arguments, "IO!", &length, &PyTuple_Type, &cells)) return NULL;
    if (length < 40 || length > MOST_CHARACTERS * 6 || PyTuple_GET_SIZE(cells) > MOST_CELLS) {
        refuse("a program is for a message of 40 bits or more");
        return NULL;
    }
    Program *self = (Program *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->source = Py_NewRef(cells);
    self->length = length;
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(cells); place++) {
        Cell *cell = &self->cells[self->count++];
        if (!cell_from(self, PyTuple_GET_ITEM(cells, place), cell)) {
            Py_DECREF(self);
            return NULL;
        }
        self->most += cell->most;
    }
    return (PyObject *)self;
}

static PyTypeObject ProgramType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "services.decoder.printer.Program",
    .tp_doc = "The cells of the lines of one layout and length in bits.",
    .tp_basicsize = sizeof(Program),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = program_new,
    .tp_dealloc = (destructor)program_dealloc,
};

#endif
