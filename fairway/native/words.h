/* Eight characters at a time, as one number of which the first character is the lowest byte.

   Whoever calls these has READABLE bytes behind the text that is looked at. */
#ifndef FAIRWAY_WORDS_H
#define FAIRWAY_WORDS_H

#include "fairway/native.h"

#define READABLE    32 /* bytes that may be looked at behind the end of a text; the first of them ends it, see json.h */
#define WORD        8
#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGHS       EVERY(0x80)
#define MOST_DIGITS 18 /* of a number: they fit 64 bits with a sign */

static const uint64_t TENS[MOST_DIGITS + 1] = {UINT64_C(1),
                                               UINT64_C(10),
                                               UINT64_C(100),
                                               UINT64_C(1000),
                                               UINT64_C(10000),
                                               UINT64_C(100000),
                                               UINT64_C(1000000),
                                               UINT64_C(10000000),
                                               UINT64_C(100000000),
                                               UINT64_C(1000000000),
                                               UINT64_C(10000000000),
                                               UINT64_C(100000000000),
                                               UINT64_C(1000000000000),
                                               UINT64_C(10000000000000),
                                               UINT64_C(100000000000000),
                                               UINT64_C(1000000000000000),
                                               UINT64_C(10000000000000000),
                                               UINT64_C(100000000000000000),
                                               UINT64_C(1000000000000000000)};

static inline uint64_t load_word(const char *at) {
    uint64_t word;
    memcpy(&word, at, WORD);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The first `count` (0 to 8) bytes of a word are ones, the others zeros. */
static inline uint64_t first_bytes(int count) { return count == 0 ? 0 : ~UINT64_C(0) >> (64 - 8 * count); }

/* The bytes of a word before the first that is marked, of some that are. */
static inline uint64_t bytes_before(uint64_t marks) { return (marks ^ (marks - 1)) >> 8; }

/* Which byte of a word has the lowest bit that is set. */
static inline int lowest_byte(uint64_t word) { return __builtin_ctzll(word) >> 3; }

/* The high bit of every byte that is zero. Above the lowest such byte it may say so of others, too: look at the lowest alone. */
static inline uint64_t zero_bytes(uint64_t word) { return (word - EVERY(1)) & ~word & HIGHS; }

/* The same of bytes below a space. */
static inline uint64_t control_bytes(uint64_t word) { return (word - EVERY(' ')) & ~word & HIGHS; }

/* The same of bytes that are no digits, of a word from which "00000000" was taken by exclusive or. */
static inline uint64_t beyond_nine(uint64_t word) { return ((word + EVERY(0x76)) | word) & HIGHS; }

/* The number that eight digits make, the first in the lowest byte. */
static inline uint64_t number_of_digits(uint64_t digits) {
    uint64_t pairs = (digits * 10 + (digits >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
    uint64_t fours = (pairs * 100 + (pairs >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
    return (fours * 10000 + (fours >> 32)) & UINT64_C(0xFFFFFFFF);
}

/* Goes on with a number over the digits that follow, and says where they end. With a count above MOST_DIGITS it means nothing. */
static inline const char *digits_end(const char *at, uint64_t *number, int *count) {
    for (;;) {
        uint64_t word = load_word(at) ^ EVERY('0'), others = beyond_nine(word);
        int more = others ? lowest_byte(others) : WORD;
        if (more == 0) return at;
        *number = *number * TENS[more] + number_of_digits(word << (64 - 8 * more));
        *count += more;
        at += more;
        if (more < WORD || *count > MOST_DIGITS) return at;
    }
}

#endif
