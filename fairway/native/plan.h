/* What is to be read of which lines, and into which bytes of a row: made once from what columns.py says, and checked, so that no
   row can be written past its end. */
#ifndef FAIRWAY_PLAN_H
#define FAIRWAY_PLAN_H

#include "fairway/native/grown.h"
#include "fairway/native/words.h"

#define NAME_SIZE    32 /* of a member, at most */
#define MOST_NAMES   512
#define NAME_SLOTS   2048
#define MOST_PARTS   16 /* of a label */
#define NOWHERE      -1
#define NAME_OF_KIND 0 /* its number: it is no member but the head of the line */

/* What the value of a member must be. */
enum { NOT_ASKED, WHOLE, REAL, FLAG, TEXT, OBJECT, VALUES };

/* How it is put into a row. The numbers are those of columns.py. */
enum { INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, DEGREES, TIME, BOOLEAN, NUMBER_OF_TEXT, HOWS };

static const uint8_t SIZES[HOWS] = {1, 2, 4, 8, 4, 8, 4, 8, 1, 4};
static const uint8_t VALUE_OF[HOWS] = {WHOLE, WHOLE, WHOLE, WHOLE, REAL, REAL, REAL, TEXT, FLAG, TEXT}; /* or OBJECT */

typedef struct {
    uint8_t how;
    uint32_t offset;
} Output;

/* A member as it is read in lines of one kind. */
typedef struct {
    uint8_t value, is_required, outputs;
    int8_t part;   /* of the label, or NOWHERE */
    int16_t rank;  /* among the members that are gathered, or NOWHERE */
    Output output; /* the first; where there are more, `others` has them all */
    Output *others;
} Member;

typedef struct {
    uint64_t words[NAME_SIZE / WORD], masks[NAME_SIZE / WORD]; /* its characters, a quotation mark and a colon */
    int size, word_count;
} Name;

typedef struct {
    char word[NAME_SIZE]; /* with its closing quotation mark */
    size_t size;
    int shape, required;
    bool skips_unknown; /* members of other names are no reason to leave a line */
    Member *members;    /* by the number of the name */
} Kind;

typedef struct {
    size_t size;                                                 /* of a row */
    char *nulls;                                                 /* a row in which nothing was read */
    Py_ssize_t kind_at, body_at, line_at, label_at, gathered_at; /* offsets of what is no member, or NOWHERE */
    bool gathers_pairs;
    int parts;
    int32_t no_label[MOST_PARTS]; /* what its parts are where a line does not say them */
} Shape;

typedef struct {
    PyObject_HEAD
    Name *names;
    Py_ssize_t name_count, kind_count, shape_count;
    uint16_t slots[NAME_SLOTS]; /* number of a name, and one */
    Kind *kinds;
    Shape *shapes;
    bool gathers;
    uint64_t seed;
} Reader;

/* Where a name of so many characters is looked for. */
static inline uint32_t slot_of(uint64_t first_word, size_t size) {
    return (uint32_t)((first_word + size) * UINT64_C(0x9E3779B97F4A7C15) >> 48) & (NAME_SLOTS - 1);
}

/* Whether `name":` is what stands at `at`. */
static inline bool is_name(const Name *name, const char *at) {
    for (int word = 0; word < name->word_count; word++)
        if ((load_word(at + WORD * word) ^ name->words[word]) & name->masks[word]) return false;
    return true;
}

static bool refuse(const char *why) {
    PyErr_SetString(PyExc_ValueError, why);
    return false;
}

static void *items_of(Py_ssize_t count, size_t size) {
    void *items = PyMem_Calloc((size_t)(count ? count : 1), size);
    if (items == NULL) PyErr_NoMemory();
    return items;
}

