/* Rows that came just before, as hashes, so that exact copies are told: what recent_rows.py does, a row at a time. */
#ifndef FAIRWAY_TABLES_RECENT_H
#define FAIRWAY_TABLES_RECENT_H

#include "fairway/native.h"

typedef struct {
    PyObject_HEAD
    Py_hash_t *young, *old; /* open addressing; 0: no hash */
    size_t places, used, generation;
} Recent;

static inline size_t recent_place(const Recent *self, const Py_hash_t *hashes, Py_hash_t hash) {
    size_t place = (size_t)hash & (self->places - 1);
    while (hashes[place] != 0 && hashes[place] != hash) place = (place + 1) & (self->places - 1);
    return place;
}

/* Whether a row of this hash came just before; it has come now. */
static inline bool recent_has(Recent *self, Py_hash_t hash) {
    if (hash == 0) hash = 1;
    size_t place = recent_place(self, self->young, hash);
    if (self->young[place] != 0 || self->old[recent_place(self, self->old, hash)] != 0) return true;
    self->young[place] = hash;
    if (++self->used < self->generation) return false;
    Py_hash_t *oldest = self->old;
    self->old = self->young;
    self->young = oldest;
    self->used = 0;
    memset(self->young, 0, self->places * sizeof *self->young);
    return false;
}

static PyObject *recent_forget(PyObject *object, PyObject *unused) {
    (void)unused;
    Recent *self = (Recent *)object;
    memset(self->young, 0, self->places * sizeof *self->young);
    memset(self->old, 0, self->places * sizeof *self->old);
    self->used = 0;
    Py_RETURN_NONE;
}

static PyObject *recent_fresh(PyObject *object, PyObject *lines) {
    if (!PyList_Check(lines)) return PyErr_Format(PyExc_TypeError, "lines are a list");
    PyObject *fresh = PyList_New(0);
    for (Py_ssize_t index = 0; fresh && index < PyList_GET_SIZE(lines); index++) {
        PyObject *line = PyList_GET_ITEM(lines, index);
        Py_hash_t hash = PyObject_Hash(line);
        bool is_known = hash != -1 && recent_has((Recent *)object, hash);
        if (hash == -1 || (!is_known && PyList_Append(fresh, line) < 0)) Py_CLEAR(fresh);
    }
    return fresh;
}

static void recent_dealloc(PyObject *object) {
    Recent *self = (Recent *)object;
    PyMem_Free(self->young);
    PyMem_Free(self->old);
    PyTypeObject *type = Py_TYPE(object);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *recent_new(PyTypeObject *type, PyObject *arguments, PyObject *named) {
    static char *names[] = {"generation", NULL};
    Py_ssize_t generation;
    if (!PyArg_ParseTupleAndKeywords(arguments, named, "n", names, &generation)) return NULL;
    if (generation < 1 || generation > 1 << 24) return PyErr_Format(PyExc_ValueError, "a generation has 1 to 2^24 rows");
    Recent *self = (Recent *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->generation = (size_t)generation;
    for (self->places = 2; self->places < 2 * self->generation; self->places *= 2);
    self->young = PyMem_Calloc(self->places, sizeof *self->young);
    self->old = PyMem_Calloc(self->places, sizeof *self->old);
    if (self->young && self->old) return (PyObject *)self;
    Py_DECREF(self);
    return PyErr_NoMemory();
}

static PyMethodDef recent_methods[] = {
    {"fresh", recent_fresh, METH_O, "The lines that are not copies of recent ones."},
    {"forget", recent_forget, METH_NOARGS, "Forget all of them."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot recent_slots[] = {
    {Py_tp_new, recent_new},
    {Py_tp_dealloc, recent_dealloc},
    {Py_tp_methods, recent_methods},
    {Py_tp_doc, "Remembers one to two generations of different rows; see recent_rows.py."},
    {0, NULL},
};

static PyType_Spec recent_spec = {
    .name = "services.ingest.formats.tables.rows.RecentRows",
    .basicsize = sizeof(Recent),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = recent_slots,
};

#endif
