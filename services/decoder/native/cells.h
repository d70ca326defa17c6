/* Cells: the members of a decoded line, and how each is printed from the bits of a message.

   Python makes them of the layouts (lines.py), so that names, offsets, scales and sentinels stand in one place only. A program
   is the cells of one layout and length, in the order of the line. A cell that says nothing of a message prints nothing. */
#ifndef FAIRWAY_DECODER_CELLS_H
#define FAIRWAY_DECODER_CELLS_H

#include "services/decoder/native/bits.h"
#include "services/decoder/native/out.h"
#include "services/decoder/native/raw_line.h"
#include "services/decoder/native/times.h"

#define MOST_SPANS 6
#define MOST_NULLS 4

typedef enum { PRINTED, LEFT, FAILED } Result; /* LEFT: not sure, Python shall read it; FAILED: an exception is set */

/* What a program prints of. */
typedef struct {
    Envelope envelope;
    const char *tag, *channel;
    size_t channel_size;
    const char *payload;
    size_t characters;
    size_t room; /* bytes that its line may need, without what an application says */
    Bits bits;
} Message;

/* Texts by number, filled up to one width: two bytes that say how long it is, then the text. */
typedef struct {
    const char *entries;
    size_t stride, count;
} Texts;

typedef struct {
    Span span;
    int64_t low, high, null[MOST_NULLS]; /* outside of low to high, or one of null: the number means nothing */
    int nulls;
} Field;

typedef struct Cell Cell;
typedef Result (*Print)(const Cell *cell, const Message *message, Out *out);

struct Cell {
    Print print;
    Span spans[MOST_SPANS];
    int span_count, field_count;
    Texts texts, other;
    const char *name;       /* what stands before a value */
    size_t name_size, most; /* bytes that it may print, besides the envelope and data */
    Field *fields;
    int64_t whole, parts, of; /* of degrees: the most of them, and what a unit of the number is in 0.000001 degree */
    PyObject *content;        /* of data: who reads them, or NULL */
};

static inline bool means_nothing(const Field *field, int64_t number) {
    if (number < field->low || number > field->high) return true;
    for (int place = 0; place < field->nulls; place++)
        if (number == field->null[place]) return true;
    return false;
}

static inline void put_text(Out *out, const Texts *texts, uint64_t number) {
    const char *entry = texts->entries + number * texts->stride;
    uint16_t size;
    memcpy(&size, entry, sizeof size);
    put_short(out, entry + sizeof size, size);
}

static Result print_table(const Cell *cell, const Message *message, Out *out) {
    uint64_t index = number(&message->bits, cell->spans[0]);
    for (int place = 1; place < cell->span_count; place++)
        index = index << cell->spans[place].width | number(&message->bits, cell->spans[place]);
    put_text(out, &cell->texts, index);
    return PRINTED;
}

static Result print_constant(const Cell *cell, const Message *message, Out *out) {
    (void)message;
    put(out, cell->name, cell->name_size);
    return PRINTED;
}

static Result print_envelope(const Cell *cell, const Message *message, Out *out) {
    (void)cell;
    put(out, message->envelope.text, message->envelope.size);
    return PRINTED;
}

static Result print_number(const Cell *cell, const Message *message, Out *out) {
    uint64_t value = number(&message->bits, cell->spans[0]);
    if (means_nothing(cell->fields, (int64_t)value)) return PRINTED;
    put(out, cell->name, cell->name_size);
    put_number(out, value);
    return PRINTED;
}

/* A longitude or latitude with six decimals. `of` is odd, so there is no tie. */
static Result print_degrees(const Cell *cell, const Message *message, Out *out) {
    unsigned width = cell->spans[0].width;
    int64_t value = (int64_t)number(&message->bits, cell->spans[0]);
    bool is_negative = value >> (width - 1);
    if (is_negative) value = ((int64_t)1 << width) - value;
    uint64_t millionths = (uint64_t)(value * (2 * cell->parts) + cell->of) / (uint64_t)(2 * cell->of);
    if (millionths > (uint64_t)cell->whole * 1000000) return PRINTED;
    put(out, cell->name, cell->name_size);
    if (is_negative) put_byte(out, '-');
    put_number(out, millionths / 1000000);
    put_byte(out, '.');
    put_three(out, (unsigned)(millionths / 1000 % 1000));
    put_three(out, (unsigned)(millionths % 1000));
    return PRINTED;
}

/* Two numbers that mean nothing when both are zero. */
static Result print_pair(const Cell *cell, const Message *message, Out *out) {
    uint64_t one = number(&message->bits, cell->spans[0]), other = number(&message->bits, cell->spans[1]);
    if (one | other) {
        put_text(out, &cell->texts, one);
        put_text(out, &cell->other, other);
    }
    return PRINTED;
}

/* A number that means nothing where all of some fields do. */
static Result print_unless_hidden(const Cell *cell, const Message *message, Out *out) {
    for (int place = 0; place < cell->field_count; place++)
        if (!means_nothing(&cell->fields[place], (int64_t)number(&message->bits, cell->fields[place].span)))
            return print_table(cell, message, out);
    return PRINTED;
}

/* Channel, talker, own ship. */
static Result print_sender(const Cell *cell, const Message *message, Out *out) {
    (void)cell;
    if (message->channel_size) {
        PUT(out, ",\"channel\":\"");
        put(out, message->channel, message->channel_size);
        put_byte(out, '"');
    }
    PUT(out, ",\"talker\":\"");
    put(out, message->tag, 2);
    put_byte(out, '"');
    if (message->tag[4] == 'O') PUT(out, ",\"own_ship\":true");
    return PRINTED;
}

