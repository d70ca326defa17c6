#include "fairway/native.h"

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "printer", .m_size = -1};

PyMODINIT_FUNC PyInit_printer(void) { return PyModule_Create(&module); }
