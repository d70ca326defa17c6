/* Rows of a table to lines of decoded NDJSON, many at a time: what plan.py does with the rows that say nothing unusual.

   Which column is which field, and what the text of a cell means, Python decides: this asks it once for each text that comes up
   (`convert`) and remembers the answer, a member of JSON. Read here are only numbers that hardly come twice, longitude and
   latitude. A row that says something new of its ship, or leaves any doubt, is left to Python, in its place (usual_rows.py). */
#include "fairway/native/clock.h"
#include "services/ingest/formats/tables/native/members.h"
#include "services/ingest/formats/tables/native/recent.h"
#include "services/ingest/formats/tables/native/ships.h"

#define MOST_COLUMNS     256
#define MOST_MMSI_DIGITS 10
#define MOST_MMSI        ((INT64_C(1) << 30) - 1)
#define DEGREE_DIGITS    6  /* decimals that are kept (values.py) */
#define DEGREE_ROOM      16 /* -180.000000 and some */

static const char EVENT_TIME[] = ",\"event_time\":\"", RECEIVED_AT[] = "\",\"received_at\":\"",
                  TIME_SOURCE[] = "\",\"time_source\":\"provider\",\"mmsi\":", END[] = "}\n";

/* How the cells of one column become members of one field. */
typedef struct {
    int place;
    Text name;     /* ,"lon": of degrees */
    int64_t limit; /* of degrees, in millionths; 0 of anything else, which is remembered */
    Members members;
    char spare[LONGEST_MEMBER]; /* of a cell that is not remembered */
} Reading;

typedef enum { LITERAL, MEMBER, PAIR } Sort;

/* What comes next in a record: bytes, the first member of some readings that says something, or a position. */
typedef struct {
    Sort sort;
    Text literal;
    int first, count; /* of the readings, in Kind.readings */
} Step;

typedef struct {
    Text before; /* of a record: its kind and source */
    Step *steps;
    int count;
    int *readings;
    size_t room; /* that a record of it needs at most, without what is of the call */
    bool has_static;
} Kind;

/* A row that was left to Python. */
typedef struct {
    uint64_t digest;
    uint32_t mmsi;
    bool has_ship, may_settle;
} Left;

typedef struct {
    PyObject_HEAD
    PyObject *convert, *kept; /* kept: what the texts of the kinds point into */
    Recent *recent;
    Secret secret;
    int width;
    char delimiter;
    Reading *readings;
    int readings_count;
    int mmsi, time, kind, station; /* readings; kind and station may be -1 */
    Kind *kinds;
    int kinds_count;
    int *about_ship; /* places */
    int about_ship_count;
    Ships ships;
    uint32_t call;
    Left *left;
    Py_ssize_t left_count, left_room;
    char *line;
    size_t line_room;
    Moment last_time;
    Text cells[MOST_COLUMNS];
} Reader;

/* What all rows of a call share. */
typedef struct {
    Text station, received_at;
    int64_t from_us, to_us; /* believed */
    int64_t first_us;       /* of the first row; negative before that */
} Call;

typedef enum { FITS, WRONG_WIDTH, UNSURE } Fit;

/* --- a line to cells --- */

/* A cell within quotation marks, of which there are none within it. NULL when it is not surely one. */
static const char *quoted_cell(const char *at, const char *end, char delimiter, Text *cell) {
    const char *close = find((Text){at + 1, end}, '"');
    if (close == end || (close + 1 < end && close[1] != delimiter)) return NULL;
    for (const char *each = at; each < close; each++)
        if (*each == '\r' || *each == '!') return NULL;
    *cell = (Text){at + 1, close};
    return close + 1;
}

/* A cell up to its delimiter, or the end of the line. NULL when that is not sure; `!` may be the begin of a sentence. */
static inline const char *plain_cell(const char *at, const char *end, char delimiter, Text *cell) {
    cell->at = at;
    for (; at < end && *at != delimiter; at++)
        if (*at == '"' || *at == '\r' || *at == '!') return NULL;
    cell->end = at;
    return at;
}

/* Splits a line as dialect.py does. Cells behind the last column must be empty. */
static Fit split(Reader *self, Text line) {
    const char *at = line.at, *end = line.end;
    if (end[-1] == '\r') end--;
    int count = 0;
    for (;; at++) {
        Text beyond, *cell = count < self->width ? &self->cells[count] : &beyond;
        bool is_quoted = at < end && *at == '"';
        at = is_quoted ? quoted_cell(at, end, self->delimiter, cell) : plain_cell(at, end, self->delimiter, cell);
        if (at == NULL || (cell == &beyond && !is_empty(beyond))) return UNSURE;
        count++;
        if (at == end) return count < self->width ? WRONG_WIDTH : FITS;
    }
}

