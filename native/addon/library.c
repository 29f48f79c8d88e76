/* SPDX-License-Identifier: MIT */
/* The library, for JavaScript: a domain and a reader are externals there. */
#include <errno.h>
#include <stdlib.h>

#include "functions.h"
#include "quiesce/quiesce.h"

struct domain_handle {
	struct qs_domain domain; /* first: the handle is aligned like it */
	bool alive;
};

static void *external(napi_env env, napi_value value)
{
	void *data = NULL;
	napi_valuetype type;
	if (napi_typeof(env, value, &type) == napi_ok && type == napi_external)
		(void)napi_get_value_external(env, value, &data);
	if (!data)
		(void)addon_throw(env, "EINVAL", "not a handle of this addon");
	return data;
}

static struct qs_domain *domain_of(napi_env env, napi_value value)
{
	struct domain_handle *handle = external(env, value);
	if (handle && !handle->alive) {
		(void)addon_throw(env, "EINVAL", "the domain has been destroyed");
		return NULL;
	}
	return handle ? &handle->domain : NULL;
}

/* The only argument, a domain; NULL after an exception. */
static struct qs_domain *only_domain(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	return addon_arguments(env, info, 1, argument) ? domain_of(env, argument[0]) : NULL;
}

/* Readers may outlive the collected handle only if somebody forgot to unregister; memory is kept then. */
static void finalize_domain(napi_env env, void *data, void *hint)
{
	struct domain_handle *handle = data;
	(void)env;
	(void)hint;
	if (!handle->alive || qs_domain_destroy(&handle->domain) == 0)
		free(handle);
}

static napi_value domain_create(napi_env env, napi_callback_info info)
{
	napi_value argument[2], result = NULL;
	struct qs_options options = { 0 };
	uint32_t flavour = 0;
	struct domain_handle *handle;
	int status;
	if (!addon_arguments(env, info, 2, argument))
		return NULL;
	if (napi_get_value_uint32(env, argument[0], &options.capacity) != napi_ok ||
	    napi_get_value_uint32(env, argument[1], &flavour) != napi_ok)
		return addon_throw(env, "EINVAL", "capacity and flavour are numbers");
	options.flavour = (enum qs_flavour)flavour;
	handle = aligned_alloc(QS_CACHE_LINE, sizeof *handle);
	if (!handle)
		return addon_throw_errno(env, -ENOMEM);
	status = qs_domain_init(&handle->domain, &options);
	if (status != 0) {
		free(handle);
		return addon_throw_errno(env, status);
	}
	handle->alive = true;
	(void)napi_create_external(env, handle, finalize_domain, NULL, &result);
	return result;
}

static napi_value domain_destroy(napi_env env, napi_callback_info info)
{
	struct qs_domain *domain = only_domain(env, info);
	int status;
	if (!domain)
		return NULL;
	status = qs_domain_destroy(domain);
	if (status != 0)
		return addon_throw_errno(env, status);
	((struct domain_handle *)domain)->alive = false;
	return addon_undefined(env);
}

static napi_value domain_flavour(napi_env env, napi_callback_info info)
{
	struct qs_domain *domain = only_domain(env, info);
	if (!domain)
		return NULL;
	return addon_number(env, qs_domain_flavour(domain));
}

static napi_value domain_number(napi_env env, napi_callback_info info)
{
	struct qs_domain *domain = only_domain(env, info);
	if (!domain)
		return NULL;
	return addon_number(env, (double)qs_domain_number(domain));
}

static napi_value synchronize(napi_env env, napi_callback_info info)
{
	struct qs_domain *domain = only_domain(env, info);
	if (!domain)
		return NULL;
	qs_synchronize(domain);
	return addon_undefined(env);
}

static napi_value register_reader(napi_env env, napi_callback_info info)
{
	napi_value result = NULL;
	struct qs_domain *domain = only_domain(env, info);
	struct qs_reader *reader;
	int status;
	if (!domain)
		return NULL;
	status = qs_register(domain, &reader);
	if (status != 0)
		return addon_throw_errno(env, status);
	(void)napi_create_external(env, reader, NULL, NULL, &result);
	return result;
}

static napi_value unregister_reader(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	struct qs_reader *reader;
	int status;
	if (!addon_arguments(env, info, 1, argument) || !(reader = external(env, argument[0])))
		return NULL;
	status = qs_unregister(reader);
	return status == 0 ? addon_undefined(env) : addon_throw_errno(env, status);
}

static napi_value read_lock(napi_env env, napi_callback_info info)
{
	napi_value argument[1], result = NULL;
	struct qs_reader *reader;
	if (!addon_arguments(env, info, 1, argument) || !(reader = external(env, argument[0])))
		return NULL;
	(void)napi_get_boolean(env, qs_read_lock(reader).reader != NULL, &result);
	return result;
}

static napi_value read_unlock(napi_env env, napi_callback_info info)
{
	napi_value argument[2];
	struct qs_reader *reader;
	bool outermost = false;
	if (!addon_arguments(env, info, 2, argument) || !(reader = external(env, argument[0])))
		return NULL;
	if (napi_get_value_bool(env, argument[1], &outermost) != napi_ok)
		return addon_throw(env, "EINVAL", "the token is what readLock returned");
	qs_read_unlock((qs_token){ .reader = outermost ? reader : NULL });
	return addon_undefined(env);
}

static napi_value membarrier_query(napi_env env, napi_callback_info info)
{
	(void)info;
	return addon_number(env, qs_membarrier_query());
}

void addon_define_library(napi_env env, napi_value exports)
{
	const napi_property_descriptor functions[] = {
		ADDON_FUNCTION("domainCreate", domain_create),
		ADDON_FUNCTION("domainDestroy", domain_destroy),
		ADDON_FUNCTION("domainFlavour", domain_flavour),
		ADDON_FUNCTION("domainNumber", domain_number),
		ADDON_FUNCTION("synchronize", synchronize),
		ADDON_FUNCTION("register", register_reader),
		ADDON_FUNCTION("unregister", unregister_reader),
		ADDON_FUNCTION("readLock", read_lock),
		ADDON_FUNCTION("readUnlock", read_unlock),
		ADDON_FUNCTION("membarrierQuery", membarrier_query),
	};
	addon_define(env, exports, functions, sizeof functions / sizeof functions[0]);
}