static bool add_name(Reader *reader, Py_ssize_t number, PyObject *text) {
    char *characters;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(text, &characters, &size) < 0) return false;
    if (size == 0 || size > NAME_SIZE - 2) return refuse("a name is empty or too long");
    for (Py_ssize_t place = 0; place < size; place++)
        if (characters[place] <= ' ' || characters[place] > '~' || characters[place] == '"' || characters[place] == '\\')
            return refuse("a name has a character that needs an escape");
    Name *name = &reader->names[number];
    char form[NAME_SIZE] = {0}, mask[NAME_SIZE] = {0};
    memcpy(form, characters, (size_t)size);
    memcpy(form + size, "\":", 2);
    memset(mask, 0xFF, (size_t)size + 2);
    for (int word = 0; word < NAME_SIZE / WORD; word++) {
        name->words[word] = load_word(form + WORD * word);
        name->masks[word] = load_word(mask + WORD * word);
    }
    name->size = (int)size;
    name->word_count = (int)(size + 2 + WORD - 1) / WORD;
    uint32_t slot = slot_of(name->words[0] & first_bytes(size < WORD ? (int)size : WORD), (size_t)size);
    while (reader->slots[slot]) slot = (slot + 1) & (NAME_SLOTS - 1);
    reader->slots[slot] = (uint16_t)(number + 1);
    return true;
}

static bool read_names(Reader *reader, PyObject *names) {
    reader->name_count = PyTuple_GET_SIZE(names);
    if (reader->name_count > MOST_NAMES) return refuse("there are too many names");
    if ((reader->names = items_of(reader->name_count, sizeof(Name))) == NULL) return false;
    for (Py_ssize_t number = 0; number < reader->name_count; number++)
        if (!add_name(reader, number, PyTuple_GET_ITEM(names, number))) return false;
    return true;
}

static bool is_within(const Shape *shape, Py_ssize_t offset, size_t size) {
    return offset >= 0 && (size_t)offset <= shape->size && shape->size - (size_t)offset >= size;
}

static bool is_mark(const Shape *shape, Py_ssize_t offset, size_t size) {
    return offset == NOWHERE || is_within(shape, offset, size);
}

static bool read_shape(Shape *shape, PyObject *plan) {
    Py_buffer nulls = {0}, no_label = {0};
    int pairs;
    if (!PyArg_ParseTuple(plan, "y*nnnny*np", &nulls, &shape->kind_at, &shape->body_at, &shape->line_at, &shape->label_at,
                          &no_label, &shape->gathered_at, &pairs))
        return false;
    shape->size = (size_t)nulls.len;
    shape->gathers_pairs = pairs;
    shape->parts = (int)(no_label.len / (Py_ssize_t)sizeof(int32_t));
    bool is_sound = no_label.len <= (Py_ssize_t)sizeof shape->no_label && no_label.len % sizeof(int32_t) == 0 &&
                    is_mark(shape, shape->kind_at, 1) && is_mark(shape, shape->body_at, 4) && is_mark(shape, shape->line_at, 4) &&
                    is_mark(shape, shape->label_at, 4) && is_mark(shape, shape->gathered_at, 4) && shape->size > 0;
    if (is_sound && (shape->nulls = items_of(nulls.len, 1)) != NULL) {
        memcpy(shape->nulls, nulls.buf, shape->size);
        memcpy(shape->no_label, no_label.buf, (size_t)no_label.len);
    } else if (!is_sound) refuse("a shape reaches out of its row");
    PyBuffer_Release(&nulls);
    PyBuffer_Release(&no_label);
    return shape->nulls != NULL;
}

static bool read_output(Output *output, const Shape *shape, int value, PyObject *plan) {
    Py_ssize_t how, offset;
    if (!PyArg_ParseTuple(plan, "nn", &how, &offset)) return false;
    if (how < 0 || how >= HOWS || !is_within(shape, offset, SIZES[how]) || offset > INT32_MAX)
        return refuse("a member reaches out of its row");
    if (value != VALUE_OF[how] && !(value == OBJECT && how == NUMBER_OF_TEXT)) return refuse("a member has another value");
    *output = (Output){(uint8_t)how, (uint32_t)offset};
    return true;
}

static bool read_outputs(Member *member, const Shape *shape, PyObject *plan) {
    Py_ssize_t count = PyTuple_GET_SIZE(plan);
    if (count > UINT8_MAX) return refuse("a member goes to too many places");
    member->outputs = (uint8_t)count;
    if (count > 1 && (member->others = items_of(count, sizeof(Output))) == NULL) return false;
    for (Py_ssize_t place = 0; place < count; place++) {
        Output *output = count > 1 ? &member->others[place] : &member->output;
        if (!read_output(output, shape, member->value, PyTuple_GET_ITEM(plan, place))) return false;
    }
    return true;
}