/* --- a cell to a member; 1 when there is one, 0 when Python must look at the row, -1 with an exception set --- */

static int ask(Reader *self, int index, Text cell, uint64_t hash, Text *member) {
    Reading *reading = &self->readings[index];
    PyObject *made = PyObject_CallFunction(self->convert, "iy#", index, cell.at, (Py_ssize_t)size_of(cell));
    if (made == NULL) return -1;
    int found = 0;
    if (PyBytes_Check(made) && PyBytes_GET_SIZE(made) <= LONGEST_MEMBER) {
        size_t size = (size_t)PyBytes_GET_SIZE(made);
        memcpy(reading->spare, PyBytes_AS_STRING(made), size);
        *member = (Text){reading->spare, reading->spare + size};
        found = 1;
        if (reading->limit == 0 && size_of(cell) <= LONGEST_CELL && !members_add(&reading->members, cell, hash, *member))
            found = -1;
    }
    Py_DECREF(made);
    return found;
}

static inline int look_up(Reader *self, int index, Text *member) {
    const Reading *reading = &self->readings[index];
    Text cell = self->cells[reading->place];
    uint64_t hash = hash_of(cell, &self->secret);
    if (members_find(&reading->members, cell, hash, member)) return 1;
    return ask(self, index, cell, hash, member);
}

/* -10.050000 as -10.05: the shortest form of a number of degrees that is written plainly, with at most DEGREE_DIGITS decimals.
   The size of the text; 0 when it is beyond the limit, which means not available; -1 when it is written otherwise. */
static inline int shortest_degrees(Text cell, int64_t limit, char *out) {
    char *begin = out;
    const char *at = cell.at;
    if (at < cell.end && *at == '-') *out++ = *at++;
    const char *whole = at;
    int64_t degrees = 0, millionths = 0;
    for (; at < cell.end && is_digit(*at); at++) degrees = at - whole < 4 ? degrees * 10 + (*at - '0') : degrees;
    if (at == whole || at - whole > 4) return -1;
    const char *decimals = at < cell.end && *at == '.' ? at + 1 : at, *last = cell.end;
    if (cell.end - decimals > DEGREE_DIGITS || (decimals == at && at < cell.end)) return -1;
    for (at = decimals; at < cell.end; at++) {
        if (!is_digit(*at)) return -1;
        millionths = millionths * 10 + (*at - '0');
    }
    for (int missing = DEGREE_DIGITS - (int)(cell.end - decimals); missing > 0; missing--) millionths *= 10;
    if (degrees * 1000000 + millionths > limit) return 0;
    if (degrees == 0 && millionths > 0 && millionths < 1000) return -1; /* may be written with an exponent */
    if (degrees >= 100) *out++ = (char)('0' + degrees / 100);
    if (degrees >= 10) *out++ = (char)('0' + degrees / 10 % 10);
    *out++ = (char)('0' + degrees % 10);
    *out++ = '.';
    while (last > decimals && last[-1] == '0') last--;
    if (last == decimals) *out++ = '0';
    for (at = decimals; at < last; at++) *out++ = *at;
    return (int)(out - begin);
}

/* The member of a longitude or latitude, in `room`, or empty. */
static inline int degrees(Reader *self, int index, char *room, Text *member) {
    const Reading *reading = &self->readings[index];
    Text cell = self->cells[reading->place];
    *member = (Text){room, room};
    if (is_empty(cell)) return 1;
    size_t name = size_of(reading->name);
    int size = shortest_degrees(cell, reading->limit, room + name);
    if (size < 0) return ask(self, index, cell, 0, member);
    if (size == 0) return 1;
    memcpy(room, reading->name.at, name);
    member->end = room + name + size;
    return 1;
}

/* --- a row to a line --- */

static inline char *put(char *out, Text text) {
    if (is_empty(text)) return out;
    memcpy(out, text.at, size_of(text));
    return out + size_of(text);
}

#define PUT(out, literal) put(out, (Text){literal, literal + sizeof(literal) - 1})