static Result print_digest(const Cell *cell, const Message *message, Out *out) {
    (void)cell;
    PUT(out, ",\"digest\":");
    put_number(out, crc32(message->payload, message->characters));
    return PRINTED;
}

/* Six-bit text, each of its spans ended by its first @, without spaces at the end of the whole. */
static Result print_text(const Cell *cell, const Message *message, Out *out) {
    char *before = out->at, *end = out->at;
    put(out, cell->name, cell->name_size);
    for (int place = 0; place < cell->span_count; place++) {
        unsigned offset = cell->spans[place].offset, behind = offset + cell->spans[place].width;
        for (; offset < behind; offset += 6) {
            uint8_t six = six_bits(&message->bits, offset);
            if (six == 0) break;
            char letter = (char)(six < 32 ? six + 64 : six);
            if (letter == '"' || letter == '\\') put_byte(out, '\\');
            put_byte(out, letter);
            if (letter != ' ') end = out->at;
        }
    }
    out->at = end;
    if (end != before) put_byte(out, '"');
    return PRINTED;
}

/* Reads the fields of a time of day; false when one of them is not known. */
static bool read_known(const Cell *cell, const Message *message, int64_t *values) {
    for (int place = 0; place < cell->field_count; place++) {
        values[place] = (int64_t)number(&message->bits, cell->fields[place].span);
        if (means_nothing(&cell->fields[place], values[place])) return false;
    }
    return true;
}

static void put_time(Out *out, const Cell *cell, int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute,
                     int64_t second) {
    put(out, cell->name, cell->name_size);
    put_two(out, (unsigned)year / 100), put_two(out, (unsigned)year % 100);
    put_byte(out, '-'), put_two(out, (unsigned)month);
    put_byte(out, '-'), put_two(out, (unsigned)day);
    put_byte(out, 'T'), put_two(out, (unsigned)hour);
    put_byte(out, ':'), put_two(out, (unsigned)minute);
    put_byte(out, ':'), put_two(out, (unsigned)second);
    PUT(out, ".000Z\"");
}

/* A base station's time from year, month, day, hour, minute, second; nothing unless all are known. */
static Result print_clock(const Cell *cell, const Message *message, Out *out) {
    int64_t v[6];
    if (read_known(cell, message, v) && is_date(v[0], v[1], v[2])) put_time(out, cell, v[0], v[1], v[2], v[3], v[4], v[5]);
    return PRINTED;
}

/* An ETA from month, day, hour, minute, in the year that puts it nearest to the event (fairway.calendar). */
static Result print_eta(const Cell *cell, const Message *message, Out *out) {
    int64_t v[4], event, year;
    if (!read_known(cell, message, v)) return PRINTED;
    if (!read_time(message->envelope.event_time, message->envelope.event_time_size, &event, &year)) return LEFT;
    static const int SHIFTS[] = {0, 1, -1}; /* of two as near, the first */
    int64_t nearest = 0, least = INT64_MAX;
    for (int place = 0; place < 3; place++) {
        int64_t candidate = year + SHIFTS[place];
        if (!is_date(candidate, v[0], v[1])) continue;
        int64_t distance = milliseconds(candidate, v[0], v[1], v[2], v[3], 0) - event;
        if (distance < 0) distance = -distance;
        if (distance < least) least = distance, nearest = candidate;
    }
    if (least < INT64_MAX) put_time(out, cell, nearest, v[0], v[1], v[2], v[3], 0);
    return PRINTED;
}

/* The bits from an offset to the end as hex and how many they are, and what an application finds in them. */
static Result print_data(const Cell *cell, const Message *message, Out *out) {
    static const char DIGITS[] = "0123456789abcdef";
    unsigned offset = cell->spans[0].offset, length = message->bits.length, width = length > offset ? length - offset : 0;
    uint8_t data[MOST_CHARACTERS / 4 * 3];
    unsigned size = (width + 7) / 8;
    for (unsigned place = 0; place < size; place++)
        data[place] = (uint8_t)number(&message->bits, (Span){(uint16_t)(offset + 8 * place), 8});
    if (width & 7) data[size - 1] &= (uint8_t)(0xFF00 >> (width & 7));
    if (size) {
        PUT(out, ",\"data\":\"");
        for (unsigned place = 0; place < size; place++)
            put_byte(out, DIGITS[data[place] >> 4]), put_byte(out, DIGITS[data[place] & 15]);
        put_byte(out, '"');
    }
    PUT(out, ",\"bits\":");
    put_number(out, width);
    if (cell->content == NULL) return PRINTED;
    int dac = (int)number(&message->bits, cell->spans[1]), fid = (int)number(&message->bits, cell->spans[2]);
    PyObject *said = PyObject_CallFunction(cell->content, "iiy#I", dac, fid, (const char *)data, (Py_ssize_t)size, width);
    if (said == NULL) return FAILED;
    Result result = PyBytes_Check(said) ? PRINTED : LEFT;
    if (result == PRINTED) {
        size_t more = (size_t)PyBytes_GET_SIZE(said);
        if (out_reserve(out, more + message->room)) put(out, PyBytes_AS_STRING(said), more);
        else result = FAILED;
    }
    Py_DECREF(said);
    return result;
}

#endif
