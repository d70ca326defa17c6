#include "fairway/native.h"

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "usual", .m_size = -1};

PyMODINIT_FUNC PyInit_usual(void) { return PyModule_Create(&module); }