static int put_member(Reader *self, const Kind *kind, const Step *step, char **out) {
    Text chosen = {NULL, NULL}, member;
    for (int place = step->first; place < step->first + step->count; place++) {
        int found = look_up(self, kind->readings[place], &member);
        if (found <= 0) return found;
        if (is_empty(chosen)) chosen = member; /* where they are remembered nothing moves: each reading has a place of its own */
    }
    *out = put(*out, chosen);
    return 1;
}

static int put_pair(Reader *self, const Kind *kind, const Step *step, char **out) {
    char rooms[2][LONGEST_MEMBER];
    Text members[2];
    for (int half = 0; half < 2; half++) {
        int found = degrees(self, kind->readings[step->first + half], rooms[half], &members[half]);
        if (found <= 0) return found;
    }
    if (is_empty(members[0]) || is_empty(members[1])) return 1; /* half a position is none */
    *out = put(put(*out, members[0]), members[1]);
    return 1;
}

static int put_steps(Reader *self, const Kind *kind, char **out) {
    for (const Step *step = kind->steps; step < kind->steps + kind->count; step++) {
        int found = 1;
        if (step->sort == LITERAL) *out = put(*out, step->literal);
        else found = step->sort == MEMBER ? put_member(self, kind, step, out) : put_pair(self, kind, step, out);
        if (found <= 0) return found;
    }
    return 1;
}

/* The sender, as digits. */
static int sender(Reader *self, Text *digits, uint32_t *mmsi) {
    *digits = self->cells[self->readings[self->mmsi].place];
    bool is_plain = !is_empty(*digits) && size_of(*digits) <= MOST_MMSI_DIGITS && *digits->at != '0' && are_digits(*digits);
    if (!is_plain) {
        int found = look_up(self, self->mmsi, digits);
        if (found <= 0) return found;
    }
    int64_t number = number_of(digits->at, (int)size_of(*digits));
    *mmsi = (uint32_t)number;
    return number >= 0 && number <= MOST_MMSI;
}

static int put_time(Reader *self, Call *call, char **out) {
    Text time;
    int found = look_up(self, self->time, &time);
    if (found <= 0) return found;
    if (size_of(time) != TIME_SIZE || !read_time(time.at, &self->last_time)) return 0;
    int64_t us = self->last_time.microseconds;
    if (us < call->from_us || us > call->to_us) return 0;
    if (call->first_us < 0) call->first_us = us;
    *out = PUT(put(PUT(put(PUT(*out, EVENT_TIME), time), RECEIVED_AT), call->received_at), TIME_SOURCE);
    return 1;
}

static int put_station(Reader *self, const Call *call, char **out) {
    Text station = {NULL, NULL};
    int found = self->station < 0 ? 1 : look_up(self, self->station, &station);
    if (found > 0) *out = put(*out, is_empty(station) ? call->station : station);
    return found;
}

static int kind_of(Reader *self, const Kind **kind) {
    *kind = &self->kinds[0];
    if (self->kind < 0) return 1;
    Text number;
    int found = look_up(self, self->kind, &number);
    if (found > 0 && size_of(number) == 1 && (uint8_t)*number.at < self->kinds_count) *kind = &self->kinds[(uint8_t)*number.at];
    else if (found > 0) found = 0;
    return found;
}

/* Of what the row says about its ship; never 0. */
static uint64_t digest(const Reader *self) {
    uint64_t hash = self->secret.start;
    for (int index = 0; index < self->about_ship_count; index++)
        hash = hash_on(hash, self->cells[self->about_ship[index]], &self->secret);
    return hash ? hash : 1;
}

/* The record of a row whose cells are split, or `left` with what is known of the row's ship. */
static int row_of(Reader *self, Call *call, Left *left, PyObject **row) {
    *left = (Left){0, 0, false, false};
    Text digits;
    const Kind *kind;
    int found = sender(self, &digits, &left->mmsi);
    if (found <= 0) return found;
    left->has_ship = true;
    if ((found = kind_of(self, &kind)) <= 0) return found;
    if (kind->has_static) {
        left->digest = digest(self);
        left->may_settle = true;
        const Ship *ship = ship_find(&self->ships, left->mmsi);
        if (ship == NULL || ship->digest != left->digest || ship->call == self->call) return 0;
    }
    char *out = put(self->line, kind->before);
    if ((found = put_station(self, call, &out)) <= 0 || (found = put_time(self, call, &out)) <= 0) return found;
    out = put(out, digits);
    if ((found = put_steps(self, kind, &out)) <= 0) return found;
    out = PUT(out, END);
    *row = PyBytes_FromStringAndSize(self->line, out - self->line);
    return *row ? 1 : -1;
}

