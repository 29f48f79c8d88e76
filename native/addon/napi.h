/* SPDX-License-Identifier: MIT */
/*
 * The one door to Node-API, for the files of this folder: short names for what all of them need. Once anything has
 * failed an exception is pending, and the value that a function returns doesn't matter.
 */
#ifndef QUIESCE_ADDON_NAPI_H
#define QUIESCE_ADDON_NAPI_H

#define NAPI_VERSION 8
#include <node_api.h>

#include <stdbool.h>
#include <stddef.h>

/* Throws an Error with this `code`. NULL, to be returned. */
napi_value addon_throw(napi_env env, const char *code, const char *message);

/* Throws an Error for a negative errno, with the errno's name as its `code`. NULL, to be returned. */
napi_value addon_throw_errno(napi_env env, int negative);

/* Whether an exception is pending. */
bool addon_failed(napi_env env);

/* The first `count` arguments (at most 4) of a call. False, and thrown: it has fewer. */
bool addon_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values);

napi_value addon_number(napi_env env, double value);
napi_value addon_text(napi_env env, const char *value);

/* A copy of a JavaScript string, to be freed. NULL: it's none, or there is no memory. */
char *addon_copy_text(napi_env env, napi_value value);

napi_value addon_undefined(napi_env env);

/* A function as JavaScript sees it, for addon_define(). */
#define ADDON_FUNCTION(js_name, function)                                                                    \
	{                                                                                                    \
		.utf8name = (js_name), .method = (function), .attributes = napi_enumerable                   \
	}

void addon_define(napi_env env, napi_value exports, const napi_property_descriptor *functions, size_t count);

#endif
