/* Where the values of each key are remembered: a table of 64-bit keys and slots, asked and changed a column at a time.

   Open addressing, linear probing, at most half full; what is removed leaves no trace (Knuth, TAOCP 3, 6.4, algorithm R), so the
   table does not age. A dictionary does the same at ten times the price, most of it for objects: see last_seen.py.

   And the keys of a batch put into groups, without sorting them. */
#include "fairway/native.h"

#define FEWEST_PLACES 1024 /* a power of two */
#define AHEAD         8    /* keys whose place is fetched from memory while others are looked at */
#define EMPTY         -1   /* as a slot */

typedef struct {
    int64_t key, slot;
} Entry;

typedef struct {
    PyObject_HEAD
    Entry *entries;
    size_t places, used;
} Keys;

typedef struct {
    Py_buffer view;
    int64_t *numbers;
    Py_ssize_t count;
} Column;

static bool column_open(PyObject *source, bool is_written, Column *column) {
    int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (is_written ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(source, &column->view, flags) < 0) return false;
    if (column->view.itemsize != 8 || column->view.ndim != 1 || strchr("lq", column->view.format[0]) == NULL) {
        PyBuffer_Release(&column->view);
        PyErr_SetString(PyExc_TypeError, "a column is an array of 64-bit whole numbers");
        return false;
    }
    column->numbers = column->view.buf;
    column->count = column->view.len / 8;
    return true;
}

/* Two columns of one length. */
static bool columns_open(PyObject *one, PyObject *other, bool is_written, Column *columns) {
    if (!column_open(one, false, &columns[0])) return false;
    if (column_open(other, is_written, &columns[1])) {
        if (columns[0].count == columns[1].count) return true;
        PyErr_SetString(PyExc_ValueError, "the columns are not equally long");
        PyBuffer_Release(&columns[1].view);
    }
    PyBuffer_Release(&columns[0].view);
    return false;
}

/* Mixes all bits of a key into each other (splitmix64), for keys come in steps. */
static inline size_t mixed(int64_t key) {
    uint64_t bits = (uint64_t)key;
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EBu;
    return (size_t)(bits ^ bits >> 31);
}

static inline size_t home_of(const Keys *self, int64_t key) { return mixed(key) & (self->places - 1); }

/* Where the key is, or the empty place where it would be. */
static inline Entry *entry_of(const Keys *self, int64_t key) {
    size_t place = home_of(self, key);
    while (self->entries[place].slot != EMPTY && self->entries[place].key != key) place = (place + 1) & (self->places - 1);
    return &self->entries[place];
}

static Entry *new_entries(size_t places) {
    Entry *entries = PyMem_Malloc(places * sizeof(Entry));
    for (size_t place = 0; entries && place < places; place++) entries[place] = (Entry){0, EMPTY};
    if (entries == NULL) PyErr_NoMemory();
    return entries;
}

static bool make_room(Keys *self, size_t more) {
    size_t before = self->places, places = before;
    while (2 * (self->used + more) > places) places *= 2;
    if (places == before) return true;
    Entry *old = self->entries, *new = new_entries(places);
    if (new == NULL) return false;
    self->entries = new;
    self->places = places;
    for (size_t place = 0; place < before; place++)
        if (old[place].slot != EMPTY) *entry_of(self, old[place].key) = old[place];
    PyMem_Free(old);
    return true;
}

PyDoc_STRVAR(find_doc, "find(keys, slots)\n\nWrite the slot of each key into slots, -1 for one that is not there.");

