#ifndef QUORUM_CZLIB_SHIM_H
#define QUORUM_CZLIB_SHIM_H

#include <zlib.h>

#endif
