/* What the cells of a column come to: members of JSON by the text of a cell, so that none is read twice (see cells.py). */
#ifndef FAIRWAY_TABLES_MEMBERS_H
#define FAIRWAY_TABLES_MEMBERS_H

#include "services/ingest/formats/tables/native/hash.h"

#define LONGEST_CELL   64  /* bytes of one that is remembered */
#define LONGEST_MEMBER 255 /* bytes; a record with a longer one is left to Python */
#define FEWEST_PLACES  256 /* a power of two */

typedef struct {
    uint64_t hash;
    uint32_t at; /* in the texts: the cell, then its member */
    uint8_t cell_size, member_size;
    bool is_taken;
} Known;

/* Open addressing, at most half full; forgotten as a whole when `most` are known. */
typedef struct {
    Known *entries;
    size_t places, used, most;
    char *texts;
    size_t texts_used, texts_room;
} Members;

static bool members_open(Members *members, size_t most) {
    *members = (Members){.places = FEWEST_PLACES, .most = most, .texts_room = 4096};
    members->entries = PyMem_Calloc(members->places, sizeof(Known));
    members->texts = PyMem_Malloc(members->texts_room);
    if (members->entries && members->texts) return true;
    PyErr_NoMemory();
    return false;
}

static void members_close(Members *members) {
    PyMem_Free(members->entries);
    PyMem_Free(members->texts);
}

static inline size_t place_of(const Members *members, Text cell, uint64_t hash) {
    size_t place = hash & (members->places - 1);
    for (;; place = (place + 1) & (members->places - 1)) {
        const Known *known = &members->entries[place];
        if (!known->is_taken) return place;
        if (known->hash != hash || known->cell_size != size_of(cell)) continue;
        if (memcmp(members->texts + known->at, cell.at, known->cell_size) == 0) return place;
    }
}

/* Whether the member of this cell is known; it stays where it is until `members_add`. */
static inline bool members_find(const Members *members, Text cell, uint64_t hash, Text *member) {
    const Known *known = &members->entries[place_of(members, cell, hash)];
    if (!known->is_taken) return false;
    member->at = members->texts + known->at + known->cell_size;
    member->end = member->at + known->member_size;
    return true;
}

static bool members_grow(Members *members) {
    size_t places = members->places * 2;
    Known *entries = PyMem_Calloc(places, sizeof(Known));
    if (entries == NULL) return PyErr_NoMemory() != NULL;
    for (size_t before = 0; before < members->places; before++) {
        if (!members->entries[before].is_taken) continue;
        size_t place = members->entries[before].hash & (places - 1);
        while (entries[place].is_taken) place = (place + 1) & (places - 1);
        entries[place] = members->entries[before];
    }
    PyMem_Free(members->entries);
    members->entries = entries;
    members->places = places;
    return true;
}

static bool members_room(Members *members, size_t more) {
    if (members->texts_room - members->texts_used >= more) return true;
    size_t room = members->texts_room * 2 + more;
    char *texts = PyMem_Realloc(members->texts, room);
    if (texts == NULL) return PyErr_NoMemory() != NULL;
    members->texts = texts;
    members->texts_room = room;
    return true;
}

/* Remember the member, of at most LONGEST_MEMBER bytes, of a cell of at most LONGEST_CELL that is not known. */
static bool members_add(Members *members, Text cell, uint64_t hash, Text member) {
    if (members->used >= members->most) {
        memset(members->entries, 0, members->places * sizeof(Known));
        members->used = members->texts_used = 0;
    }
    if (2 * (members->used + 1) > members->places && !members_grow(members)) return false;
    if (!members_room(members, size_of(cell) + size_of(member))) return false;
    Known *known = &members->entries[place_of(members, cell, hash)];
    *known = (Known){hash, (uint32_t)members->texts_used, (uint8_t)size_of(cell), (uint8_t)size_of(member), true};
    char *text = members->texts + known->at;
    if (!is_empty(cell)) memcpy(text, cell.at, size_of(cell));
    if (!is_empty(member)) memcpy(text + size_of(cell), member.at, size_of(member));
    members->texts_used += size_of(cell) + size_of(member);
    members->used++;
    return true;
}

#endif