/* --- a call --- */

static bool leave(Reader *self, const Left *left) {
    if (self->left_count == self->left_room) {
        Py_ssize_t room = self->left_room * 2 + 64;
        Left *all = PyMem_Realloc(self->left, (size_t)room * sizeof(Left));
        if (all == NULL) return PyErr_NoMemory() != NULL;
        self->left = all;
        self->left_room = room;
    }
    self->left[self->left_count++] = *left;
    if (!left->has_ship) return true;
    Ship *ship = ship_of(&self->ships, left->mmsi);
    if (ship == NULL) return false;
    ship->digest = 0;
    ship->call = self->call;
    return true;
}

static bool append_index(PyObject *list, Py_ssize_t index) {
    PyObject *number = PyLong_FromSsize_t(index);
    int failed = number ? PyList_Append(list, number) : -1;
    Py_XDECREF(number);
    return failed == 0;
}

/* Reads the line into rows and odd. 1 when it was a row, 0 when Python must read it first, -1 with an exception set. */
static int take(Reader *self, Call *call, PyObject *object, Py_ssize_t index, Py_ssize_t *copies, PyObject *rows, PyObject *odd) {
    Text line = {PyBytes_AS_STRING(object), PyBytes_AS_STRING(object) + PyBytes_GET_SIZE(object)};
    Fit fit = split(self, line);
    if (fit == UNSURE) return 0;
    Py_hash_t hash = PyObject_Hash(object);
    if (hash == -1) return -1;
    if (recent_has(self->recent, hash)) {
        ++*copies;
        return 1;
    }
    Left left = {0, 0, false, false};
    PyObject *row = NULL;
    int found = fit == FITS ? row_of(self, call, &left, &row) : 0;
    if (found < 0) return -1;
    if (found == 0 && !(leave(self, &left) && append_index(odd, index))) return -1;
    int failed = PyList_Append(rows, row ? row : Py_None);
    Py_XDECREF(row);
    return failed < 0 ? -1 : 1;
}

static bool make_line_room(Reader *self, const Call *call) {
    size_t room = 0;
    for (int index = 0; index < self->kinds_count; index++)
        if (self->kinds[index].room > room) room = self->kinds[index].room;
    room += size_of(call->station) + size_of(call->received_at);
    if (room <= self->line_room) return true;
    char *line = PyMem_Realloc(self->line, room);
    if (line == NULL) return PyErr_NoMemory() != NULL;
    self->line = line;
    self->line_room = room;
    return true;
}

/* -1 with an exception set, or the index of the first line that was not read. */
static Py_ssize_t take_lines(Reader *self, Call *call, PyObject *lines, Py_ssize_t at, Py_ssize_t longest, Py_ssize_t *copies,
                             PyObject *rows, PyObject *odd) {
    for (; at < PyList_GET_SIZE(lines); at++) {
        PyObject *line = PyList_GET_ITEM(lines, at);
        if (!PyBytes_Check(line) || PyBytes_GET_SIZE(line) > longest || !is_digit(*PyBytes_AS_STRING(line))) return at;
        int taken = take(self, call, line, at, copies, rows, odd);
        if (taken <= 0) return taken < 0 ? -1 : at;
    }
    return at;
}

static PyObject *reader_read(PyObject *object, PyObject *arguments) {
    Reader *self = (Reader *)object;
    PyObject *lines;
    Py_ssize_t at, longest, copies = 0, station_size, received_size;
    const char *station, *received_at;
    long long from_ms, to_ms;
    if (!PyArg_ParseTuple(arguments, "O!nny#y#(LL)", &PyList_Type, &lines, &at, &longest, &station, &station_size, &received_at,
                          &received_size, &from_ms, &to_ms))
        return NULL;
    if (at < 0) return PyErr_Format(PyExc_ValueError, "a start before the first line");
    Call call = {{station, station + station_size}, {received_at, received_at + received_size}, from_ms * 1000, to_ms * 1000, -1};
    self->left_count = 0;
    if (++self->call == 0 || self->ships.used >= self->ships.most) {
        ships_forget(&self->ships);
        self->call = 1;
    }
    PyObject *rows = PyList_New(0), *odd = PyList_New(0), *found = NULL;
    if (rows && odd && make_line_room(self, &call)) {
        Py_ssize_t end = take_lines(self, &call, lines, at, longest, &copies, rows, odd);
        long long first_ms = call.first_us < 0 ? -1 : call.first_us / 1000;
        if (end >= 0) found = Py_BuildValue("nOOnL", end, rows, odd, copies, first_ms);
    }
    Py_XDECREF(rows);
    Py_XDECREF(odd);
    return found;
}

