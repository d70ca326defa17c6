/* Reads many lines of the usual forms at once into columns of raw records: the compiled form of framing.py.

     lines ─▶ native/line.h ─▶ two parts of one message joined ─▶ what is said of it as JSON ─▶ a row
                └─ up to the first that is unusual, damaged or rare, or is about something not on these lines: Python's turn

   Nothing is remembered from one call to the next. */
#include "services/ingest/native/line.h"

#define MOST_ROWS     1024  /* a call; their places are on the stack */
#define MOST_APART_MS 10000 /* between the stamps of a message's parts (parts.py) */

static const char *const TIME_SOURCES[] = {"tag_block", "pghp", "trailing", "prefix", "received"};

/* What all rows of a call have in common. */
typedef struct {
    PyObject *lines;
    Py_ssize_t longest;
    Text source, origin, received_at; /* JSON members, of records whose station is told and of the others, and a time */
    int64_t earliest_ms, latest_ms;   /* a stamp outside of these is not believed, or not sure to be */
    PyObject *waiting;                /* families of parts that wait for others; None when no parts may be joined */
} Reading;

/* A row's envelope, kept for rows after it of which the same is told. */
typedef struct {
    PyObject *bytes; /* NULL before the first */
    Told told;       /* its station is a piece of `bytes` */
} Envelope;

typedef struct {
    Py_ssize_t count;
    PyObject *envelopes[MOST_ROWS], *sentences[MOST_ROWS], *tag_blocks[MOST_ROWS];
    Envelope last;
} Rows;

/* What first lines of groups say for the others. */
typedef struct {
    Py_ssize_t count;
    PyObject *names[MOST_ROWS], *stations[MOST_ROWS]; /* None when it is not said */
    int64_t event_ms[MOST_ROWS];
} Groups;

/* Reasons of line_format.IGNORED, as usual_lines.py lists them. */
enum { IGNORED_BLANK, IGNORED_TAG_BLOCK_ONLY, IGNORED_SOURCE_LINE, IGNORED_OTHER_SENTENCE, REASONS };

/* What was read. */
typedef struct {
    Rows rows;
    Groups groups;
    Py_ssize_t joined; /* rows of two parts */
    Py_ssize_t ignored[REASONS];
    int64_t first_ms; /* the first time that a row has from its lines; NO_TIME when none has */
} Found;

/* What lines that were looked at say about the sentence to come. */
typedef struct {
    bool has_source_line, has_tag_block;
    SourceLine source_line;
    Text tag_block;
    Told tagged;
    Py_ssize_t ignored[REASONS]; /* lines that are read if that sentence is */
} Before;

/* The line at a place; false when it is too long, or none. Nothing here runs Python code, so lines stay where they are. */
static bool text_at(const Reading *reading, Py_ssize_t place, Text *text) {
    PyObject *line = PyList_GET_ITEM(reading->lines, place);
    if (!PyBytes_Check(line)) return false;
    *text = (Text){PyBytes_AS_STRING(line), PyBytes_AS_STRING(line) + PyBytes_GET_SIZE(line)};
    return PyBytes_GET_SIZE(line) <= reading->longest;
}

static char *put(char *at, Text text) {
    if (!is_empty(text)) memcpy(at, text.at, size_of(text));
    return at + size_of(text);
}

#define LITERAL(text) ((Text){text, text + sizeof(text) - 1})

/* "source":"coastal.denmark","station":"2573535","event_time":"…","received_at":"…","time_source":"tag_block" */
static PyObject *make_envelope(const Reading *reading, const Told *told, Text *station) {
    char moment[TIME_SIZE];
    bool has_station = !is_empty(told->station);
    Text origin = has_station ? reading->source : reading->origin, event_time = {moment, moment + TIME_SIZE};
    Text before_station = has_station ? LITERAL(",\"station\":\"") : (Text){NULL, NULL};
    Text before_event = LITERAL("\",\"event_time\":\""), before_receipt = LITERAL("\",\"received_at\":\"");
    Text before_source = LITERAL("\",\"time_source\":\""), source = {TIME_SOURCES[told->source], NULL};
    source.end = source.at + strlen(source.at);
    if (!has_station) before_event.at++; /* there is no text to be closed */
    if (told->event_ms == NO_TIME) event_time = reading->received_at;
    else write_time(moment, told->event_ms);
    size_t size = size_of(origin) + size_of(before_station) + size_of(told->station) + size_of(before_event) +
                  size_of(event_time) + size_of(before_receipt) + size_of(reading->received_at) + size_of(before_source) +
                  size_of(source) + 1;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (bytes == NULL) return NULL;
    char *at = put(put(PyBytes_AS_STRING(bytes), origin), before_station);
    station->at = at;
    station->end = at = put(at, told->station);
    at = put(put(put(put(put(at, before_event), event_time), before_receipt), reading->received_at), before_source);
    *put(at, source) = '"';
    return bytes;
}

