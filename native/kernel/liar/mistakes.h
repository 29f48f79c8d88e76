/* SPDX-License-Identifier: MIT */
/*
 * What an emulated kernel may do wrong, one thing at a time. Those with the same name in the specification's module Api
 * break a promise there; the others are single answers.
 */
#ifndef QS_LIAR_MISTAKES_H
#define QS_LIAR_MISTAKES_H

#define QS_MISTAKES(X)                                                                                                 \
	X(NONE, "none")                                                                                                \
	/* arguments */                                                                                                \
	X(FLAGS_ACCEPTED, "flags accepted")                                                                            \
	X(RSEQ_FLAGS_ACCEPTED, "rseq takes any flag")                                                                  \
	X(NUMBERS_ACCEPTED, "numbers accepted")                                                                        \
	X(NUMBERS_ABSENT, "numbers answer ENOSYS")                                                                     \
	X(CPU_LOOKED_AT, "cpu looked at")                                                                              \
	X(OFFLINE_REFUSED, "offline refused")                                                                          \
	X(CPU_WITHOUT_FLAG, "cpu looked at without its flag")                                                          \
	/* QUERY and GET_REGISTRATIONS */                                                                              \
	X(QUERY_HIDES, "query hides")                                                                                  \
	X(QUERY_NO_REGISTRATION, "query hides a registration")                                                         \
	X(QUERY_SHOWS_REFUSED, "query shows a command that is refused")                                                \
	X(GET_READY_ONLY, "get reports what permits")                                                                  \
	X(GET_NOTHING, "get reports nothing")                                                                          \
	X(GET_USES, "get reports uses for registrations")                                                              \
	/* permission */                                                                                               \
	X(BORN_REGISTERED, "registered at birth")                                                                      \
	X(DENIED_INVALID, "denied answers EINVAL")                                                                     \
	X(GLOBAL_DENIED, "global expedited denied")                                                                    \
	X(INTENT_PERMITS, "intent permits")                                                                            \
	X(READY_MASK, "sync core skipped after private")                                                               \
	X(AGAIN_BUSY, "registering again fails")                                                                       \
	X(ONE_AT_A_TIME, "one registration replaces another")                                                          \
	/* processes */                                                                                                \
	X(FORK_LOSES, "fork loses")                                                                                    \
	X(FORK_SHARES, "fork shares")                                                                                  \
	X(THREAD_ALONE, "thread alone")                                                                                \
	X(CLONE_ALONE, "clone alone")                                                                                  \
	X(VFORK_ALONE, "vfork alone")                                                                                  \
	X(EXEC_KEEPS, "exec keeps")                                                                                    \
	X(EXEC_CLEARS_SHARED, "exec clears those who shared")

#define QS_MISTAKE(name, text) QS_MISTAKE_##name,
enum qs_mistake { QS_MISTAKES(QS_MISTAKE) QS_MISTAKE_COUNT };
#undef QS_MISTAKE

#endif
