/* Pieces of a line, and what their characters are. Nothing here looks past the end of a piece. */
#ifndef FAIRWAY_INGEST_TEXT_H
#define FAIRWAY_INGEST_TEXT_H

#include "fairway/native.h"

#define LONGEST_STATION 60 /* characters of a name that is shown as it is (tag_block.py) */

/* From `at` up to `end`; of nothing both may be NULL. */
typedef struct {
    const char *at, *end;
} Text;

static inline size_t size_of(Text text) { return (size_t)(text.end - text.at); }

static inline bool is_empty(Text text) { return text.at == text.end; }

static inline bool are_equal(Text one, Text other) {
    return size_of(one) == size_of(other) && (is_empty(one) || memcmp(one.at, other.at, size_of(one)) == 0);
}

/* Where `mark` is first in a text; its end when it is nowhere. */
static inline const char *find(Text text, char mark) {
    const char *found = is_empty(text) ? NULL : memchr(text.at, mark, size_of(text));
    return found ? found : text.end;
}

static inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static inline bool is_upper_or_digit(char byte) { return is_digit(byte) || (byte >= 'A' && byte <= 'Z'); }

static inline bool is_letter_or_digit(char byte) { return is_upper_or_digit(byte) || (byte >= 'a' && byte <= 'z'); }

/* Printable ASCII, but for what begins a sentence, a source line or a tag block: what may stand around one. */
static inline bool is_around(char byte) { return byte >= ' ' && byte <= '~' && byte != '!' && byte != '$' && byte != '\\'; }

static inline bool are_around(Text text) {
    bool all = true;
    for (const char *at = text.at; at < text.end; at++) all &= is_around(*at);
    return all;
}

static inline bool are_digits(Text text) {
    bool all = true;
    for (const char *at = text.at; at < text.end; at++) all &= is_digit(*at);
    return all;
}

/* The number that `count` characters mean, at most 18; -1 when they are not all digits. */
static inline int64_t number_of(const char *at, int count) {
    int64_t number = 0;
    for (int place = 0; place < count; place++) {
        if (!is_digit(at[place])) return -1;
        number = number * 10 + (at[place] - '0');
    }
    return number;
}

static inline int hex_digit(char byte) {
    if (is_digit(byte)) return byte - '0';
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The value of two hexadecimal digits; -1 when they are none. */
static inline int hex_pair(const char *at) {
    int high = hex_digit(at[0]), low = hex_digit(at[1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Whether a station's name, of characters that may be around a sentence, is shown as it is, and needs no escape in JSON. */
static inline bool is_station(Text name) {
    return !is_empty(name) && size_of(name) <= LONGEST_STATION && *name.at != ' ' && name.end[-1] != ' ' &&
           find(name, '"') == name.end;
}

#endif
