/* SPDX-License-Identifier: MIT */
/* The addon: what Node calls when it has loaded it. */
#include "functions.h"

/* The macro below defines both, and clang wants a declaration first. */
NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void);
NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env, napi_value exports);

NAPI_MODULE_INIT()
{
	addon_define_drive(env, exports);
	addon_define_library(env, exports);
	addon_define_membarrier(env, exports);
	addon_define_process(env, exports);
	addon_define_replay(env, exports);
	return exports;
}
