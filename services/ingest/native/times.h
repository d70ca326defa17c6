/* The calendar of the years 2000 to 2099, in which every fourth is a leap year, and the times that stand around sentences.

   line_times.py reads all that there are. What leaves any doubt, and what is of another century, is left to it. */
#ifndef FAIRWAY_INGEST_TIMES_H
#define FAIRWAY_INGEST_TIMES_H

#include "services/ingest/native/text.h"

#define NO_TIME   -1
#define DAY_MS    INT64_C(86400000)
#define FIRST_MS  INT64_C(946684800000)  /* of 2000, milliseconds since 1970 */
#define LAST_MS   INT64_C(4102444799999) /* of 2099 */
#define TIME_SIZE 24                     /* 2026-01-02T03:04:05.678Z */

/* Days of a year before each month, and in all of it. */
static const int DAYS[2][13] = {
    {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
    {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

/* Milliseconds since 1970; NO_TIME when there is no such time, or it is a leap second. The numbers may be -1, for none. */
static inline int64_t ms_of(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute, int64_t second) {
    if (year < 2000 || year > 2099 || month < 1 || month > 12) return NO_TIME;
    const int *days = DAYS[year % 4 == 0];
    if (day < 1 || day > days[month] - days[month - 1]) return NO_TIME;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NO_TIME;
    int64_t years = year - 2000, day_of_all = years * 365 + (years + 3) / 4 + days[month - 1] + day - 1;
    return FIRST_MS + day_of_all * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

static inline void write_digits(char *at, int count, int64_t number) {
    for (; count > 0; number /= 10) at[--count] = (char)('0' + number % 10);
}

/* A time from FIRST_MS to LAST_MS as it travels (fairway/clock.py), TIME_SIZE characters. */
static inline void write_time(char *at, int64_t ms) {
    int64_t day = (ms - FIRST_MS) / DAY_MS, left = (ms - FIRST_MS) % DAY_MS, year = day / 1461 * 4;
    day %= 1461; /* of four years, of which the first is a leap year */
    if (day >= 366) {
        year += 1 + (day - 366) / 365;
        day = (day - 366) % 365;
    }
    const int *days = DAYS[year % 4 == 0];
    int month = 1;
    while (day >= days[month]) month++;
    memcpy(at, "2000-00-00T00:00:00.000Z", TIME_SIZE);
    write_digits(at + 2, 2, year);
    write_digits(at + 5, 2, month);
    write_digits(at + 8, 2, day - days[month - 1] + 1);
    write_digits(at + 11, 2, left / 3600000);
    write_digits(at + 14, 2, left / 60000 % 60);
    write_digits(at + 17, 2, left / 1000 % 60);
    write_digits(at + 20, 3, left % 1000);
}

/* Since 1970, in seconds, or by the number of digits in milli-, micro- or nanoseconds; NO_TIME when it is anything else. */
static inline int64_t epoch_ms(Text text) {
    size_t size = size_of(text);
    if ((size != 10 && size != 13 && size != 16 && size != 19) || !are_digits(text)) return NO_TIME;
    return size == 10 ? number_of(text.at, 10) * 1000 : number_of(text.at, 13);
}

/* Whether a time of day surely ends here, in UTC: no digit or letter goes on with it, and no zone follows but Z. */
static inline bool ends_a_time(Text rest) {
    if (is_empty(rest)) return true;
    if (*rest.at == 'Z') return size_of(rest) == 1 || !is_letter_or_digit(rest.at[1]);
    if (is_letter_or_digit(*rest.at) || *rest.at == '+' || *rest.at == '-') return false;
    return *rest.at != ' ' || size_of(rest) == 1 || memchr("ZzUG+-", rest.at[1], 6) == NULL;
}

/* 2021-11-01T13:26:28.392 and what may stand behind it */
static inline int64_t date_prefix_ms(Text before) {
    const char *at = before.at;
    if (size_of(before) < sizeof("2021-11-01T13:26:28") - 1 || at[4] != '-' || at[7] != '-' || at[13] != ':' || at[16] != ':')
        return NO_TIME;
    if (at[10] != 'T' && at[10] != ' ') return NO_TIME;
    int64_t ms = ms_of(number_of(at, 4), number_of(at + 5, 2), number_of(at + 8, 2), number_of(at + 11, 2), number_of(at + 14, 2),
                       number_of(at + 17, 2));
    if (ms == NO_TIME) return NO_TIME;
    at += sizeof("2021-11-01T13:26:28") - 1;
    if (before.end - at >= 2 && (*at == '.' || *at == ',') && is_digit(at[1])) {
        int worth = 100; /* milliseconds; what is behind them is cut */
        const char *most = before.end - at > 10 ? at + 10 : before.end;
        for (at++; at < most && is_digit(*at); at++, worth /= 10) ms += worth * (*at - '0');
    }
    return ends_a_time((Text){at, before.end}) ? ms : NO_TIME;
}

/* The time that a text before a sentence, not an empty one, begins with; NO_TIME when that is not sure. */
static inline int64_t prefix_ms(Text before) {
    if (before.end[-1] == ' ') {
        int64_t ms = epoch_ms((Text){before.at, before.end - 1});
        if (ms != NO_TIME) return ms;
    }
    return date_prefix_ms(before);
}

#endif
