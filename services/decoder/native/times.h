/* The calendar, and times of the one form that travels: 2026-01-02T03:04:05.678Z (fairway/clock.py). */
#ifndef FAIRWAY_DECODER_TIMES_H
#define FAIRWAY_DECODER_TIMES_H

#include "fairway/native.h"

static bool is_date(int64_t year, int64_t month, int64_t day) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= DAYS[month - 1] + (month == 2 && is_leap);
}

/* Days since 1970-01-01 of a date that is one: years begin in March, so that the leap day is their last. */
static int64_t days(int64_t year, int64_t month, int64_t day) {
    if (month <= 2) year--, month += 12;
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469;
}

/* Milliseconds since 1970 UTC. */
static int64_t milliseconds(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute, int64_t second) {
    return (((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

/* Reads a time, in milliseconds since 1970, and its year. False when the text is not one of the form, to the last character. */
static bool read_time(const char *text, size_t size, int64_t *time, int64_t *year) {
    static const char FORM[] = "0000-00-00T00:00:00.000Z";
    if (size != sizeof FORM - 1) return false;
    int64_t parts[7] = {0}, *part = parts;
    for (size_t place = 0; place < size; place++) {
        if (FORM[place] == '0') {
            if (text[place] < '0' || text[place] > '9') return false;
            *part = *part * 10 + (text[place] - '0');
        } else {
            if (text[place] != FORM[place]) return false;
            part++;
        }
    }
    if (!is_date(parts[0], parts[1], parts[2]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return false;
    *time = milliseconds(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]) + parts[6];
    *year = parts[0];
    return true;
}

#endif
