/* One line of a usual form, and what it says of its sentence.

    2021-11-01T13:26:28.392 \s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06,r003669945,1671533232
    prefix                  tag block                  sentence                                       trailing

   Each reader takes a text from `at` up to `end` and gives the place behind what it read, or NULL when that is not surely what it
   reads: then Python reads the line (framing.py), which knows all forms. Either must say the same of the same line. */
#ifndef FAIRWAY_INGEST_LINE_H
#define FAIRWAY_INGEST_LINE_H

#include "services/ingest/native/times.h"

/* In order of what is believed first; names of records.TIME_SOURCES. */
typedef enum { TAG_BLOCK, PGHP, TRAILING, PREFIX, RECEIVED } TimeSource;

/* Who received a sentence and when, as far as it is said. */
typedef struct {
    Text station;     /* empty when nobody says */
    int64_t event_ms; /* since 1970; NO_TIME when nobody says */
    TimeSource source;
} Told;

typedef struct {
    Text text;   /* from `!` to the checksum */
    Text family; /* what the parts of a message share: sequence id and channel, with the comma between */
    char total, number;
    uint8_t sum;
} Sentence;

/* A $PGHP about the sentence that comes next (source_lines.py). */
typedef struct {
    Told told;
    int sum; /* of the message that it is about; -1 when it does not say */
} SourceLine;

/* What a tag block says of the group that its line is of; the first line of a group speaks for the others (surroundings.py). */
typedef struct {
    Text name; /* empty when it is of none */
    int number;
} Group;

/* Lines of the last four are of no sentence; a $PSHI tells nothing that is used. */
typedef enum { NOT_SURE, SENTENCE, TAG_BLOCK_ONLY, SOURCE_LINE, SILENT_SOURCE_LINE, OTHER_SENTENCE, BLANK } Kind;

typedef struct {
    Told told;      /* by all that is around the sentence */
    Told tagged;    /* by the tag block alone */
    Text tag_block; /* without its checksum; empty when there is none */
    Group group;
    Sentence sentence;
    SourceLine source_line;
} Line;

static const Told NOTHING_TOLD = {.event_ms = NO_TIME, .source = RECEIVED};

static inline void tell_time(Told *told, int64_t ms, TimeSource source) {
    if (told->event_ms != NO_TIME || ms == NO_TIME) return;
    told->event_ms = ms;
    told->source = source;
}

static inline void tell_station(Told *told, Text station) {
    if (is_empty(told->station)) told->station = station;
}

/* The exclusive or of a sentence between `!` and `*` (NMEA 0183, 5.3); -1 when a character of it is one that none usually has. */
static inline int sum_of_sentence(Text body) {
    uint8_t sum = 0, odd = 0;
    for (const char *at = body.at; at < body.end; at++) {
        uint8_t byte = (uint8_t)*at;
        sum ^= byte;
        odd |= (uint8_t)((byte < ',') | (byte > '~') | (byte == '\\'));
    }
    return odd ? -1 : sum;
}

static inline bool is_talker(char byte) { return is_upper_or_digit(byte) || byte == '-'; }

/* !AIVDM,2,1,5,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C */
static inline const char *read_sentence(const char *at, const char *end, Sentence *sentence) {
    if (end - at < (Py_ssize_t)sizeof("!AIVDM,1,1,,,,*00") - 1) return NULL;
    if (at[0] != '!' || !is_talker(at[1]) || !is_talker(at[2]) || at[3] != 'V' || at[4] != 'D') return NULL;
    if ((at[5] != 'M' && at[5] != 'O') || at[6] != ',' || at[8] != ',' || at[10] != ',') return NULL;
    if (at[7] < '1' || at[7] > '9' || at[9] < '1' || at[9] > at[7]) return NULL;
    const char *sequence = at + sizeof("!AIVDM,2,1,") - 1, *channel, *payload, *fill, *star;
    if ((channel = find((Text){sequence, end}, ',')) == end) return NULL;
    if ((payload = find((Text){channel + 1, end}, ',')) == end) return NULL;
    if ((fill = find((Text){payload + 1, end}, ',')) == end) return NULL;
    for (star = fill + 1; star < end && *star != '*' && *star != ','; star++);
    if (end - star < 3 || *star != '*') return NULL;
    int sum = sum_of_sentence((Text){at + 1, star});
    if (sum < 0 || sum != hex_pair(star + 1)) return NULL;
    *sentence = (Sentence){{at, star + 3}, {sequence, payload}, at[7], at[9], (uint8_t)sum};
    return star + 3;
}

