/* A bytearray that grows by doubling while it is written to. */
#ifndef FAIRWAY_GROWN_H
#define FAIRWAY_GROWN_H

#include "fairway/native.h"

typedef struct {
    PyObject *bytes; /* NULL before it is opened and once it is handed over */
    size_t used, room;
} Grown;

static inline char *grown_start(const Grown *grown) { return PyByteArray_AS_STRING(grown->bytes); }

static inline bool grown_open(Grown *grown, size_t room) {
    *grown = (Grown){PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)room), 0, room};
    return grown->bytes != NULL;
}

static inline bool grown_grow(Grown *grown, size_t more) {
    size_t room = 2 * grown->room > grown->used + more ? 2 * grown->room : grown->used + more;
    if (more > PY_SSIZE_T_MAX / 4 || room > PY_SSIZE_T_MAX / 2) {
        PyErr_NoMemory();
        return false;
    }
    if (PyByteArray_Resize(grown->bytes, (Py_ssize_t)room) < 0) return false;
    grown->room = room;
    return true;
}

/* Room for `more` bytes behind those used; where it begins. NULL with an exception set. */
static inline char *grown_reserve(Grown *grown, size_t more) {
    if (grown->room - grown->used < more && !grown_grow(grown, more)) return NULL;
    return grown_start(grown) + grown->used;
}

/* What was written; the caller's from now on. NULL with an exception set. */
static inline PyObject *grown_close(Grown *grown) {
    PyObject *bytes = grown->bytes;
    grown->bytes = NULL;
    if (PyByteArray_Resize(bytes, (Py_ssize_t)grown->used) < 0) Py_CLEAR(bytes);
    return bytes;
}

static inline void grown_drop(Grown *grown) { Py_CLEAR(grown->bytes); }

#endif
