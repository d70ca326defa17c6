/* A hash of texts whose secret is made anew for each process, so that nobody can send texts that all have the same.

   It multiplies to 128 bits and folds them, a word at a time (as wyhash does). */
#ifndef FAIRWAY_TABLES_HASH_H
#define FAIRWAY_TABLES_HASH_H

#include "services/ingest/native/text.h"

typedef struct {
    uint64_t start, factor;
} Secret;

static inline uint64_t fold(uint64_t one, uint64_t other) {
    __uint128_t product = (__uint128_t)one * other;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* All bytes of a text of less than eight, without looking past it: each is in there at least once. */
static inline uint64_t short_word(Text text) {
    size_t size = size_of(text);
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, text.at, 4);
        memcpy(&last, text.end - 4, 4);
        return (uint64_t)first << 32 | last;
    }
    if (size == 0) return 0;
    return (uint64_t)(uint8_t)text.at[0] << 16 | (uint64_t)(uint8_t)text.at[size / 2] << 8 | (uint8_t)text.end[-1];
}

/* The hash of what was hashed to `before`, and this text. */
static inline uint64_t hash_on(uint64_t before, Text text, const Secret *secret) {
    uint64_t hash = fold(before ^ size_of(text), secret->factor);
    const char *at = text.at;
    if (size_of(text) < 8) return fold(hash ^ short_word(text), secret->factor);
    for (; text.end - at > 8; at += 8) hash = fold(hash ^ word_at(at), secret->factor);
    return fold(hash ^ word_at(text.end - 8), secret->factor);
}

static inline uint64_t hash_of(Text text, const Secret *secret) { return hash_on(secret->start, text, secret); }

#endif
