/* A raw record as it stands in a message body, and the sentences in it.

    {"kind":"raw","source":"coastal.denmark",…,"time_source":"tag_block","sentences":["!AIVDM,1,1,,A,…"],"tag_block":"c:…"}
                  envelope                                                            one or all parts

   Only what our own encoder writes is read; whatever looks different in any way is left to Python. */
#ifndef FAIRWAY_DECODER_RAW_LINE_H
#define FAIRWAY_DECODER_RAW_LINE_H

#include "fairway/native.h"
#include "services/decoder/native/bits.h"

#define MOST_PARTS 9

typedef struct {
    const char *text; /* the members from "source" to the last before the sentences */
    size_t size;
    const char *event_time; /* between its quotation marks */
    size_t event_time_size;
} Envelope;

typedef struct {
    const char *tag; /* two letters of the talker, then VDM or VDO */
    const char *channel;
    size_t channel_size; /* at most two, letters and digits */
    const char *payload;
    size_t characters; /* at least one, all of them armour */
    unsigned fill;
    char count, number; /* digits: of how many parts this is which */
} Sentence;

typedef struct {
    Envelope envelope;
    Sentence sentences[MOST_PARTS];
    int parts;
} RawLine;

/* Each reader takes a text from `at` up to `end` and gives the place behind what it read, or NULL when that is not of the form. */

static inline const char *read_literal(const char *at, const char *end, const char *literal, size_t size) {
    return (size_t)(end - at) >= size && memcmp(at, literal, size) == 0 ? at + size : NULL;
}

#define READ(at, end, literal) read_literal(at, end, literal, sizeof(literal) - 1)

static inline bool is_plain(char byte) { return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\'; }

static inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/* A JSON text of printable ASCII without escapes, with its quotation marks. */
static const char *read_text(const char *at, const char *end) {
    if (at == NULL || at == end || *at++ != '"') return NULL;
    while (at < end && is_plain(*at)) at++;
    return at < end && *at == '"' ? at + 1 : NULL;
}

/* -?(0|[1-9]\d{0,8})\.\d{1,9} */
static const char *read_seconds(const char *at, const char *end) {
    if (at < end && *at == '-') at++;
    const char *whole = at;
    while (at < end && is_digit(*at)) at++;
    if (at == whole || at - whole > 9 || (*whole == '0' && at - whole > 1) || at == end || *at++ != '.') return NULL;
    const char *decimals = at;
    while (at < end && is_digit(*at)) at++;
    return at == decimals || at - decimals > 9 ? NULL : at;
}

static const char *read_envelope(const char *at, const char *end, Envelope *envelope) {
    const char *next;
    envelope->text = at;
    if ((at = READ(at, end, "\"source\":")) == NULL || (at = read_text(at, end)) == NULL) return NULL;
    if ((next = READ(at, end, ",\"station\":")) != NULL && (at = read_text(next, end)) == NULL) return NULL;
    if ((at = READ(at, end, ",\"event_time\":")) == NULL) return NULL;
    envelope->event_time = at + 1;
    if ((at = read_text(at, end)) == NULL) return NULL;
    envelope->event_time_size = (size_t)(at - 1 - envelope->event_time);
    if ((at = READ(at, end, ",\"received_at\":")) == NULL || (at = read_text(at, end)) == NULL) return NULL;
    if ((at = READ(at, end, ",\"time_source\":")) == NULL || (at = read_text(at, end)) == NULL) return NULL;
    if ((next = READ(at, end, ",\"time_shift\":")) != NULL && (at = read_seconds(next, end)) == NULL) return NULL;
    envelope->size = (size_t)(at - envelope->text);
    return at;
}

static inline bool is_upper_or_digit(char byte) { return is_digit(byte) || (byte >= 'A' && byte <= 'Z'); }

static inline bool is_letter_or_digit(char byte) { return is_upper_or_digit(byte) || (byte >= 'a' && byte <= 'z'); }

static inline bool is_talker(char byte) { return is_upper_or_digit(byte) || byte == '-'; }

/* !AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C and all that is plain behind it: nobody reads further than the star */
static const char *read_sentence(const char *at, const char *end, Sentence *sentence) {
    if (end - at < (Py_ssize_t)sizeof("!AIVDM,1,1,,,x,0*") - 1) return NULL;
    if (at[0] != '!' || !is_talker(at[1]) || !is_talker(at[2]) || at[3] != 'V' || at[4] != 'D') return NULL;
    if ((at[5] != 'M' && at[5] != 'O') || at[6] != ',' || at[8] != ',' || at[10] != ',') return NULL;
    sentence->tag = at + 1;
    sentence->count = at[7];
    sentence->number = at[9];
    at += sizeof("!AIVDM,1,1,") - 1;
    while (at < end && is_letter_or_digit(*at)) at++; /* the sequence number, which ingest has joined by */
    if (at == end || *at++ != ',') return NULL;
    sentence->channel = at;
    while (at < end && is_letter_or_digit(*at)) at++;
    sentence->channel_size = (size_t)(at - sentence->channel);
    if (sentence->channel_size > 2 || at == end || *at++ != ',') return NULL;
    sentence->payload = at;
    sentence->characters = armoured(at, (size_t)(end - at));
    at += sentence->characters;
    if (sentence->characters == 0 || end - at < 3 || at[0] != ',' || at[1] < '0' || at[1] > '6' || at[2] != '*') return NULL;
    sentence->fill = (unsigned)(at[1] - '0');
    at += 3;
    while (at < end && is_plain(*at)) at++;
    return at;
}

/* Whether the sentences are all parts of one message, in their order. */
static bool are_all_parts(const Sentence *sentences, int parts) {
    for (int part = 0; part < parts; part++)
        if (sentences[part].count != '0' + parts || sentences[part].number != '1' + part) return false;
    return true;
}

static inline bool begins_with(const char *at, const char *end, const Envelope *envelope) {
    return (size_t)(end - at) >= envelope->size && memcmp(at, envelope->text, envelope->size) == 0;
}

#define BEFORE_SENTENCES ",\"sentences\":["

/* A line without its end. `known` is the envelope of a line before, or of size 0. False when the line is not of the form. */
static bool read_raw_line(const char *at, const char *end, const Envelope *known, RawLine *line) {
    const char *next;
    if ((at = READ(at, end, "{\"kind\":\"raw\",")) == NULL) return false;
    if (known->size && begins_with(at, end, known) && (next = READ(at + known->size, end, BEFORE_SENTENCES)) != NULL) {
        line->envelope = *known;
        at = next;
    } else if ((at = read_envelope(at, end, &line->envelope)) == NULL || (at = READ(at, end, BEFORE_SENTENCES)) == NULL) {
        return false;
    }
    line->parts = 0;
    do {
        if (line->parts == MOST_PARTS || at == end || *at != '"') return false;
        if ((at = read_sentence(at + 1, end, &line->sentences[line->parts++])) == NULL) return false;
        if (at == end || *at++ != '"' || at == end) return false;
    } while (*at++ == ',');
    if (at[-1] != ']') return false;
    if ((next = READ(at, end, ",\"tag_block\":")) != NULL && (at = read_text(next, end)) == NULL) return false;
    return end - at == 1 && *at == '}' && are_all_parts(line->sentences, line->parts);
}

#endif