/* A new reference; NULL with an exception set. */
static PyObject *envelope_of(const Reading *reading, const Told *told, Envelope *last) {
    if (last->bytes == NULL || told->event_ms != last->told.event_ms || told->source != last->told.source ||
        !are_equal(told->station, last->told.station)) {
        last->told = *told;
        last->bytes = make_envelope(reading, told, &last->told.station);
        return last->bytes; /* it lives as long as its row */
    }
    return Py_NewRef(last->bytes);
}

static PyObject *bytes_of(Text text) { return PyBytes_FromStringAndSize(text.at, (Py_ssize_t)size_of(text)); }

/* A new reference to the same text as the row's before has, if it is the same. */
static PyObject *tag_block_of(const Rows *rows, Text text) {
    if (rows->count) {
        PyObject *before = rows->tag_blocks[rows->count - 1];
        Text known = {PyBytes_AS_STRING(before), PyBytes_AS_STRING(before) + PyBytes_GET_SIZE(before)};
        if (are_equal(known, text)) return Py_NewRef(before);
    }
    return bytes_of(text);
}

/* The sentence as bytes: the line itself where it is nothing else. */
static PyObject *sentence_of(const Reading *reading, Py_ssize_t place, Text text) {
    PyObject *line = PyList_GET_ITEM(reading->lines, place);
    return PyBytes_GET_SIZE(line) == (Py_ssize_t)size_of(text) ? Py_NewRef(line) : bytes_of(text);
}

/* Two sentences as JSON has them between the outermost quotation marks. */
static PyObject *both_sentences(Text first, Text second) {
    Text between = LITERAL("\",\"");
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(size_of(first) + size_of(between) + size_of(second)));
    if (bytes) put(put(put(PyBytes_AS_STRING(bytes), first), between), second);
    return bytes;
}

/* Takes over the sentence, which may be NULL. False with an exception set. */
static bool add_row(Rows *rows, const Reading *reading, const Told *told, PyObject *sentence, Text tag_block) {
    PyObject *tags = sentence ? tag_block_of(rows, tag_block) : NULL;
    PyObject *envelope = tags ? envelope_of(reading, told, &rows->last) : NULL;
    if (envelope == NULL) {
        Py_XDECREF(tags);
        Py_XDECREF(sentence);
        return false;
    }
    rows->envelopes[rows->count] = envelope;
    rows->sentences[rows->count] = sentence;
    rows->tag_blocks[rows->count++] = tags;
    return true;
}

/* What a source line says of a message with these sums of its sentences, of which the second may be 0 for none. */
static void tell_source_line(const SourceLine *line, const Sentence *first, uint8_t second_sum, Told *told) {
    bool is_own_ship = first->text.at[sizeof("!AIVD") - 1] == 'O';
    if (line->sum >= 0 && line->sum != first->sum && line->sum != (first->sum ^ second_sum) && !(line->sum == 0 && is_own_ship))
        return;
    tell_station(told, line->told.station);
    if (told->source == TAG_BLOCK) return;
    told->event_ms = line->told.event_ms;
    told->source = PGHP;
}

/* What is told of a second part, to which the first line of its group may speak too. */
static Told told_of_second(const Line *first, const Line *second) {
    Told told = second->tagged;
    if (!is_empty(second->group.name)) {
        tell_station(&told, first->tagged.station);
        tell_time(&told, first->tagged.event_ms, TAG_BLOCK);
    }
    tell_station(&told, second->told.station);
    tell_time(&told, second->told.event_ms, second->told.source);
    return told;
}

/* Whether a second part tells nothing that the first does not, or does not agree with. */
static bool is_all_told(const Line *first, const Line *second) {
    if (!is_empty(second->group.name) && (!are_equal(first->group.name, second->group.name) || second->group.number == 1))
        return false;
    const Told *told = &first->told, next = told_of_second(first, second);
    if (next.event_ms != NO_TIME) {
        if (told->event_ms == NO_TIME || llabs(told->event_ms - next.event_ms) > MOST_APART_MS) return false;
    }
    return (is_empty(next.station) || are_equal(next.station, told->station)) &&
           (is_empty(second->tag_block) || !is_empty(first->tag_block));
}

/* Whether no part waits that these of the family may belong to: 1 or 0, or -1 with an exception set. */
static int is_nobody_waiting(const Reading *reading, const Sentence *sentence) {
    if (reading->waiting == Py_None) return 0;
    Text talker = {sentence->text.at + 1, sentence->text.at + 3};
    PyObject *family = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(size_of(talker) + size_of(sentence->family)));
    if (family == NULL) return -1;
    put(put(PyBytes_AS_STRING(family), talker), sentence->family);
    int is_waited_for = PySequence_Contains(reading->waiting, family);
    Py_DECREF(family);
    return is_waited_for < 0 ? -1 : !is_waited_for;
}

