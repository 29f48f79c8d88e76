/* SPDX-License-Identifier: MIT */
/* The one file that knows Node-API: the library and the replay driver, for JavaScript (typed in native/addon.ts). */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <node_api.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../replay/driver.h"
#include "generated/steps.h"
#include "quiesce/quiesce.h"

#define ARGUMENTS_MAX 4

/* An exception is pending once anything has failed; the value returned doesn't matter then. */
static napi_value throw_error(napi_env env, const char *code, const char *message)
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

static napi_value throw_errno(napi_env env, int negative)
{
	return throw_error(env, errno_name(-negative), strerror(-negative));
}

static napi_value number(napi_env env, double value)
{
	napi_value result = NULL;
	(void)napi_create_double(env, value, &result);
	return result;
}

static napi_value text(napi_env env, const char *value)
{
	napi_value result = NULL;
	(void)napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
	return result;
}

static napi_value undefined(napi_env env)
{
	napi_value result = NULL;
	(void)napi_get_undefined(env, &result);
	return result;
}

static bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values)
{
	size_t given = ARGUMENTS_MAX;
	napi_value all[ARGUMENTS_MAX];
	if (napi_get_cb_info(env, info, &given, all, NULL, NULL) != napi_ok || given < count) {
		(void)throw_error(env, "EINVAL", "too few arguments");
		return false;
	}
	memcpy(values, all, count * sizeof(napi_value));
	return true;
}

/*------------------------------------------- the library -----------------------------------------*/

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
		(void)throw_error(env, "EINVAL", "not a handle of this addon");
	return data;
}

static struct qs_domain *domain_of(napi_env env, napi_value value)
{
	struct domain_handle *handle = external(env, value);
	if (handle && !handle->alive) {
		(void)throw_error(env, "EINVAL", "the domain has been destroyed");
		return NULL;
	}
	return handle ? &handle->domain : NULL;
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
	uint32_t capacity = 0, flags = 0;
	struct domain_handle *handle;
	int status;
	if (!arguments(env, info, 2, argument))
		return NULL;
	if (napi_get_value_uint32(env, argument[0], &capacity) != napi_ok ||
	    napi_get_value_uint32(env, argument[1], &flags) != napi_ok)
		return throw_error(env, "EINVAL", "capacity and flags are numbers");
	handle = aligned_alloc(QS_CACHE_LINE, sizeof *handle);
	if (!handle)
		return throw_errno(env, -ENOMEM);
	status = qs_domain_init(&handle->domain, capacity, flags);
	if (status != 0) {
		free(handle);
		return throw_errno(env, status);
	}
	handle->alive = true;
	(void)napi_create_external(env, handle, finalize_domain, NULL, &result);
	return result;
}

static napi_value domain_destroy(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	struct qs_domain *domain;
	int status;
	if (!arguments(env, info, 1, argument) || !(domain = domain_of(env, argument[0])))
		return NULL;
	status = qs_domain_destroy(domain);
	if (status != 0)
		return throw_errno(env, status);
	((struct domain_handle *)domain)->alive = false;
	return undefined(env);
}

static napi_value domain_flavour(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	struct qs_domain *domain;
	if (!arguments(env, info, 1, argument) || !(domain = domain_of(env, argument[0])))
		return NULL;
	return number(env, qs_domain_flavour(domain));
}

static napi_value domain_number(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	struct qs_domain *domain;
	if (!arguments(env, info, 1, argument) || !(domain = domain_of(env, argument[0])))
		return NULL;
	return number(env, (double)qs_domain_number(domain));
}

static napi_value synchronize(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	struct qs_domain *domain;
	if (!arguments(env, info, 1, argument) || !(domain = domain_of(env, argument[0])))
		return NULL;
	qs_synchronize(domain);
	return undefined(env);
}

static napi_value register_reader(napi_env env, napi_callback_info info)
{
	napi_value argument[1], result = NULL;
	struct qs_domain *domain;
	struct qs_reader *reader;
	int status;
	if (!arguments(env, info, 1, argument) || !(domain = domain_of(env, argument[0])))
		return NULL;
	status = qs_register(domain, &reader);
	if (status != 0)
		return throw_errno(env, status);
	(void)napi_create_external(env, reader, NULL, NULL, &result);
	return result;
}

static napi_value unregister_reader(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	struct qs_reader *reader;
	int status;
	if (!arguments(env, info, 1, argument) || !(reader = external(env, argument[0])))
		return NULL;
	status = qs_unregister(reader);
	return status == 0 ? undefined(env) : throw_errno(env, status);
}

static napi_value read_lock(napi_env env, napi_callback_info info)
{
	napi_value argument[1], result = NULL;
	struct qs_reader *reader;
	if (!arguments(env, info, 1, argument) || !(reader = external(env, argument[0])))
		return NULL;
	(void)napi_get_boolean(env, qs_read_lock(reader).outermost, &result);
	return result;
}