static inline bool is_key(Text key, const char *name) { return are_equal(key, (Text){name, name + strlen(name)}); }

/* `1-2-1159` of a field g (4.00): number, total, name */
static inline bool read_group(Text value, Group *group) {
    const char *number_end = find(value, '-');
    if (number_end == value.end || number_end == value.at || number_end - value.at > 3 || !is_empty(group->name)) return false;
    const char *total_end = find((Text){number_end + 1, value.end}, '-');
    if (total_end == value.end) return false;
    group->number = (int)number_of(value.at, (int)(number_end - value.at));
    group->name = (Text){total_end + 1, value.end};
    return group->number >= 0 && !is_empty(group->name);
}

/* What the fields of a tag block say. False when that is not sure. */
static inline bool read_tags(Text tags, Told *told, Group *group) {
    Text base_station = {NULL, NULL};
    for (const char *at = tags.at, *end; at <= tags.end; at = end + 1) {
        end = find((Text){at, tags.end}, ',');
        const char *colon = find((Text){at, end}, ':');
        Text key = {at, colon}, value = {colon < end ? colon + 1 : end, end};
        if (is_key(key, "c")) {
            told->source = TAG_BLOCK;
            if ((told->event_ms = epoch_ms(value)) == NO_TIME) return false;
        } else if (is_key(key, "s")) {
            told->station = value;
            if (!is_station(value)) return false;
        } else if (is_key(key, "sb")) { /* of the Danish Maritime Authority */
            base_station = value;
            if (!is_station(value)) return false;
        } else if (is_key(key, "g")) {
            if (!read_group(value, group)) return false;
        } else if (find(key, 'G') < key.end) { /* a group of 4.10 */
            return false;
        }
    }
    tell_station(told, base_station);
    return true;
}

/* The sum of a block without the group that a relay has put before it; -1 when it does not begin with one. */
static inline int sum_behind_group(Text block, uint8_t sum) {
    const char *rest = find(block, ',');
    if (rest == block.end || block.at[0] != 'g' || block.at[1] != ':') return -1;
    for (const char *at = block.at; at <= rest; at++) sum ^= (uint8_t)*at;
    return sum;
}

/* \s:2573535,c:1671533231*08\ and those with a wrong sum that are believed all the same (tag_block.py) */
static inline const char *read_tag_block(const char *at, const char *end, Line *line) {
    if (at == end || *at != '\\') return NULL;
    const char *star = find((Text){++at, end}, '*');
    if (star == at || end - star < 4 || star[3] != '\\') return NULL;
    uint8_t sum = 0;
    for (const char *next = at; next < star; next++) {
        if (!is_around(*next) || *next == '"') return NULL;
        sum ^= (uint8_t)*next;
    }
    int said = hex_pair(star + 1);
    line->tag_block = (Text){at, star};
    if (said < 0 || (said != sum && said != 0 && said != sum_behind_group(line->tag_block, sum))) return NULL;
    return read_tags(line->tag_block, &line->tagged, &line->group) ? star + 4 : NULL;
}

/* Whether a field behind a sentence is a station: r003669945, or with a digit between the first letter and the rest of it */
static inline bool is_trailing_station(Text field) {
    const char *at = field.at + 1;
    if (*field.at == 'd' || *field.at == 'D') {
        if (at == field.end || !is_digit(*at++)) return false;
    }
    if (field.end - at < 3 || field.end - at > 59 || !is_letter_or_digit(*at)) return false;
    for (; at < field.end; at++)
        if (!is_letter_or_digit(*at) && *at != '_' && *at != '-') return false;
    return true;
}

/* ,d-095,S1651,t161344.00,T44.03018211,r3669963,1429287142 */
static inline bool read_trailing(Text trailing, Told *told) {
    if (!are_around(trailing)) return false;
    if (size_of(trailing) < 2) return true; /* a quotation mark, say */
    if (*trailing.at != ',' || trailing.end[-1] == ' ') return false;
    Text station = {NULL, NULL};
    int64_t ms = NO_TIME;
    for (const char *at = trailing.at + 1, *end; at <= trailing.end; at = end + 1) {
        end = find((Text){at, trailing.end}, ',');
        Text field = {at, end};
        if (is_empty(field)) continue;
        if (memchr("rRbBdD", *at, 6)) {
            if (end[-1] == ' ') return false;
            if (is_trailing_station(field)) station = field;
        } else if (is_digit(*at) && ms == NO_TIME && (ms = epoch_ms(field)) == NO_TIME) {
            return false;
        }
    }
    tell_station(told, station);
    tell_time(told, ms, TRAILING);
    return true;
}

