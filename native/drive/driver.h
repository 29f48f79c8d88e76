/* SPDX-License-Identifier: MIT */
/*
 * What a C or C++ library exports so that `quiesce conform --driver FILE.so` can drive it: a function
 * qs_driver_get(). This file needs nothing but a C compiler; copy it, or include it where it is.
 *
 * Each lane of the specification (a thread, a process, a node) is a thread here. A step is a call on its lane's
 * thread. It may return, or block for as long as it likes: other lanes then go on, and the word `busy` of a
 * contract (one for each lane: busy0, busy.p1) is 1 until it returns. Only one call is begun at a time.
 */
#ifndef QUIESCE_DRIVER_ABI_H
#define QUIESCE_DRIVER_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QS_DRIVER_ABI 1

/* A constant, a parameter, or the value of a lane. What is neither a number nor a string is its JSON text. */
struct qs_value {
	const char *name;
	const char *text; /* NULL: it is a number; TRUE and FALSE are 1 and 0 */
	int64_t number;
};

struct qs_driver_world {
	const char *claim;
	int lanes, constants;
	const struct qs_value *lane; /* in the order of their numbers; the name is the lane's kind */
	const struct qs_value *constant;
};

/* A step that is asked for. */
struct qs_ask {
	const char *step; /* the name of the specification's action */
	int lane;         /* its number; -1: the environment takes it, on the thread of the first lane */
	int parameters;
	const struct qs_value *parameter; /* without the lane */
};

enum qs_taken {
	QS_TAKEN_DONE = 0,
	QS_TAKEN_REFUSED = 1, /* it isn't possible now, and nothing has changed */
	QS_TAKEN_UNKNOWN = 2, /* the library has no such step */
	QS_TAKEN_WRONG = 3,   /* the library has done something wrong: see `problem` */
	QS_TAKEN_ENDS = 5     /* done, and the lane's thread ends; its next step is taken by a new one */
};

/* Where a driver says what it sees. The names are the contract's: "items", "cell0", "waits.p1". */
struct qs_look {
	void (*number)(struct qs_look *look, const char *word, int64_t value);
	void (*text)(struct qs_look *look, const char *word, const char *value);
	void (*list)(struct qs_look *look, const char *word, const int64_t *values, size_t count);
	void (*boolean)(struct qs_look *look, const char *word, int value);
};

struct qs_driver {
	uint32_t abi; /* QS_DRIVER_ABI */
	const char *name;

	/* A fresh instance in the initial state; NULL when it can't be made. `world` ends with the call. */
	void *(*begin)(const struct qs_driver_world *world);

	/* Takes a step, on its lane's thread. `*problem` is for QS_TAKEN_WRONG: a sentence that outlives the call. */
	enum qs_taken (*step)(void *instance, const struct qs_ask *ask, const char **problem);

	/* Says what can be seen. Lanes may be blocked in a step meanwhile, but no step begins. */
	void (*look)(void *instance, struct qs_look *look);

	/*
	 * At a path's end, on each lane's thread once its step has returned: gives back what the lane holds, so that
	 * others come to rest, too. With -1, on another thread, where all lanes are blocked. May be NULL.
	 */
	void (*drain)(void *instance, int lane);

	/* When all lanes are at rest. */
	void (*end)(void *instance);
};

/* The library has this. */
__attribute__((visibility("default"))) const struct qs_driver *qs_driver_get(void);
typedef const struct qs_driver *(*qs_driver_get_function)(void);
#define QS_DRIVER_GET "qs_driver_get"

#ifdef __cplusplus
}
#endif

#endif