/* Whether the line at a place is the second of two parts, of which `first` is the first, beyond doubt; -1 with an exception set. */
static int is_second_part(const Reading *reading, const Line *first, Py_ssize_t place, Line *second) {
    Text text;
    if (first->sentence.total != '2' || first->sentence.number != '1' || place >= PyList_GET_SIZE(reading->lines)) return 0;
    if (!text_at(reading, place, &text) || read_line(text, second) != SENTENCE) return 0;
    Text begin = {first->sentence.text.at, first->sentence.text.at + sizeof("!AIVDM,2,") - 1};
    Text other = {second->sentence.text.at, second->sentence.text.at + size_of(begin)};
    if (second->sentence.number != '2' || !are_equal(begin, other)) return 0;
    if (!are_equal(first->sentence.family, second->sentence.family) || !is_all_told(first, second)) return 0;
    return is_nobody_waiting(reading, &first->sentence);
}

typedef enum { READ, LEFT, FAILED } Result; /* LEFT: not sure, Python shall read it; FAILED: an exception is set */

/* The tag block of a line before, as if it stood on this one; false when this one has a block too, for they add up. */
static bool tell_before(const Before *before, Line *line) {
    if (!before->has_tag_block) return true;
    if (!is_empty(line->tag_block)) return false;
    Told told = line->tagged = before->tagged;
    tell_station(&told, line->told.station);
    tell_time(&told, line->told.event_ms, line->told.source);
    line->told = told;
    line->tag_block = before->tag_block;
    return true;
}

static PyObject *text_or_none(Text text) {
    return is_empty(text) ? Py_NewRef(Py_None) : PyUnicode_FromStringAndSize(text.at, (Py_ssize_t)size_of(text));
}

/* False with an exception set. */
static bool add_group(Groups *groups, const Line *line) {
    PyObject *name = text_or_none(line->group.name), *station = name ? text_or_none(line->tagged.station) : NULL;
    if (station == NULL) {
        Py_XDECREF(name);
        return false;
    }
    groups->names[groups->count] = name;
    groups->stations[groups->count] = station;
    groups->event_ms[groups->count++] = line->tagged.event_ms;
    return true;
}

/* Reads the sentence of a line, and of the one after it if both are one message; moves `place` behind what was read. */
static Result read_message(const Reading *reading, Line *line, const Before *before, Py_ssize_t *place, Found *found) {
    Line second;
    int has_second = 0;
    if (!tell_before(before, line) || (!is_empty(line->group.name) && line->group.number != 1)) return LEFT;
    if (line->sentence.total != '1' && (has_second = is_second_part(reading, line, *place + 1, &second)) <= 0)
        return has_second < 0 ? FAILED : LEFT;
    if (before->has_source_line)
        tell_source_line(&before->source_line, &line->sentence, has_second ? second.sentence.sum : 0, &line->told);
    int64_t ms = line->told.event_ms;
    if (ms != NO_TIME && (ms < reading->earliest_ms || ms > reading->latest_ms)) return LEFT;
    PyObject *sentence = has_second ? both_sentences(line->sentence.text, second.sentence.text)
                                    : sentence_of(reading, *place, line->sentence.text);
    if (!add_row(&found->rows, reading, &line->told, sentence, line->tag_block)) return FAILED;
    if (!is_empty(line->group.name) && !add_group(&found->groups, line)) return FAILED;
    if (found->first_ms == NO_TIME) found->first_ms = ms;
    found->joined += has_second;
    *place += 1 + has_second;
    return READ;
}

/* Keeps what a line says of the sentence to come, or counts it. False when Python shall read it. */
static bool keep(Before *before, Kind kind, const Line *line) {
    switch (kind) {
    case TAG_BLOCK_ONLY:
        if (before->has_tag_block) return false; /* they add up */
        before->has_tag_block = true;
        before->tag_block = line->tag_block;
        before->tagged = line->tagged;
        before->ignored[IGNORED_TAG_BLOCK_ONLY]++;
        return true;
    case SOURCE_LINE:
        before->has_source_line = true;
        before->source_line = line->source_line;
        before->ignored[IGNORED_SOURCE_LINE]++;
        return true;
    case SILENT_SOURCE_LINE: before->ignored[IGNORED_SOURCE_LINE]++; return true;
    case OTHER_SENTENCE:
        before->has_tag_block = false; /* it was about this one */
        before->ignored[IGNORED_OTHER_SENTENCE]++;
        return true;
    case BLANK: before->ignored[IGNORED_BLANK]++; return true;
    default: return false;
    }
}

