/* Prints decoded records as NDJSON, straight from raw ones: the compiled form of decoding.py.

     body ─▶ raw_line.h ─▶ bits.h ─▶ program of its layout and length ─▶ cells.h ─▶ a line
               └─ what is unusual, damaged or rare ─▶ left to Python, whose line goes where its own would

   Python makes the programs, too: one for each layout and length that occurs often. */
#include "services/decoder/native/program.h"

#define TYPES            64
#define STATIC_TYPE      24
#define ADDRESSED_TYPE   6
#define UNADDRESSED_BITS 72
#define SHORTEST         40  /* bits: the common head, and the two bits that each message has before its content */
#define FEWEST           16  /* messages of a length before it gets a program: noise has all lengths, but not often */
#define MOST_PROGRAMS    512 /* some 30 lengths occur often; the bound is for noise that is persistent */
#define NO_LAYOUT        -1

static const Span TYPE = {0, 6}, MMSI = {8, 30}, PART = {38, 2};

typedef struct {
    Program *program;
    uint8_t seen; /* messages; FEWEST once Python was asked for the program */
} Slot;

typedef struct {
    unsigned required, end; /* bits that a message must have, and from how many on a longer one says no more */
    Slot *slots;            /* by length, up to `end` */
} Layout;

typedef struct {
    PyObject_HEAD
    int of_type[TYPES], addressed, static_parts[3]; /* places of layouts, or NO_LAYOUT */
    unsigned long auxiliary_start, auxiliary_stop;  /* MMSIs whose part B is that of an auxiliary craft */
    Layout *layouts;
    Py_ssize_t layout_count;
    int program_count;
    PyObject *make;
} Printer;

static int layout_of(const Printer *self, const Bits *bits) {
    unsigned type = (unsigned)number(bits, TYPE);
    if (type == ADDRESSED_TYPE) return bits->length > UNADDRESSED_BITS ? self->addressed : NO_LAYOUT;
    if (type != STATIC_TYPE) return self->of_type[type];
    uint64_t part = number(bits, PART), mmsi = number(bits, MMSI);
    if (part > 1) return NO_LAYOUT;
    return self->static_parts[part == 1 && mmsi >= self->auxiliary_start && mmsi < self->auxiliary_stop ? 2 : part];
}

/* The program for a message; NULL when there is none, or with an exception set. */
static const Program *program_of(Printer *self, const Bits *bits) {
    if (bits->length < SHORTEST) return NULL;
    int place = layout_of(self, bits);
    if (place == NO_LAYOUT || bits->length < self->layouts[place].required) return NULL;
    Layout *layout = &self->layouts[place];
    unsigned length = bits->length < layout->end ? bits->length : layout->end;
    Slot *slot = &layout->slots[length];
    if (slot->program || slot->seen == FEWEST || ++slot->seen < FEWEST || self->program_count == MOST_PROGRAMS)
        return slot->program;
    PyObject *made = PyObject_CallFunction(self->make, "iI", place, length);
    if (made == NULL) return NULL;
    if (Py_IS_TYPE(made, &ProgramType) && ((Program *)made)->length == length) {
        slot->program = (Program *)made;
        self->program_count++;
        return slot->program;
    }
    if (made != Py_None) PyErr_SetString(PyExc_TypeError, "a program for another length was made");
    Py_DECREF(made);
    return NULL;
}

static Result print_message(Printer *self, Message *message, unsigned fill, Out *out) {
    if (message->characters > MOST_CHARACTERS || message->characters * 6 < fill) return LEFT;
    unarmour(&message->bits, message->payload, message->characters, fill);
    const Program *program = program_of(self, &message->bits);
    if (program == NULL) return PyErr_Occurred() ? FAILED : LEFT;
    message->room = program->most + message->envelope.size + message->bits.length / 4 + 2;
    if (!out_reserve(out, message->room)) return FAILED;
    size_t before = out_size(out);
    for (int place = 0; place < program->count; place++) {
        Result result = program->cells[place].print(&program->cells[place], message, out);
        if (result == PRINTED) continue;
        if (result == LEFT) out->at = PyBytes_AS_STRING(out->bytes) + before;
        return result;
    }
    return PRINTED;
}

/* The message of one or more sentences, of which each is the next part. `joined` has room for MOST_CHARACTERS. */
static Result print_sentences(Printer *self, Message *message, const Sentence *sentences, int parts, char *joined, Out *out) {
    const Sentence *last = &sentences[parts - 1];
    message->tag = sentences->tag;
    message->channel = sentences->channel;
    message->channel_size = sentences->channel_size;
    message->payload = sentences->payload;
    message->characters = sentences->characters;
    if (parts > 1) {
        message->payload = joined;
        message->characters = 0;
        for (const Sentence *sentence = sentences; sentence <= last; sentence++) {
            if (sentence->characters > MOST_CHARACTERS - message->characters) return LEFT;
            memcpy(joined + message->characters, sentence->payload, sentence->characters);
            message->characters += sentence->characters;
            if (message->channel_size == 0) message->channel = sentence->channel, message->channel_size = sentence->channel_size;
        }
    }
    return print_message(self, message, last->fill, out);
}

/* Writes what Python makes of a record that is not surely a usual one. */
static bool print_left(PyObject *decode, const char *at, const char *end, Out *out) {
    PyObject *made = PyObject_CallFunction(decode, "y#", at, (Py_ssize_t)(end - at));
    if (made == NULL) return false;
    bool is_sound = PyBytes_Check(made);
    if (!is_sound) PyErr_SetString(PyExc_TypeError, "what is made of a line is bytes");
    else if ((is_sound = out_reserve(out, (size_t)PyBytes_GET_SIZE(made))))
        put(out, PyBytes_AS_STRING(made), (size_t)PyBytes_GET_SIZE(made));
    Py_DECREF(made);
    return is_sound;
}

