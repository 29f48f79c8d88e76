/* SPDX-License-Identifier: MIT */
/* The addon: what Node calls when it has loaded it. */
#include "functions.h"

NAPI_MODULE_INIT()
{
	addon_define_drive(env, exports);
	addon_define_library(env, exports);
	addon_define_membarrier(env, exports);
	addon_define_process(env, exports);
	addon_define_replay(env, exports);
	return exports;
}
