/* SPDX-License-Identifier: MIT */
/* Each file of this folder adds its functions to what the addon exports; native/addon.ts has their types. */
#ifndef QUIESCE_ADDON_FUNCTIONS_H
#define QUIESCE_ADDON_FUNCTIONS_H

#include "napi.h"

void addon_define_drive(napi_env env, napi_value exports);
void addon_define_library(napi_env env, napi_value exports);
void addon_define_membarrier(napi_env env, napi_value exports);
void addon_define_process(napi_env env, napi_value exports);
void addon_define_replay(napi_env env, napi_value exports);

#endif