static PyObject *reader_settle(PyObject *object, PyObject *sound) {
    Reader *self = (Reader *)object;
    if (!PyBytes_Check(sound) || PyBytes_GET_SIZE(sound) != self->left_count)
        return PyErr_Format(PyExc_ValueError, "a byte for each row that was left over is needed");
    for (Py_ssize_t index = 0; index < self->left_count; index++) {
        const Left *left = &self->left[index];
        Ship *ship = left->has_ship ? ship_find(&self->ships, left->mmsi) : NULL;
        if (ship) *ship = (Ship){left->may_settle && PyBytes_AS_STRING(sound)[index] ? left->digest : 0, left->mmsi + 1, 0};
    }
    self->left_count = 0;
    Py_RETURN_NONE;
}

static PyObject *reader_forget(PyObject *object, PyObject *number) {
    Reader *self = (Reader *)object;
    unsigned long mmsi = PyLong_AsUnsignedLong(number);
    if (PyErr_Occurred()) return NULL;
    Ship *ship = mmsi > MOST_MMSI ? NULL : ship_find(&self->ships, (uint32_t)mmsi);
    if (ship) ship->digest = 0;
    Py_RETURN_NONE;
}

static PyObject *reader_forget_all(PyObject *object, PyObject *unused) {
    (void)unused;
    ships_forget(&((Reader *)object)->ships);
    Py_RETURN_NONE;
}

/* --- making a reader --- */

static void reader_dealloc(PyObject *object) {
    Reader *self = (Reader *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    for (int index = 0; self->readings && index < self->readings_count; index++) members_close(&self->readings[index].members);
    for (int index = 0; self->kinds && index < self->kinds_count; index++) {
        PyMem_Free(self->kinds[index].steps);
        PyMem_Free(self->kinds[index].readings);
    }
    PyMem_Free(self->readings);
    PyMem_Free(self->kinds);
    PyMem_Free(self->about_ship);
    PyMem_Free(self->ships.ships);
    PyMem_Free(self->left);
    PyMem_Free(self->line);
    Py_CLEAR(self->convert);
    Py_CLEAR(self->kept);
    Py_CLEAR(self->recent);
    type->tp_free(object);
    Py_DECREF(type);
}

static int reader_traverse(PyObject *object, visitproc visit, void *arg) {
    Reader *self = (Reader *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->convert);
    Py_VISIT(self->kept);
    Py_VISIT(self->recent);
    return 0;
}

static int reader_clear(PyObject *object) {
    Py_CLEAR(((Reader *)object)->convert);
    return 0;
}

static bool refuse(const char *why) {
    PyErr_SetString(PyExc_ValueError, why);
    return false;
}

/* A number of a tuple, at least `least` and below `end`. */
static bool number_in(PyObject *tuple, Py_ssize_t index, long least, long end, int *number) {
    if (!PyTuple_Check(tuple) || index >= PyTuple_GET_SIZE(tuple)) return refuse("a number is missing");
    long value = PyLong_AsLong(PyTuple_GET_ITEM(tuple, index));
    if (value == -1 && PyErr_Occurred()) return false;
    if (value < least || value >= end) return refuse("a number is out of its range");
    *number = (int)value;
    return true;
}

static bool text_in(PyObject *bytes, Text *text) {
    if (!PyBytes_Check(bytes)) return refuse("bytes are needed");
    *text = (Text){PyBytes_AS_STRING(bytes), PyBytes_AS_STRING(bytes) + PyBytes_GET_SIZE(bytes)};
    return true;
}

/* (place, name, limit in millionths, how many are remembered) for each */
static bool take_readings(Reader *self, PyObject *given) {
    Py_ssize_t count = PyTuple_GET_SIZE(given);
    self->readings = PyMem_Calloc((size_t)count + 1, sizeof(Reading));
    if (self->readings == NULL) return PyErr_NoMemory() != NULL;
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *one = PyTuple_GET_ITEM(given, index);
        Reading *reading = &self->readings[index];
        int limit, most;
        if (!number_in(one, 0, 0, self->width, &reading->place) || !number_in(one, 2, 0, 180000001, &limit) ||
            !number_in(one, 3, 1, 1 << 24, &most) || !text_in(PyTuple_GET_ITEM(one, 1), &reading->name))
            return false;
        if (size_of(reading->name) + DEGREE_ROOM > LONGEST_MEMBER) return refuse("a name is too long");
        reading->limit = limit;
        self->readings_count = (int)index + 1;
        if (!members_open(&reading->members, (size_t)most)) return false;
    }
    return true;
}

