/* What each ship said last of itself, as a digest: a row that says it again has nothing new.

   Only a copy of what last_said.py knows, of ships whose last row is known to be settled there: it may be lost at any time. */
#ifndef FAIRWAY_TABLES_SHIPS_H
#define FAIRWAY_TABLES_SHIPS_H

#include "fairway/native.h"

#define FEWEST_SHIPS 1024 /* places; a power of two */

typedef struct {
    uint64_t digest; /* of what it said last; 0: nobody knows */
    uint32_t mmsi;   /* plus one; 0: no ship */
    uint32_t call;   /* in which a row of it was left to Python, so that its later rows must be, too; 0: in none */
} Ship;

typedef struct {
    Ship *ships;
    size_t places, used, most;
} Ships;

static bool ships_open(Ships *all, size_t most) {
    *all = (Ships){PyMem_Calloc(FEWEST_SHIPS, sizeof(Ship)), FEWEST_SHIPS, 0, most};
    if (all->ships == NULL) PyErr_NoMemory();
    return all->ships != NULL;
}

static void ships_forget(Ships *all) {
    memset(all->ships, 0, all->places * sizeof(Ship));
    all->used = 0;
}

static inline size_t ship_place(const Ship *ships, size_t places, uint32_t mmsi) {
    size_t place = (mmsi * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (places - 1);
    while (ships[place].mmsi != 0 && ships[place].mmsi != mmsi + 1) place = (place + 1) & (places - 1);
    return place;
}

/* The ship, or NULL when nothing is known of it. */
static inline Ship *ship_find(const Ships *all, uint32_t mmsi) {
    Ship *ship = &all->ships[ship_place(all->ships, all->places, mmsi)];
    return ship->mmsi ? ship : NULL;
}

/* The ship, which is new when it was not known. NULL with an exception set. */
static Ship *ship_of(Ships *all, uint32_t mmsi) {
    if (2 * (all->used + 1) > all->places) {
        size_t places = all->places * 2;
        Ship *ships = PyMem_Calloc(places, sizeof(Ship));
        if (ships == NULL) return (Ship *)PyErr_NoMemory();
        for (size_t before = 0; before < all->places; before++) {
            const Ship *ship = &all->ships[before];
            if (ship->mmsi) ships[ship_place(ships, places, ship->mmsi - 1)] = *ship;
        }
        PyMem_Free(all->ships);
        all->ships = ships;
        all->places = places;
    }
    Ship *ship = &all->ships[ship_place(all->ships, all->places, mmsi)];
    if (ship->mmsi == 0) {
        *ship = (Ship){0, mmsi + 1, 0};
        all->used++;
    }
    return ship;
}

#endif
