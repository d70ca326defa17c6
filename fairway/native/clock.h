/* Times of the one form that travels, 2026-01-02T03:04:05.678Z (fairway/clock.py), in microseconds since 1970 UTC. */
#ifndef FAIRWAY_CLOCK_H
#define FAIRWAY_CLOCK_H

#include "fairway/native/words.h"

#define TIME_SIZE 24

typedef struct {
    uint64_t words[3];
    int64_t microseconds;
} Moment; /* the last time that was read: most records have one of it in common with the one before */

static inline bool is_date(int64_t year, int64_t month, int64_t day) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= DAYS[month - 1] + (month == 2 && is_leap);
}

/* Days since 1970-01-01 of a date that is one: years begin in March, so that the leap day is their last. */
static inline int64_t days_since_1970(int64_t year, int64_t month, int64_t day) {
    if (month <= 2) year--, month += 12;
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469;
}

static inline Moment moment_of_1970(void) {
    static const char TEXT[] = "1970-01-01T00:00:00.000Z";
    return (Moment){{load_word(TEXT), load_word(TEXT + 8), load_word(TEXT + 16)}, 0};
}

/* Reads TIME_SIZE characters. False when they are not a time of that form. */
static inline bool read_time(const char *at, Moment *moment) {
    uint64_t words[3] = {load_word(at), load_word(at + 8), load_word(at + 16)};
    if (words[0] == moment->words[0] && words[1] == moment->words[1] && words[2] == moment->words[2]) return true;
    static const char FORM[] = "0000-00-00T00:00:00.000Z";
    int64_t parts[7] = {0}, *part = parts;
    for (int place = 0; place < TIME_SIZE; place++) {
        if (FORM[place] != '0') {
            if (at[place] != FORM[place]) return false;
            part++;
        } else if (at[place] < '0' || at[place] > '9') return false;
        else *part = *part * 10 + (at[place] - '0');
    }
    if (!is_date(parts[0], parts[1], parts[2]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return false;
    int64_t seconds = ((days_since_1970(parts[0], parts[1], parts[2]) * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5];
    memcpy(moment->words, words, sizeof words);
    moment->microseconds = (seconds * 1000 + parts[6]) * 1000;
    return true;
}

#endif