static napi_value read_unlock(napi_env env, napi_callback_info info)
{
	napi_value argument[2];
	struct qs_reader *reader;
	qs_token token = { .outermost = false };
	if (!arguments(env, info, 2, argument) || !(reader = external(env, argument[0])))
		return NULL;
	if (napi_get_value_bool(env, argument[1], &token.outermost) != napi_ok)
		return throw_error(env, "EINVAL", "the token is what readLock returned");
	qs_read_unlock(reader, token);
	return undefined(env);
}

static napi_value membarrier_query(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, qs_membarrier_query());
}

/*------------------------------------------- the process -----------------------------------------*/

/* The processors that this process may run on. */
static napi_value cpus(napi_env env, napi_callback_info info)
{
	cpu_set_t set;
	napi_value result = NULL;
	uint32_t count = 0;
	(void)info;
	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return throw_errno(env, -errno);
	(void)napi_create_array(env, &result);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &set))
			(void)napi_set_element(env, result, count++, number(env, (double)cpu));
	}
	return result;
}

static napi_value steps(napi_env env, napi_callback_info info)
{
	static const char *const names[] = { QS_STEP_NAMES };
	napi_value result = NULL;
	(void)info;
	(void)napi_create_array(env, &result);
	for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)napi_set_element(env, result, i, text(env, names[i]));
	return result;
}

/* For a process that drives a target: no core file when the target crashes, and no life without its parent. */
static napi_value become_shard(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	int32_t parent = 0;
	struct rlimit none = { 0, 0 };
	if (!arguments(env, info, 1, argument) || napi_get_value_int32(env, argument[0], &parent) != napi_ok)
		return throw_error(env, "EINVAL", "the parent's process id is a number");
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	return undefined(env);
}

/* Ends the process without a look at its threads: some may be stuck in the target. */
static napi_value exit_now(napi_env env, napi_callback_info info)
{
	napi_value argument[1];
	int32_t code = 0;
	if (!arguments(env, info, 1, argument) || napi_get_value_int32(env, argument[0], &code) != napi_ok)
		return throw_error(env, "EINVAL", "the exit code is a number");
	_exit(code);
}

/*-------------------------------------------- replay ---------------------------------------------*/

static napi_value property(napi_env env, napi_value object, const char *name)
{
	napi_value value = NULL;
	if (napi_get_named_property(env, object, name, &value) != napi_ok)
		(void)throw_error(env, "EINVAL", name);
	return value;
}

static int32_t int32_property(napi_env env, napi_value object, const char *name)
{
	int32_t value = 0;
	napi_value given = property(env, object, name);
	if (!given || napi_get_value_int32(env, given, &value) != napi_ok)
		(void)throw_error(env, "EINVAL", name);
	return value;
}

static const int32_t *array_property(napi_env env, napi_value object, const char *name, size_t *length)
{
	napi_typedarray_type type = napi_uint8_array;
	void *data = NULL;
	napi_value given = property(env, object, name);
	bool is_array = false;
	*length = 0;
	if (!given || napi_is_typedarray(env, given, &is_array) != napi_ok || !is_array ||
	    napi_get_typedarray_info(env, given, &type, length, &data, NULL, NULL) != napi_ok ||
	    type != napi_int32_array)
		(void)throw_error(env, "EINVAL", name);
	return data;
}

static bool failed(napi_env env)
{
	bool pending = true;
	(void)napi_is_exception_pending(env, &pending);
	return pending;
}

/* Every index that the driver follows is checked here, once. */
static const char *plan_problem(const struct qs_plan *plan, size_t state, size_t start, size_t offset, size_t move)
{
	if (plan->readers < 1 || plan->readers > QS_REPLAY_READERS_MAX || plan->cells < 1 ||
	    plan->words != 4 + plan->cells + 5 * plan->readers)
		return "the number of words isn't that of a state";
	if (state % (size_t)plan->words != 0 || offset != start + 1 || move % 3 != 0 || plan->offset[0] != 0)
		return "the plan's arrays don't fit together";
	for (size_t i = 0; i < start; i++) {
		if (plan->start[i] < 0 || plan->start[i] >= plan->states || plan->offset[i + 1] < plan->offset[i])
			return "a path starts nowhere";
	}
	if ((size_t)plan->offset[start] != move / 3)
		return "the paths don't end where the moves do";
	for (size_t i = 0; i < move; i += 3) {
		if (plan->move[i] < 0 || plan->move[i] > plan->readers || plan->move[i + 2] < 0 ||
		    plan->move[i + 2] >= plan->states)
			return "a move names a thread or a state that isn't there";
	}
	return NULL;
}

static void set(napi_env env, napi_value object, const char *name, napi_value value)
{
	(void)napi_set_named_property(env, object, name, value);
}

