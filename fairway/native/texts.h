/* Distinct texts, numbered in the order in which they are first seen. */
#ifndef FAIRWAY_TEXTS_H
#define FAIRWAY_TEXTS_H

#include "fairway/native/grown.h"
#include "fairway/native/words.h"

#define FEWEST_SLOTS 256
#define MOST_STEPS   64 /* past slots of other texts. With a secret seed and half of the slots free it takes no such number */
#define NO_ROOM      -1 /* with an exception set */
#define NOT_FOUND    -2

typedef struct {
    uint32_t hash, next; /* `next`: the number of the text, and one; 0 where there is none */
} Slot;

typedef struct {
    Grown heap; /* the texts, one behind the other, with a word of room behind the last */
    Grown ends; /* int64_t: where each one ends */
    Slot *slots;
    uint32_t mask, count;
    uint64_t seed;
} Texts;

static inline uint64_t fold(uint64_t one, uint64_t other) {
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)one * other;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    one = (one ^ one >> 32) * (other | 1);
    return one ^ one >> 29;
#endif
}

static inline uint32_t hash_of(uint64_t seed, const char *at, size_t size) {
    static const uint64_t ODD = UINT64_C(0x9E3779B97F4A7C15), OTHER = UINT64_C(0xD6E8FEB86659FD93);
    uint64_t hash = fold(seed ^ size, ODD);
    for (; size > WORD; size -= WORD, at += WORD) hash = fold(hash ^ load_word(at), OTHER);
    hash = fold(hash ^ (load_word(at) & first_bytes((int)size)), ODD);
    return (uint32_t)(hash ^ hash >> 32);
}

static inline bool texts_open(Texts *texts, uint64_t seed) {
    *texts = (Texts){.mask = FEWEST_SLOTS - 1, .seed = seed};
    texts->slots = PyMem_Calloc(FEWEST_SLOTS, sizeof(Slot));
    if (texts->slots == NULL) {
        PyErr_NoMemory();
        return false;
    }
    return grown_open(&texts->heap, 4096) && grown_open(&texts->ends, FEWEST_SLOTS * sizeof(int64_t));
}

static inline void texts_drop(Texts *texts) {
    PyMem_Free(texts->slots);
    texts->slots = NULL;
    grown_drop(&texts->heap);
    grown_drop(&texts->ends);
}

static inline int64_t end_of(const Texts *texts, uint32_t number) {
    int64_t end;
    memcpy(&end, grown_start(&texts->ends) + number * sizeof end, sizeof end);
    return end;
}

static inline bool are_equal(const char *one, const char *other, size_t size) {
    for (; size > WORD; size -= WORD, one += WORD, other += WORD)
        if (load_word(one) != load_word(other)) return false;
    return ((load_word(one) ^ load_word(other)) & first_bytes((int)size)) == 0;
}

/* Whether this is the text of that number; false of a number that is none yet. */
static inline bool is_text(const Texts *texts, uint32_t number, const char *at, size_t size) {
    if (number >= texts->count) return false;
    int64_t begin = number ? end_of(texts, number - 1) : 0;
    return (size_t)(end_of(texts, number) - begin) == size && are_equal(grown_start(&texts->heap) + begin, at, size);
}

static inline bool texts_widen(Texts *texts) {
    uint32_t mask = 2 * texts->mask + 1;
    Slot *slots = PyMem_Calloc((size_t)mask + 1, sizeof(Slot));
    if (slots == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (uint32_t old = 0; old <= texts->mask; old++) {
        if (texts->slots[old].next == 0) continue;
        uint32_t place = texts->slots[old].hash & mask;
        while (slots[place].next) place = (place + 1) & mask;
        slots[place] = texts->slots[old];
    }
    PyMem_Free(texts->slots);
    texts->slots = slots;
    texts->mask = mask;
    return true;
}

static inline int32_t texts_add(Texts *texts, Slot *slot, uint32_t hash, const char *at, size_t size) {
    char *heap = grown_reserve(&texts->heap, size + WORD), *ends = heap ? grown_reserve(&texts->ends, sizeof(int64_t)) : NULL;
    if (ends == NULL) return NO_ROOM;
    memcpy(heap, at, size);
    texts->heap.used += size;
    int64_t end = (int64_t)texts->heap.used;
    memcpy(ends, &end, sizeof end);
    texts->ends.used += sizeof end;
    *slot = (Slot){hash, ++texts->count};
    uint32_t number = texts->count - 1;
    if (texts->count > texts->mask / 2 && !texts_widen(texts)) return NO_ROOM;
    return (int32_t)number;
}

/* The number of a text, which is added when it is new; NO_ROOM, or NOT_FOUND when it is not worth looking on. */
static inline int32_t texts_number(Texts *texts, const char *at, size_t size) {
    uint32_t hash = hash_of(texts->seed, at, size), place = hash & texts->mask;
    for (int step = 0; step < MOST_STEPS; step++, place = (place + 1) & texts->mask) {
        Slot *slot = &texts->slots[place];
        if (slot->next == 0) return texts->count < INT32_MAX / 2 ? texts_add(texts, slot, hash, at, size) : NOT_FOUND;
        if (slot->hash == hash && is_text(texts, slot->next - 1, at, size)) return (int32_t)(slot->next - 1);
    }
    return NOT_FOUND;
}

#endif
