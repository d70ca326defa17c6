/* The bits of a payload: from the armour of IEC 61162-1 (six bits a character) to numbers. bits.py says the same in Python. */
#ifndef FAIRWAY_DECODER_BITS_H
#define FAIRWAY_DECODER_BITS_H

#include "fairway/native.h"

#define MOST_CHARACTERS 1024 /* nine sentences of eighty have fewer; a longer payload is left to Python */
#define BEHIND          16   /* zero bytes behind the last bit, which a number may be read together with */

typedef struct {
    unsigned length;                                  /* bits, without fill bits */
    uint8_t packed[MOST_CHARACTERS / 4 * 3 + BEHIND]; /* the first bit sent is the highest of the first byte */
} Bits;

typedef struct {
    uint16_t offset, width;
} Span; /* bits */

/* Of each character the six bits that it stands for, 64 for those outside the armour; and CRC-32 as of zip and zlib, eight bytes
   a step. Both are filled once, when the module is loaded. */
static uint8_t SIX_BITS[256];
static uint32_t CRC[8][256];

static void bits_prepare(void) {
    memset(SIX_BITS, 64, sizeof SIX_BITS);
    for (int six = 0; six < 64; six++) SIX_BITS[six < 40 ? '0' + six : '`' + six - 40] = (uint8_t)six;
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t sum = byte;
        for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
        CRC[0][byte] = sum;
    }
    for (int step = 1; step < 8; step++)
        for (int byte = 0; byte < 256; byte++) CRC[step][byte] = CRC[step - 1][byte] >> 8 ^ CRC[0][CRC[step - 1][byte] & 0xFF];
}

/* How many characters from `at` on are armour, all of `size` when nothing else is among them. */
static inline size_t armoured(const char *at, size_t size) {
    size_t count = 0;
    while (count < size && SIX_BITS[(uint8_t)at[count]] < 64) count++;
    return count;
}

/* The bits of armoured text, at most MOST_CHARACTERS and not fewer bits than `fill`, which are left out at its end. */
static void unarmour(Bits *bits, const char *text, size_t characters, unsigned fill) {
    uint8_t *to = bits->packed;
    size_t at = 0;
    for (; at + 4 <= characters; at += 4) {
        uint32_t four = (uint32_t)SIX_BITS[(uint8_t)text[at]] << 18 | (uint32_t)SIX_BITS[(uint8_t)text[at + 1]] << 12 |
                        (uint32_t)SIX_BITS[(uint8_t)text[at + 2]] << 6 | SIX_BITS[(uint8_t)text[at + 3]];
        *to++ = (uint8_t)(four >> 16);
        *to++ = (uint8_t)(four >> 8);
        *to++ = (uint8_t)four;
    }
    memset(to, 0, BEHIND);
    for (unsigned shift = 18; at < characters; at++, shift -= 6) {
        uint32_t six = (uint32_t)SIX_BITS[(uint8_t)text[at]] << shift;
        to[0] |= (uint8_t)(six >> 16);
        to[1] |= (uint8_t)(six >> 8);
        to[2] |= (uint8_t)six;
    }
    bits->length = (unsigned)characters * 6 - fill;
}

/* At most 56 bits, of which the first must be within the payload. */
static inline uint64_t number(const Bits *bits, Span span) {
    uint64_t word;
    memcpy(&word, bits->packed + span.offset / 8, sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word << (span.offset & 7) >> (64 - span.width);
}

/* One six-bit character. */
static inline uint8_t six_bits(const Bits *bits, unsigned offset) {
    const uint8_t *at = bits->packed + offset / 8;
    return (uint8_t)((unsigned)(at[0] << 8 | at[1]) >> (10 - (offset & 7)) & 63);
}

static uint32_t crc32(const char *text, size_t size) {
    const uint8_t *at = (const uint8_t *)text;
    uint32_t sum = 0xFFFFFFFF;
    for (; size >= 8; at += 8, size -= 8) {
        uint32_t low = sum ^ ((uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
        sum = CRC[7][low & 0xFF] ^ CRC[6][low >> 8 & 0xFF] ^ CRC[5][low >> 16 & 0xFF] ^ CRC[4][low >> 24] ^ CRC[3][at[4]] ^
              CRC[2][at[5]] ^ CRC[1][at[6]] ^ CRC[0][at[7]];
    }
    while (size--) sum = sum >> 8 ^ CRC[0][(sum ^ *at++) & 0xFF];
    return ~sum;
}

#endif
