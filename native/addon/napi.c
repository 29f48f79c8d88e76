/* SPDX-License-Identifier: MIT */
#include "napi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 4

napi_value addon_throw(napi_env env, const char *code, const char *message)
{
	(void)napi_throw_error(env, code, message);
	return NULL;
}

/* The name of an errno that the library returns. (strerrorname_np() is glibc's alone.) */
static const char *errno_name(int error)
{
	switch (error) {
	case EAGAIN:
		return "EAGAIN";
	case EBUSY:
		return "EBUSY";
	case EINVAL:
		return "EINVAL";
	case ENOMEM:
		return "ENOMEM";
	default:
		return "EOTHER";
	}
}

napi_value addon_throw_errno(napi_env env, int negative)
{
	return addon_throw(env, errno_name(-negative), strerror(-negative));
}

bool addon_failed(napi_env env)
{
	bool pending = true;
	(void)napi_is_exception_pending(env, &pending);
	return pending;
}

bool addon_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values)
{
	size_t given = ARGUMENTS_MAX;
	napi_value all[ARGUMENTS_MAX];
	if (napi_get_cb_info(env, info, &given, all, NULL, NULL) != napi_ok || given < count) {
		(void)addon_throw(env, "EINVAL", "too few arguments");
		return false;
	}
	memcpy(values, all, count * sizeof(napi_value));
	return true;
}

napi_value addon_number(napi_env env, double value)
{
	napi_value result = NULL;
	(void)napi_create_double(env, value, &result);
	return result;
}

napi_value addon_text(napi_env env, const char *value)
{
	napi_value result = NULL;
	(void)napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
	return result;
}

char *addon_copy_text(napi_env env, napi_value value)
{
	size_t length = 0;
	char *text;
	if (!value || napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok)
		return NULL;
	text = malloc(length + 1);
	if (text)
		(void)napi_get_value_string_utf8(env, value, text, length + 1, &length);
	return text;
}

napi_value addon_undefined(napi_env env)
{
	napi_value result = NULL;
	(void)napi_get_undefined(env, &result);
	return result;
}

void addon_define(napi_env env, napi_value exports, const napi_property_descriptor *functions, size_t count)
{
	(void)napi_define_properties(env, exports, count, functions);
}
