/* Generated from spec/rcu/number-steps/Urcu.tla and UrcuQsbr.tla by `npm run generate`. Do not edit. */
#ifndef QS_GENERATED_STEPS_H
#define QS_GENERATED_STEPS_H

enum qs_step {
  QS_STEP_Idle = 0,
  QS_STEP_AddReader = 1,
  QS_STEP_AddSleeper = 2,
  QS_STEP_Announce = 3,
  QS_STEP_Begin = 4,
  QS_STEP_ClearNotice = 5,
  QS_STEP_Dereference = 6,
  QS_STEP_End = 7,
  QS_STEP_Free = 8,
  QS_STEP_Initialise = 9,
  QS_STEP_Lead = 10,
  QS_STEP_LoadBegun = 11,
  QS_STEP_LoadDoorbell = 12,
  QS_STEP_LoadEnded = 13,
  QS_STEP_LoadEndedAgain = 14,
  QS_STEP_LoadGp = 15,
  QS_STEP_LoadNotice = 16,
  QS_STEP_LoadRegistered = 17,
  QS_STEP_LoadSleepers = 18,
  QS_STEP_LoadUsed = 19,
  QS_STEP_LockNested = 20,
  QS_STEP_Membarrier = 21,
  QS_STEP_MembarrierNotice = 22,
  QS_STEP_Publish = 23,
  QS_STEP_Raise = 24,
  QS_STEP_RaiseUsed = 25,
  QS_STEP_Register = 26,
  QS_STEP_RemoveReader = 27,
  QS_STEP_RemoveSleeper = 28,
  QS_STEP_Rescan = 29,
  QS_STEP_Ring = 30,
  QS_STEP_Scan = 31,
  QS_STEP_SetNotice = 32,
  QS_STEP_Sleep = 33,
  QS_STEP_SleepAtDoorbell = 34,
  QS_STEP_StepDown = 35,
  QS_STEP_TakeNotice = 36,
  QS_STEP_Unlock = 37,
  QS_STEP_UnlockNested = 38,
  QS_STEP_Unregister = 39,
  QS_STEP_Use = 40,
  QS_STEP_Wake = 41,
  QS_STEP_WakeAll = 42,
  QS_STEP_AnnounceAgain = 43,
  QS_STEP_GoOffline = 44,
  QS_STEP_LoadGpAgain = 45,
  QS_STEP_COUNT = 46
};

#define QS_STEP_NAMES \
  "Idle", \
  "AddReader", \
  "AddSleeper", \
  "Announce", \
  "Begin", \
  "ClearNotice", \
  "Dereference", \
  "End", \
  "Free", \
  "Initialise", \
  "Lead", \
  "LoadBegun", \
  "LoadDoorbell", \
  "LoadEnded", \
  "LoadEndedAgain", \
  "LoadGp", \
  "LoadNotice", \
  "LoadRegistered", \
  "LoadSleepers", \
  "LoadUsed", \
  "LockNested", \
  "Membarrier", \
  "MembarrierNotice", \
  "Publish", \
  "Raise", \
  "RaiseUsed", \
  "Register", \
  "RemoveReader", \
  "RemoveSleeper", \
  "Rescan", \
  "Ring", \
  "Scan", \
  "SetNotice", \
  "Sleep", \
  "SleepAtDoorbell", \
  "StepDown", \
  "TakeNotice", \
  "Unlock", \
  "UnlockNested", \
  "Unregister", \
  "Use", \
  "Wake", \
  "WakeAll", \
  "AnnounceAgain", \
  "GoOffline", \
  "LoadGpAgain"

#endif
