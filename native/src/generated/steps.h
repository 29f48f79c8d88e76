/* Generated from spec/rcu/number-steps/Urcu.tla by `npm run generate`. Do not edit. */
#ifndef QS_GENERATED_STEPS_H
#define QS_GENERATED_STEPS_H

enum qs_step {
  QS_STEP_Idle = 0,
  QS_STEP_Announce = 1,
  QS_STEP_Awake = 2,
  QS_STEP_ClearWaiting = 3,
  QS_STEP_Dereference = 4,
  QS_STEP_Free = 5,
  QS_STEP_Initialise = 6,
  QS_STEP_LoadGp = 7,
  QS_STEP_LoadWaiting = 8,
  QS_STEP_LockNested = 9,
  QS_STEP_Membarrier = 10,
  QS_STEP_MembarrierWaiting = 11,
  QS_STEP_Publish = 12,
  QS_STEP_Raise = 13,
  QS_STEP_Register = 14,
  QS_STEP_Rescan = 15,
  QS_STEP_Scan = 16,
  QS_STEP_SetWaiting = 17,
  QS_STEP_Sleep = 18,
  QS_STEP_StopWaiting = 19,
  QS_STEP_Unlock = 20,
  QS_STEP_UnlockNested = 21,
  QS_STEP_Unregister = 22,
  QS_STEP_Use = 23,
  QS_STEP_Wake = 24,
  QS_STEP_COUNT = 25
};

#define QS_STEP_NAMES \
  "Idle", \
  "Announce", \
  "Awake", \
  "ClearWaiting", \
  "Dereference", \
  "Free", \
  "Initialise", \
  "LoadGp", \
  "LoadWaiting", \
  "LockNested", \
  "Membarrier", \
  "MembarrierWaiting", \
  "Publish", \
  "Raise", \
  "Register", \
  "Rescan", \
  "Scan", \
  "SetWaiting", \
  "Sleep", \
  "StopWaiting", \
  "Unlock", \
  "UnlockNested", \
  "Unregister", \
  "Use", \
  "Wake"

#endif