static PyObject *keys_find(Keys *self, PyObject *arguments) {
    PyObject *keys, *slots;
    Column columns[2];
    if (!PyArg_ParseTuple(arguments, "OO", &keys, &slots) || !columns_open(keys, slots, true, columns)) return NULL;
    for (Py_ssize_t at = 0; at < columns->count; at++) {
        if (at + AHEAD < columns->count) __builtin_prefetch(&self->entries[home_of(self, columns->numbers[at + AHEAD])]);
        columns[1].numbers[at] = entry_of(self, columns->numbers[at])->slot;
    }
    PyBuffer_Release(&columns[0].view);
    PyBuffer_Release(&columns[1].view);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(add_doc, "add(keys, slots)\n\nSay the slot, 0 or more, of each key.");

static PyObject *keys_add(Keys *self, PyObject *arguments) {
    PyObject *keys, *slots;
    Column columns[2];
    if (!PyArg_ParseTuple(arguments, "OO", &keys, &slots) || !columns_open(keys, slots, false, columns)) return NULL;
    bool is_sound = make_room(self, (size_t)columns->count);
    for (Py_ssize_t at = 0; is_sound && at < columns->count; at++) {
        Entry *entry = entry_of(self, columns->numbers[at]);
        if (columns[1].numbers[at] < 0) {
            PyErr_SetString(PyExc_ValueError, "a slot is 0 or more");
            is_sound = false;
        } else {
            self->used += entry->slot == EMPTY;
            *entry = (Entry){columns->numbers[at], columns[1].numbers[at]};
        }
    }
    PyBuffer_Release(&columns[0].view);
    PyBuffer_Release(&columns[1].view);
    if (!is_sound) return NULL;
    Py_RETURN_NONE;
}

/* Empties a place, and moves up those behind it that would otherwise not be found any more. */
static void remove_entry(Keys *self, Entry *entry) {
    size_t mask = self->places - 1, hole = (size_t)(entry - self->entries);
    for (size_t place = (hole + 1) & mask; self->entries[place].slot != EMPTY; place = (place + 1) & mask) {
        size_t home = home_of(self, self->entries[place].key);
        if (((place - home) & mask) >= ((place - hole) & mask)) {
            self->entries[hole] = self->entries[place];
            hole = place;
        }
    }
    self->entries[hole].slot = EMPTY;
    self->used--;
}

PyDoc_STRVAR(remove_doc, "remove(keys)\n\nForget these keys, as far as they are there.");

static PyObject *keys_remove(Keys *self, PyObject *keys) {
    Column column;
    if (!column_open(keys, false, &column)) return NULL;
    for (Py_ssize_t at = 0; at < column.count; at++) {
        Entry *entry = entry_of(self, column.numbers[at]);
        if (entry->slot != EMPTY) remove_entry(self, entry);
    }
    PyBuffer_Release(&column.view);
    Py_RETURN_NONE;
}

static Py_ssize_t keys_length(Keys *self) { return (Py_ssize_t)self->used; }

static PyObject *keys_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    (void)keywords;
    if (!PyArg_ParseTuple(arguments, "")) return NULL;
    Keys *self = (Keys *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->places = FEWEST_PLACES;
    self->entries = new_entries(self->places);
    if (self->entries) return (PyObject *)self;
    Py_DECREF(self);
    return NULL;
}

static void keys_dealloc(Keys *self) {
    PyMem_Free(self->entries);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef keys_methods[] = {
    {"find", (PyCFunction)keys_find, METH_VARARGS, find_doc},
    {"add", (PyCFunction)keys_add, METH_VARARGS, add_doc},
    {"remove", (PyCFunction)keys_remove, METH_O, remove_doc},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods keys_as_sequence = {.sq_length = (lenfunc)keys_length};

static PyTypeObject KeysType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "services.filter.keys.Keys",
    .tp_doc = "A slot for each of many 64-bit keys.",
    .tp_basicsize = sizeof(Keys),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_as_sequence = &keys_as_sequence,
    .tp_methods = keys_methods,
    .tp_new = keys_new,
    .tp_dealloc = (destructor)keys_dealloc,
};

/* Numbers the distinct keys in the order in which they appear, writes these and for each row the number of its key, and counts for
   each row how many of its key came before it. Returns how many keys there are. `found` is a table of a power of two places, all
   EMPTY, more than twice as many as rows; `counts` are as many zeros as rows. */
static Py_ssize_t number_keys(const Column *columns, Entry *found, size_t places, int64_t *counts, int64_t *rounds) {
    const int64_t *keys = columns[0].numbers;
    int64_t *distinct = columns[1].numbers, *which = columns[2].numbers, many = 0;
    for (Py_ssize_t row = 0; row < columns[0].count; row++) {
        size_t place = mixed(keys[row]) & (places - 1);
        while (found[place].slot != EMPTY && found[place].key != keys[row]) place = (place + 1) & (places - 1);
        if (found[place].slot == EMPTY) {
            found[place] = (Entry){keys[row], many};
            distinct[many++] = keys[row];
        }
        which[row] = found[place].slot;
        rounds[row] = counts[found[place].slot]++;
    }
    return (Py_ssize_t)many;
}

/* Writes the rows of each round behind those of the round before it, and where each round ends. Returns how many there are. */
static Py_ssize_t order_rows(Py_ssize_t rows, const int64_t *rounds, int64_t *order, int64_t *ends) {
    int64_t many = 0;
    for (Py_ssize_t row = 0; row < rows; row++) {
        if (rounds[row] == many) ends[many++] = 0; /* each round begins with a key that was in the one before */
        ends[rounds[row]]++;
    }
    for (int64_t round = 0, begin = 0; round < many; round++) {
        int64_t size = ends[round];
        ends[round] = begin; /* for now */
        begin += size;
    }
    for (Py_ssize_t row = 0; row < rows; row++) order[ends[rounds[row]]++] = row;
    return (Py_ssize_t)many;
}

PyDoc_STRVAR(group_doc, "group(keys, distinct, which, order, ends) -> (count of distinct, count of rounds)\n\nSee keys.pyi.");

static PyObject *group(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *sources[5];
    Column columns[5];
    int open = 0;
    if (!PyArg_ParseTuple(arguments, "OOOOO", &sources[0], &sources[1], &sources[2], &sources[3], &sources[4])) return NULL;
    while (open < 5 && column_open(sources[open], open > 0, &columns[open])) open++;
    bool is_sound = open == 5;
    Py_ssize_t rows = is_sound ? columns[0].count : 0, distinct = 0, rounds = 0;
    for (int column = 1; is_sound && column < 5; column++) {
        is_sound = columns[column].count == rows;
        if (!is_sound) PyErr_SetString(PyExc_ValueError, "the columns are not equally long");
    }
    if (is_sound) {
        size_t places = FEWEST_PLACES;
        while (places <= 2 * (size_t)rows) places *= 2;
        Entry *found = new_entries(places);
        int64_t *counts = PyMem_Calloc(2 * (size_t)rows + 1, sizeof(int64_t)), *round_of = counts + rows;
        is_sound = found && counts;
        if (is_sound) {
            distinct = number_keys(columns, found, places, counts, round_of);
            rounds = order_rows(rows, round_of, columns[3].numbers, columns[4].numbers);
        } else {
            PyErr_NoMemory();
        }
        PyMem_Free(found);
        PyMem_Free(counts);
    }
    while (open > 0) PyBuffer_Release(&columns[--open].view);
    return is_sound ? Py_BuildValue("nn", distinct, rounds) : NULL;
}

static PyMethodDef functions[] = {
    {"group", group, METH_VARARGS, group_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "keys", .m_doc = "See keys.pyi.", .m_size = -1,
                                    .m_methods = functions};

PyMODINIT_FUNC PyInit_keys(void) {
    PyObject *self = PyModule_Create(&module);
    if (self && PyModule_AddType(self, &KeysType) < 0) Py_CLEAR(self);
    return self;
}