static inline bool begins_with(const char *at, const char *end, const char *begin) {
    return (size_t)(end - at) >= strlen(begin) && memcmp(at, begin, strlen(begin)) == 0;
}

/* A number of one digit to `most`, and the comma behind it. */
static inline const char *read_number(const char *at, const char *end, int most, int64_t *number) {
    const char *comma = at ? find((Text){at, end}, ',') : end;
    if (comma == end || comma == at || comma - at > most) return NULL;
    *number = number_of(at, (int)(comma - at));
    return *number < 0 ? NULL : comma + 1;
}

/* $PGHP,1,2014,4,10,13,30,29,165,219,,2190067,1,28*22 and whatever is behind it */
static inline bool read_source_line(const char *at, const char *end, SourceLine *found) {
    static const char BEGIN[] = "$PGHP,1,";
    if (!begins_with(at, end, BEGIN)) return false;
    const char *star = find((Text){at, end}, '*');
    if (end - star < 3) return false;
    uint8_t sum = 0;
    for (const char *next = at + 1; next < star; next++) sum ^= (uint8_t)*next;
    if (hex_pair(star + 1) != sum) return false;
    int64_t year, month, day, hour, minute, second, millisecond;
    const char *next = read_number(at + sizeof BEGIN - 1, star, 4, &year);
    next = read_number(next, star, 2, &month);
    next = read_number(next, star, 2, &day);
    next = read_number(next, star, 2, &hour);
    next = read_number(next, star, 2, &minute);
    next = read_number(next, star, 2, &second);
    next = read_number(next, star, 3, &millisecond);
    Text fields[5]; /* country, region, base station, online, checksum */
    for (int place = 0; place < 5; place++) {
        if (next == NULL || next > star) return false;
        fields[place] = (Text){next, find((Text){next, star}, ',')};
        next = fields[place].end + 1;
    }
    int64_t ms = ms_of(year, month, day, hour, minute, second);
    if (next != star + 1 || ms == NO_TIME) return false;
    Text station = fields[2], message_sum = fields[4];
    if (is_key(station, "0") || is_empty(station)) station = (Text){NULL, NULL};
    else if (!is_station(station)) return false;
    found->told = (Told){station, ms + millisecond, PGHP};
    found->sum = -1;
    if (is_empty(message_sum)) return true;
    found->sum = size_of(message_sum) == 2 ? hex_pair(message_sum.at) : -1;
    return found->sum >= 0;
}

/* A line that begins with `$` */
static inline Kind read_parametric(const char *at, const char *end, Line *line) {
    if (!are_around((Text){at + 1, end})) return NOT_SURE;
    if (begins_with(at, end, "$PGHP,")) return read_source_line(at, end, &line->source_line) ? SOURCE_LINE : NOT_SURE;
    return begins_with(at, end, "$PSHI,") ? SILENT_SOURCE_LINE : OTHER_SENTENCE;
}

/* Reads a line, which may have a carriage return left at its end; what kind of a usual line it is, or NOT_SURE. */
static inline Kind read_line(Text text, Line *line) {
    const char *at = text.at, *end = text.end;
    if (at < end && end[-1] == '\r') end--;
    if (at == end) return BLANK;
    if (*at == '$') return read_parametric(at, end, line);
    line->tagged = NOTHING_TOLD;
    line->tag_block = line->group.name = (Text){NULL, NULL};
    int64_t ms = NO_TIME;
    if (is_digit(*at)) {
        const char *before = at;
        while (at < end && is_around(*at)) at++;
        if ((ms = prefix_ms((Text){before, at})) == NO_TIME) return NOT_SURE;
    }
    if (at < end && *at == '\\') {
        if ((at = read_tag_block(at, end, line)) == NULL) return NOT_SURE;
        if (at == end) return ms == NO_TIME && is_empty(line->group.name) ? TAG_BLOCK_ONLY : NOT_SURE;
    }
    line->told = line->tagged;
    if ((at = read_sentence(at, end, &line->sentence)) == NULL || !read_trailing((Text){at, end}, &line->told)) return NOT_SURE;
    tell_time(&line->told, ms, PREFIX);
    return SENTENCE;
}

#endif