static bool read_member(Reader *reader, Kind *kind, PyObject *plan) {
    Py_ssize_t name, value, part, rank;
    int is_required;
    PyObject *outputs;
    if (!PyArg_ParseTuple(plan, "nnpnnO!", &name, &value, &is_required, &part, &rank, &PyTuple_Type, &outputs)) return false;
    const Shape *shape = &reader->shapes[kind->shape];
    if (name < 0 || name >= reader->name_count || value <= NOT_ASKED || value >= VALUES) return refuse("no such member");
    if (part < NOWHERE || part >= shape->parts || (part != NOWHERE && value != TEXT && value != FLAG))
        return refuse("no such part of a label");
    if (rank < NOWHERE || rank > INT16_MAX || (rank != NOWHERE && shape->gathered_at == NOWHERE))
        return refuse("there is no place for what is gathered");
    Member *member = &kind->members[name];
    if (member->value != NOT_ASKED) return refuse("a member is named twice");
    *member = (Member){(uint8_t)value, (uint8_t)is_required, 0, (int8_t)part, (int16_t)rank, {0, 0}, NULL};
    kind->required += is_required;
    reader->gathers |= rank != NOWHERE;
    return read_outputs(member, shape, outputs);
}

static bool read_kind(Reader *reader, Kind *kind, PyObject *plan) {
    const char *word;
    Py_ssize_t size, shape;
    int skips_unknown;
    PyObject *members;
    if (!PyArg_ParseTuple(plan, "y#npO!", &word, &size, &shape, &skips_unknown, &PyTuple_Type, &members)) return false;
    if (size == 0 || size > NAME_SIZE - 1 || shape < 0 || shape >= reader->shape_count) return refuse("no such kind");
    memcpy(kind->word, word, (size_t)size);
    kind->word[size] = '"';
    kind->size = (size_t)size + 1;
    kind->shape = (int)shape;
    kind->skips_unknown = skips_unknown;
    if ((kind->members = items_of(reader->name_count, sizeof(Member))) == NULL) return false;
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(members); place++)
        if (!read_member(reader, kind, PyTuple_GET_ITEM(members, place))) return false;
    return true;
}

static bool read_plan(Reader *reader, PyObject *names, PyObject *shapes, PyObject *kinds) {
    if (!read_names(reader, names)) return false;
    if ((reader->shapes = items_of(PyTuple_GET_SIZE(shapes), sizeof(Shape))) == NULL) return false;
    for (; reader->shape_count < PyTuple_GET_SIZE(shapes); reader->shape_count++)
        if (!read_shape(&reader->shapes[reader->shape_count], PyTuple_GET_ITEM(shapes, reader->shape_count))) return false;
    if (PyTuple_GET_SIZE(kinds) > INT8_MAX) return refuse("there are too many kinds");
    if ((reader->kinds = items_of(PyTuple_GET_SIZE(kinds), sizeof(Kind))) == NULL) return false;
    for (; reader->kind_count < PyTuple_GET_SIZE(kinds); reader->kind_count++)
        if (!read_kind(reader, &reader->kinds[reader->kind_count], PyTuple_GET_ITEM(kinds, reader->kind_count))) {
            reader->kind_count++; /* what it has is freed */
            return false;
        }
    return true;
}

static void drop_plan(Reader *reader) {
    for (Py_ssize_t kind = 0; kind < reader->kind_count; kind++) {
        Member *members = reader->kinds[kind].members;
        for (Py_ssize_t name = 0; members && name < reader->name_count; name++) PyMem_Free(members[name].others);
        PyMem_Free(members);
    }
    for (Py_ssize_t shape = 0; shape < reader->shape_count; shape++) PyMem_Free(reader->shapes[shape].nulls);
    PyMem_Free(reader->names);
    PyMem_Free(reader->kinds);
    PyMem_Free(reader->shapes);
}

#endif
