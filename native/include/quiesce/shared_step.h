/* SPDX-License-Identifier: MIT */
/*
 * Step points of the shared domain, as step.h has them for the private one: QS_SHARED_STEP(Name) stands before what
 * spec/rcu/shared-memory/SharedMemory.tla knows as the step of that name. They compile to nothing, except with
 * -DQS_SHARED_STEPS, when each calls a function that may end the process there.
 */
#ifndef QUIESCE_SHARED_STEP_H
#define QUIESCE_SHARED_STEP_H

#define QS_SHARED_READER_STEPS(X)                                                                            \
	X(Claim) X(ClearDead) X(WakeDead) X(Consistent) X(Unregister) X(LoadGp) X(Announce) X(Unlock)        \
	X(LoadNotice) X(ClearNotice) X(Wake)
#define QS_SHARED_UPDATER_STEPS(X)                                                                           \
	X(Snapshot) X(Share) X(Lead) X(Follow) X(ClearNotices) X(ConsistentLeader) X(Begin) X(Raise) X(Scan) \
	X(SetNotice) X(Rescan) X(Sleep) X(Limit) X(TryLife) X(Bury) X(ConsistentDead) X(Leave)               \
	X(StopNotice) X(End) X(Release) X(Ring)

#ifdef QS_SHARED_STEPS
enum qs_shared_step {
#define QS_SHARED_NAME(name) QS_SHARED_STEP_##name,
	QS_SHARED_READER_STEPS(QS_SHARED_NAME) QS_SHARED_UPDATER_STEPS(QS_SHARED_NAME)
#undef QS_SHARED_NAME
	QS_SHARED_STEPS_END
};

void qs_shared_step(enum qs_shared_step step);

#define QS_SHARED_STEP(name) qs_shared_step(QS_SHARED_STEP_##name)
#else
#define QS_SHARED_STEP(name) ((void)0)
#endif

#endif