static napi_value words(napi_env env, const int32_t *values, int32_t count)
{
	napi_value result = NULL;
	(void)napi_create_array_with_length(env, (size_t)count, &result);
	for (int32_t i = 0; i < count; i++)
		(void)napi_set_element(env, result, (uint32_t)i, number(env, values[i]));
	return result;
}

static napi_value failure_object(napi_env env, const struct qs_failure *failure, int32_t count)
{
	napi_value result = NULL;
	(void)napi_create_object(env, &result);
	set(env, result, "kind", text(env, failure->kind));
	set(env, result, "path", number(env, failure->path));
	set(env, result, "move", number(env, failure->move));
	set(env, result, "thread", number(env, failure->thread));
	set(env, result, "step", number(env, failure->step));
	set(env, result, "message", text(env, failure->message));
	if (failure->expected && failure->actual) {
		set(env, result, "expected", words(env, failure->expected, count));
		set(env, result, "actual", words(env, failure->actual, count));
	}
	return result;
}

static napi_value result_object(napi_env env, const struct qs_replay_result *outcome, int32_t count)
{
	napi_value result = NULL;
	(void)napi_create_object(env, &result);
	set(env, result, "paths", number(env, (double)outcome->paths));
	set(env, result, "steps", number(env, (double)outcome->steps));
	set(env, result, "probes", number(env, (double)outcome->probes));
	set(env, result, "seconds", number(env, outcome->seconds));
	if (outcome->failure.kind)
		set(env, result, "failure", failure_object(env, &outcome->failure, count));
	return result;
}

/* replay(plan, options, descriptor of the progress file) */
static napi_value replay(napi_env env, napi_callback_info info)
{
	napi_value argument[3];
	size_t state = 0, start = 0, offset = 0, move = 0, length = 0;
	char target[4096];
	struct qs_plan plan;
	struct qs_replay_options options;
	struct qs_replay_result result = { 0 };
	struct qs_progress *progress;
	int32_t descriptor = -1;
	const char *problem;
	if (!arguments(env, info, 3, argument))
		return NULL;
	plan = (struct qs_plan){
		.readers = int32_property(env, argument[0], "readers"),
		.cells = int32_property(env, argument[0], "cells"),
		.words = int32_property(env, argument[0], "words"),
		.state = array_property(env, argument[0], "state", &state),
		.start = array_property(env, argument[0], "start", &start),
		.offset = array_property(env, argument[0], "offset", &offset),
		.move = array_property(env, argument[0], "move", &move),
	};
	options = (struct qs_replay_options){
		.cpu = int32_property(env, argument[1], "cpu"),
		.hang_ms = int32_property(env, argument[1], "hangMs"),
		.first = int32_property(env, argument[1], "first"),
		.stride = int32_property(env, argument[1], "stride"),
		.target = target,
	};
	if (failed(env))
		return NULL;
	if (napi_get_value_string_utf8(env, property(env, argument[1], "target"), target, sizeof target, &length) !=
		    napi_ok ||
	    napi_get_value_int32(env, argument[2], &descriptor) != napi_ok || options.stride < 1 ||
	    options.first < 0 || options.hang_ms < 1)
		return throw_error(env, "EINVAL", "the options of replay are wrong");
	plan.paths = (int32_t)start;
	plan.states = plan.words > 0 ? (int32_t)(state / (size_t)plan.words) : 0;
	problem = plan_problem(&plan, state, start, offset, move);
	if (problem)
		return throw_error(env, "EINVAL", problem);
	progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (progress == MAP_FAILED)
		return throw_errno(env, -errno);
	problem = qs_replay(&plan, &options, progress, &result);
	if (problem)
		return throw_error(env, "EINVAL", problem);
	return result_object(env, &result, plan.words);
}

/*--------------------------------------------- module --------------------------------------------*/

#define FUNCTION(js_name, function)                                                                          \
	{                                                                                                    \
		.utf8name = (js_name), .method = (function), .attributes = napi_enumerable                   \
	}

NAPI_MODULE_INIT()
{
	const napi_property_descriptor functions[] = {
		FUNCTION("domainCreate", domain_create),
		FUNCTION("domainDestroy", domain_destroy),
		FUNCTION("domainFlavour", domain_flavour),
		FUNCTION("domainNumber", domain_number),
		FUNCTION("synchronize", synchronize),
		FUNCTION("register", register_reader),
		FUNCTION("unregister", unregister_reader),
		FUNCTION("readLock", read_lock),
		FUNCTION("readUnlock", read_unlock),
		FUNCTION("membarrierQuery", membarrier_query),
		FUNCTION("cpus", cpus),
		FUNCTION("steps", steps),
		FUNCTION("becomeShard", become_shard),
		FUNCTION("exitNow", exit_now),
		FUNCTION("replay", replay),
	};
	(void)napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
	return exports;
}