/* (LITERAL, bytes), (MEMBER, readings) or (PAIR, (longitude, latitude)) */
static bool take_step(const Reader *self, PyObject *given, Kind *kind, Step *step, int *used, int room) {
    int sort;
    if (!number_in(given, 0, LITERAL, PAIR + 1, &sort) || PyTuple_GET_SIZE(given) != 2) return refuse("not a step");
    step->sort = (Sort)sort;
    PyObject *what = PyTuple_GET_ITEM(given, 1);
    if (sort == LITERAL) {
        if (!text_in(what, &step->literal)) return false;
        kind->room += size_of(step->literal);
        return true;
    }
    if (!PyTuple_Check(what)) return refuse("readings are a tuple");
    *step = (Step){(Sort)sort, {NULL, NULL}, *used, (int)PyTuple_GET_SIZE(what)};
    if (sort == PAIR && step->count != 2) return refuse("a position has two readings");
    for (int index = 0; index < step->count; index++) {
        int *reading = &kind->readings[*used];
        if (*used == room || !number_in(what, index, 0, self->readings_count, reading)) return refuse("not a reading");
        if (sort == PAIR && self->readings[*reading].limit == 0) return refuse("degrees have a limit");
        if (sort == MEMBER && self->readings[*reading].limit != 0) return refuse("degrees are a pair");
        ++*used;
    }
    kind->room += (size_t)step->count * LONGEST_MEMBER;
    return true;
}

/* (before, steps, has_static) for each */
static bool take_kinds(Reader *self, PyObject *given) {
    Py_ssize_t count = PyTuple_GET_SIZE(given);
    if (count < 1 || count > 255) return refuse("1 to 255 kinds");
    self->kinds = PyMem_Calloc((size_t)count, sizeof(Kind));
    if (self->kinds == NULL) return PyErr_NoMemory() != NULL;
    self->kinds_count = (int)count;
    int used, room = 4 * MOST_COLUMNS;
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *one = PyTuple_GET_ITEM(given, index), *before, *steps;
        Kind *kind = &self->kinds[index];
        int has_static;
        if (!PyTuple_Check(one) || !PyArg_ParseTuple(one, "SO!p", &before, &PyTuple_Type, &steps, &has_static)) return false;
        if (!text_in(before, &kind->before)) return false;
        kind->has_static = has_static;
        kind->count = (int)PyTuple_GET_SIZE(steps);
        kind->steps = PyMem_Calloc((size_t)kind->count + 1, sizeof(Step));
        kind->readings = PyMem_Calloc((size_t)room, sizeof(int));
        if (kind->steps == NULL || kind->readings == NULL) return PyErr_NoMemory() != NULL;
        kind->room = size_of(kind->before) + sizeof EVENT_TIME + TIME_SIZE + sizeof RECEIVED_AT + sizeof TIME_SOURCE +
                     MOST_MMSI_DIGITS + sizeof END + 2 * LONGEST_MEMBER;
        used = 0;
        for (int step = 0; step < kind->count; step++)
            if (!take_step(self, PyTuple_GET_ITEM(steps, step), kind, &kind->steps[step], &used, room)) return false;
    }
    return true;
}

static bool take_places(Reader *self, PyObject *given) {
    Py_ssize_t count = PyTuple_GET_SIZE(given);
    self->about_ship = PyMem_Calloc((size_t)count + 1, sizeof(int));
    if (self->about_ship == NULL) return PyErr_NoMemory() != NULL;
    self->about_ship_count = (int)count;
    for (int index = 0; index < count; index++)
        if (!number_in(given, index, 0, self->width, &self->about_ship[index])) return false;
    return true;
}