/* Reads lines from `start` on; where it left off, or -1 with an exception set. */
static Py_ssize_t read_lines(const Reading *reading, Py_ssize_t start, Found *found) {
    Before before = {0};
    Line line;
    Text text;
    Py_ssize_t read = start, place = start;
    while (place < PyList_GET_SIZE(reading->lines) && found->rows.count < MOST_ROWS) {
        Kind kind = text_at(reading, place, &text) ? read_line(text, &line) : NOT_SURE;
        if (kind == SENTENCE) {
            Result result = read_message(reading, &line, &before, &place, found);
            if (result != READ) return result == FAILED ? -1 : read;
            before.has_source_line = before.has_tag_block = false;
        } else if (keep(&before, kind, &line)) {
            place++;
        } else {
            return read;
        }
        if (before.has_source_line || before.has_tag_block) continue; /* such lines are read with the sentence, or not at all */
        read = place;
        for (int reason = 0; reason < REASONS; reason++) {
            found->ignored[reason] += before.ignored[reason];
            before.ignored[reason] = 0;
        }
    }
    return read;
}

/* A tuple of references that it takes over; NULL with an exception set, or when there is one already. */
static PyObject *column_of(PyObject *const *items, Py_ssize_t count) {
    PyObject *column = PyErr_Occurred() ? NULL : PyTuple_New(count);
    for (Py_ssize_t row = 0; row < count; row++) {
        if (column) PyTuple_SET_ITEM(column, row, items[row]);
        else Py_DECREF(items[row]);
    }
    return column;
}

/* Tuples of name, station and time; takes their references over. NULL with an exception set, or when there is one already. */
static PyObject *list_of(const Groups *groups) {
    PyObject *list = PyErr_Occurred() ? NULL : PyList_New(groups->count);
    for (Py_ssize_t place = 0; place < groups->count; place++) {
        PyObject *name = groups->names[place], *station = groups->stations[place];
        PyObject *group = list ? Py_BuildValue("OOL", name, station, (long long)groups->event_ms[place]) : NULL;
        Py_DECREF(name);
        Py_DECREF(station);
        if (group) PyList_SET_ITEM(list, place, group);
        else Py_CLEAR(list);
    }
    return list;
}

PyDoc_STRVAR(read_doc, "read(lines, start, longest, source, origin, received_at, believed, waiting); see usual.pyi.");

static PyObject *usual_read(PyObject *self, PyObject *arguments) {
    (void)self;
    Reading reading;
    Py_ssize_t start, sizes[3];
    long long earliest_ms, latest_ms;
    if (!PyArg_ParseTuple(arguments, "O!nny#y#y#(LL)O", &PyList_Type, &reading.lines, &start, &reading.longest,
                          &reading.source.at, &sizes[0], &reading.origin.at, &sizes[1], &reading.received_at.at, &sizes[2],
                          &earliest_ms, &latest_ms, &reading.waiting))
        return NULL;
    if (start < 0) return PyErr_Format(PyExc_IndexError, "lines are counted from 0, not from %zd", start);
    reading.source.end = reading.source.at + sizes[0];
    reading.origin.end = reading.origin.at + sizes[1];
    reading.received_at.end = reading.received_at.at + sizes[2];
    reading.earliest_ms = earliest_ms > FIRST_MS ? earliest_ms : FIRST_MS;
    reading.latest_ms = latest_ms < LAST_MS ? latest_ms : LAST_MS;
    Found found;
    found.rows.count = found.groups.count = found.joined = 0;
    found.rows.last.bytes = NULL;
    found.first_ms = NO_TIME;
    memset(found.ignored, 0, sizeof found.ignored);
    Py_ssize_t end = read_lines(&reading, start, &found);
    const Rows *rows = &found.rows;
    const Py_ssize_t *ignored = found.ignored;
    PyObject *envelopes = column_of(rows->envelopes, rows->count), *sentences = column_of(rows->sentences, rows->count);
    PyObject *tag_blocks = column_of(rows->tag_blocks, rows->count), *groups = list_of(&found.groups);
    if (envelopes && sentences && tag_blocks && groups)
        return Py_BuildValue("n(NNN)n(nnnn)NL", end, envelopes, sentences, tag_blocks, found.joined, ignored[IGNORED_BLANK],
                             ignored[IGNORED_TAG_BLOCK_ONLY], ignored[IGNORED_SOURCE_LINE], ignored[IGNORED_OTHER_SENTENCE],
                             groups, (long long)found.first_ms);
    Py_XDECREF(envelopes);
    Py_XDECREF(sentences);
    Py_XDECREF(tag_blocks);
    Py_XDECREF(groups);
    return NULL;
}

static PyMethodDef methods[] = {
    {"read", usual_read, METH_VARARGS, read_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "usual", .m_doc = "See usual.pyi.", .m_size = -1,
                                    .m_methods = methods};

PyMODINIT_FUNC PyInit_usual(void) { return PyModule_Create(&module); }
