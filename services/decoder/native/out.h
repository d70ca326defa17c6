/* Text that grows: one bytes object that is written into directly, so that the lines of a body are never copied. */
#ifndef FAIRWAY_DECODER_OUT_H
#define FAIRWAY_DECODER_OUT_H

#include "fairway/native.h"

#define STEP  16          /* bytes that are copied at once where a few too many do no harm */
#define SLACK (STEP + 16) /* room that is always left behind what was reserved */

typedef struct {
    PyObject *bytes; /* NULL once a reservation has failed */
    char *at, *end;  /* where the next byte goes, and the end of the room */
} Out;

static bool out_open(Out *out, size_t room) {
    out->bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(room + SLACK));
    if (out->bytes == NULL) return false;
    out->at = PyBytes_AS_STRING(out->bytes);
    out->end = out->at + room;
    return true;
}

static size_t out_size(const Out *out) { return (size_t)(out->at - PyBytes_AS_STRING(out->bytes)); }

static bool out_grow(Out *out, size_t more) {
    size_t size = out_size(out), room = size + more + size / 2;
    if (room < size || room > (size_t)PY_SSIZE_T_MAX - SLACK) {
        PyErr_NoMemory();
        return false;
    }
    if (_PyBytes_Resize(&out->bytes, (Py_ssize_t)(room + SLACK)) < 0) return false;
    out->at = PyBytes_AS_STRING(out->bytes) + size;
    out->end = PyBytes_AS_STRING(out->bytes) + room;
    return true;
}

/* Room for `more` bytes, and SLACK behind them. False, with an exception set, when there is none. */
static inline bool out_reserve(Out *out, size_t more) { return (size_t)(out->end - out->at) >= more || out_grow(out, more); }

/* The bytes written; the caller's from now on. NULL with an exception set when there is no memory. */
static PyObject *out_close(Out *out) {
    _PyBytes_Resize(&out->bytes, (Py_ssize_t)out_size(out));
    return out->bytes;
}

/* The writers below need room that was reserved. */

static inline void put(Out *out, const char *text, size_t size) {
    memcpy(out->at, text, size);
    out->at += size;
}

static inline void put_byte(Out *out, char byte) { *out->at++ = byte; }

/* Of short texts behind which STEP bytes may be read: a call of memcpy would cost more than the copy. */
static inline void put_short(Out *out, const char *text, size_t size) {
    char *to = out->at;
    out->at += size;
    do {
        memcpy(to, text, STEP);
        to += STEP;
        text += STEP;
    } while (to < out->at);
}

#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

static const char PAIRS[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static inline void put_two(Out *out, unsigned number) { put(out, PAIRS + 2 * number, 2); }

static inline void put_three(Out *out, unsigned number) {
    put_byte(out, (char)('0' + number / 100));
    put_two(out, number % 100);
}

static inline void put_number(Out *out, uint64_t number) {
    char digits[20], *first = digits + sizeof digits;
    while (number >= 100) {
        first -= 2;
        memcpy(first, PAIRS + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10) {
        first -= 2;
        memcpy(first, PAIRS + 2 * number, 2);
    } else {
        *--first = (char)('0' + number);
    }
    put(out, first, (size_t)(digits + sizeof digits - first));
}

#endif