/* How many lines were printed without Python's help; -1 with an exception set. */
static Py_ssize_t print_lines(Printer *self, const char *body, const char *end, PyObject *decode, Out *out) {
    Message message;
    RawLine line;
    Envelope known = {.size = 0};
    char joined[MOST_CHARACTERS];
    Py_ssize_t printed = 0;
    for (const char *at = body, *next; at < end; at = next) {
        const char *feed = memchr(at, '\n', (size_t)(end - at)), *line_end = feed ? feed : end;
        next = feed ? feed + 1 : end;
        Result result = LEFT;
        if (read_raw_line(at, line_end, &known, &line)) {
            known = message.envelope = line.envelope;
            result = print_sentences(self, &message, line.sentences, line.parts, joined, out);
        }
        if (result == FAILED || (result == LEFT && !print_left(decode, at, line_end, out))) return -1;
        printed += result == PRINTED;
    }
    return printed;
}

PyDoc_STRVAR(print_doc, "print(body, decode) -> (lines, how many of them without the help of decode); see printer.pyi.");

static PyObject *printer_print(Printer *self, PyObject *arguments) {
    PyObject *source, *decode;
    Out out;
    if (!PyArg_ParseTuple(arguments, "O!O", &PyBytes_Type, &source, &decode)) return NULL;
    const char *body = PyBytes_AS_STRING(source);
    size_t size = (size_t)PyBytes_GET_SIZE(source);
    /* A decoded record takes about half as much room again as the raw one. */
    if (!out_open(&out, size + size / 2)) return NULL;
    Py_ssize_t printed = print_lines(self, body, body + size, decode, &out);
    PyObject *lines = printed < 0 ? NULL : out_close(&out);
    if (lines) return Py_BuildValue("Nn", lines, printed);
    Py_XDECREF(out.bytes);
    return NULL;
}

static bool place_from(const Printer *self, PyObject *source, int *place) {
    long number = PyLong_AsLong(source);
    if (number == -1 && PyErr_Occurred()) return false;
    *place = (int)number;
    return (number >= NO_LAYOUT && number < self->layout_count) || refuse("there is no layout at that place");
}

static bool places_from(const Printer *self, PyObject *source, int *places, Py_ssize_t count) {
    if (PyTuple_GET_SIZE(source) != count) return refuse("there are more or fewer layouts to choose from");
    for (Py_ssize_t place = 0; place < count; place++)
        if (!place_from(self, PyTuple_GET_ITEM(source, place), &places[place])) return false;
    return true;
}

static bool layouts_from(Printer *self, PyObject *source) {
    self->layout_count = PyTuple_GET_SIZE(source);
    self->layouts = PyMem_Calloc((size_t)self->layout_count + 1, sizeof(Layout));
    if (self->layouts == NULL) return PyErr_NoMemory() != NULL;
    for (Py_ssize_t place = 0; place < self->layout_count; place++) {
        Layout *layout = &self->layouts[place];
        if (!parse(PyTuple_GET_ITEM(source, place), "II", &layout->required, &layout->end)) return false;
        if (layout->required < SHORTEST || layout->end < layout->required || layout->end > MOST_CHARACTERS * 6)
            return refuse("a layout has no such length");
        layout->slots = PyMem_Calloc(layout->end + 1, sizeof(Slot));
        if (layout->slots == NULL) return PyErr_NoMemory() != NULL;
    }
    return true;
}

static void printer_dealloc(Printer *self) {
    for (Py_ssize_t place = 0; self->layouts && place < self->layout_count; place++) {
        Layout *layout = &self->layouts[place];
        for (unsigned length = 0; layout->slots && length <= layout->end; length++) Py_XDECREF(layout->slots[length].program);
        PyMem_Free(layout->slots);
    }
    PyMem_Free(self->layouts);
    Py_XDECREF(self->make);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Printer(layouts, of_type, addressed, static_parts, auxiliary_start, auxiliary_stop, make); see printer.pyi */
static PyObject *printer_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    PyObject *layouts, *of_type, *static_parts, *addressed, *make;
    unsigned long start, stop;
    (void)keywords;
    if (!PyArg_ParseTuple(arguments, "O!O!OO!kkO", &PyTuple_Type, &layouts, &PyTuple_Type, &of_type, &addressed, &PyTuple_Type,
                          &static_parts, &start, &stop, &make))
        return NULL;
    Printer *self = (Printer *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->make = Py_NewRef(make);
    self->auxiliary_start = start;
    self->auxiliary_stop = stop;
    if (layouts_from(self, layouts) && places_from(self, of_type, self->of_type, TYPES) &&
        place_from(self, addressed, &self->addressed) && places_from(self, static_parts, self->static_parts, 3))
        return (PyObject *)self;
    Py_DECREF(self);
    return NULL;
}

static PyMethodDef printer_methods[] = {
    {"print", (PyCFunction)printer_print, METH_VARARGS, print_doc},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject PrinterType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "services.decoder.printer.Printer",
    .tp_doc = "Prints the lines of decoded records; asks `make(place of layout, bits)` for a program, which may be None.",
    .tp_basicsize = sizeof(Printer),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = printer_methods,
    .tp_new = printer_new,
    .tp_dealloc = (destructor)printer_dealloc,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "printer", .m_doc = "See printer.pyi.", .m_size = -1};

PyMODINIT_FUNC PyInit_printer(void) {
    bits_prepare();
    if (PyType_Ready(&ProgramType) < 0) return NULL;
    PyObject *self = PyModule_Create(&module);
    if (self == NULL) return NULL;
    if (PyModule_AddType(self, &ProgramType) < 0 || PyModule_AddType(self, &PrinterType) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return self;
}