static PyObject *reader_new(PyTypeObject *type, PyObject *arguments, PyObject *named) {
    static char *names[] = {"width",   "delimiter",  "readings", "kinds",  "mmsi",       "time", "kind",
                            "station", "about_ship", "convert",  "recent", "most_ships", "seed", NULL};
    PyObject *readings, *kinds, *about_ship, *convert, *recent, *recent_type;
    int width, mmsi, time, kind, station;
    char delimiter;
    Py_ssize_t most_ships, seed_size;
    const char *seed;
    if (!PyArg_ParseTupleAndKeywords(arguments, named, "icO!O!iiiiO!OOny#", names, &width, &delimiter, &PyTuple_Type, &readings,
                                     &PyTuple_Type, &kinds, &mmsi, &time, &kind, &station, &PyTuple_Type, &about_ship, &convert,
                                     &recent, &most_ships, &seed, &seed_size))
        return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(readings);
    if (width < 1 || width > MOST_COLUMNS || count > 4 * MOST_COLUMNS || most_ships < 1 || seed_size != sizeof(Secret))
        return PyErr_Format(PyExc_ValueError, "a width, a number of readings or of ships, or a seed is out of range");
    if (mmsi < 0 || mmsi >= count || time < 0 || time >= count || kind < -1 || kind >= count || station < -1 || station >= count)
        return PyErr_Format(PyExc_ValueError, "not a reading");
    PyObject *module = PyType_GetModule(type);
    if (module == NULL || (recent_type = PyObject_GetAttrString(module, "RecentRows")) == NULL) return NULL;
    int is_recent = PyObject_IsInstance(recent, recent_type);
    Py_DECREF(recent_type);
    if (is_recent <= 0) return is_recent < 0 ? NULL : PyErr_Format(PyExc_TypeError, "recent is to be RecentRows of this module");
    Reader *self = (Reader *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->width = width;
    self->delimiter = delimiter;
    self->mmsi = mmsi;
    self->time = time;
    self->kind = kind;
    self->station = station;
    self->last_time = moment_of_1970();
    memcpy(&self->secret, seed, sizeof self->secret);
    self->secret.factor |= 1;
    self->convert = Py_NewRef(convert);
    self->recent = (Recent *)Py_NewRef(recent);
    self->kept = PyTuple_Pack(2, readings, kinds);
    if (self->kept && take_readings(self, readings) && take_kinds(self, kinds) && take_places(self, about_ship) &&
        ships_open(&self->ships, (size_t)most_ships))
        return (PyObject *)self;
    Py_DECREF(self);
    return NULL;
}

static PyMethodDef reader_methods[] = {
    {"read", reader_read, METH_VARARGS, "Read lines; see rows.pyi."},
    {"settle", reader_settle, METH_O, "Say of each row that was left over whether Python found it sound."},
    {"forget", reader_forget, METH_O, "Forget what a ship said last."},
    {"forget_all", reader_forget_all, METH_NOARGS, "Forget what all ships said last."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot reader_slots[] = {
    {Py_tp_new, reader_new},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_traverse, reader_traverse},
    {Py_tp_clear, reader_clear},
    {Py_tp_methods, reader_methods},
    {Py_tp_doc, "Reads the usual rows under one header; see usual_rows.py."},
    {0, NULL},
};

static PyType_Spec reader_spec = {
    .name = "services.ingest.formats.tables.rows.RowReader",
    .basicsize = sizeof(Reader),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = reader_slots,
};

static bool add_type(PyObject *module, PyType_Spec *spec, const char *name) {
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int failed = type ? PyModule_AddObjectRef(module, name, type) : -1;
    Py_XDECREF(type);
    return failed == 0;
}

static int rows_exec(PyObject *module) {
    bool added = add_type(module, &recent_spec, "RecentRows") && add_type(module, &reader_spec, "RowReader") &&
                 PyModule_AddIntMacro(module, LITERAL) == 0 && PyModule_AddIntMacro(module, MEMBER) == 0 &&
                 PyModule_AddIntMacro(module, PAIR) == 0;
    return added ? 0 : -1;
}

static PyModuleDef_Slot rows_slots[] = {{Py_mod_exec, rows_exec}, {0, NULL}};

static struct PyModuleDef rows_module = {PyModuleDef_HEAD_INIT, .m_name = "rows",
                                         .m_doc = "Usual rows of tables to lines of NDJSON.", .m_slots = rows_slots};

PyMODINIT_FUNC PyInit_rows(void) { return PyModuleDef_Init(&rows_module); }
