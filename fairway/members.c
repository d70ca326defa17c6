#include "fairway/native.h"

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "members", .m_size = -1};

PyMODINIT_FUNC PyInit_members(void) { return PyModule_Create(&module); }
