/* Values of JSON without white space and escapes. Each reader says where its value ends, or NULL when it is not surely sound.

   The text ends with a control character, a line feed or NUL, at which every reader stops. */
#ifndef FAIRWAY_JSON_H
#define FAIRWAY_JSON_H

#include <float.h>

#include "fairway/native/words.h"

#define DEEPEST 60 /* objects and arrays inside each other; a bit each */

typedef struct {
    uint64_t digits;   /* all of them, as one number */
    int count, behind; /* how many there are, and how many of them stand behind the point */
    bool is_negative;
    bool is_plain; /* written as our encoder writes the value that it means; of a number with a point */
} Number;

/* Whether the bytes are UTF-8: no surrogates, nothing longer than need be (RFC 3629). */
static inline bool is_utf8(const char *at, const char *end) {
    while (at < end) {
        unsigned char first = (unsigned char)*at++;
        if (first < 0x80) continue;
        int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first < 0xC2 || first > 0xF4 || end - at < more) return false;
        unsigned char second = (unsigned char)*at;
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return false;
        if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return false;
        for (; more; more--)
            if (((unsigned char)*at++ & 0xC0) != 0x80) return false;
    }
    return true;
}

/* The closing quotation mark of a text that begins at `at`, behind the opening one. */
static inline const char *text_end(const char *at) {
    const char *begin = at;
    uint64_t high = 0;
    for (;; at += WORD) {
        uint64_t word = load_word(at);
        uint64_t marks = zero_bytes(word ^ EVERY('"')) | zero_bytes(word ^ EVERY('\\')) | control_bytes(word);
        if (marks) {
            int place = lowest_byte(marks);
            at += place;
            high |= word & first_bytes(place);
            if (*at != '"') return NULL;
            return (high & HIGHS) == 0 || is_utf8(begin, at) ? at : NULL;
        }
        high |= word;
    }
}

/* Every decimal of so few digits is the shortest that means its binary number, so it comes back as it went. */
static inline bool is_plain(const Number *number, char last) {
    bool is_small = number->behind > 4 && number->digits != 0 && number->digits < TENS[number->behind - 4];
    return number->count <= DBL_DIG && !is_small && (number->behind == 1 || last != '0');
}

static inline const char *number_end(const char *at, Number *number) {
    *number = (Number){.is_negative = *at == '-'};
    const char *first = at + number->is_negative;
    at = digits_end(first, &number->digits, &number->count);
    int before = number->count;
    if (before == 0 || (before > 1 && *first == '0')) return NULL;
    if (*at == '.') {
        at = digits_end(at + 1, &number->digits, &number->count);
        number->behind = number->count - before;
        if (number->behind == 0) return NULL;
        number->is_plain = number->count <= MOST_DIGITS && is_plain(number, at[-1]);
    }
    return number->count <= MOST_DIGITS ? at : NULL;
}

/* Whether it is a whole number, without a point. */
static inline bool is_whole(const Number *number) { return number->behind == 0 && !(number->is_negative && number->digits == 0); }

/* The nearest binary number. False when one division would not surely give it. */
static inline bool nearest_double(const Number *number, double *value) {
    if (FLT_EVAL_METHOD != 0 || number->digits >> DBL_MANT_DIG) return false;
    double found = (double)(int64_t)number->digits / (double)(int64_t)TENS[number->behind];
    *value = number->is_negative ? -found : found;
    return true;
}

/* `true` or `false`. */
static inline const char *flag_end(const char *at, bool *value) {
    uint64_t word = load_word(at);
    *value = (word & first_bytes(4)) == UINT64_C(0x65757274);
    if (*value) return at + 4;
    return (word & first_bytes(5)) == UINT64_C(0x65736C6166) ? at + 5 : NULL;
}

static inline const char *plain_value_end(const char *at, bool *is_plain) {
    bool flag;
    Number number;
    switch (*at) {
    case '"': at = text_end(at + 1); return at ? at + 1 : NULL;
    case 't':
    case 'f': return flag_end(at, &flag);
    case 'n': return (load_word(at) & first_bytes(4)) == UINT64_C(0x6C6C756E) ? at + 4 : NULL;
    default:
        at = number_end(at, &number);
        if (at && number.behind ? !number.is_plain : !is_whole(&number)) *is_plain = false;
        return at;
    }
}

static inline const char *name_end(const char *at) {
    if (*at != '"') return NULL;
    at = text_end(at + 1);
    return at && at[1] == ':' ? at + 2 : NULL;
}

/* Any value. `is_plain` becomes false when a number in it is not written as our encoder would write it. */
static inline const char *value_end(const char *at, bool *is_plain) {
    uint64_t objects = 0; /* of what is open, from the outermost: 1 for an object, 0 for an array */
    int depth = 0;
    for (;;) {
        bool is_opening = *at == '{' || *at == '[';
        if (is_opening) {
            if (depth++ == DEEPEST) return NULL;
            objects = objects << 1 | (*at++ == '{');
        } else if ((at = plain_value_end(at, is_plain)) == NULL) return NULL;
        bool is_ended = !is_opening;
        for (; depth && *at == (objects & 1 ? '}' : ']'); depth--, objects >>= 1, at++) is_ended = true;
        if (depth == 0) return at;
        if (is_ended && *at++ != ',') return NULL;
        if (objects & 1 && (at = name_end(at)) == NULL) return NULL;
    }
}

#endif
