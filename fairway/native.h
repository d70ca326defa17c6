/* What the compiled parts of Fairway share: reading bytes without ever looking past their end. */
#ifndef FAIRWAY_NATIVE_H
#define FAIRWAY_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#endif
