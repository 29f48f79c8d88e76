/* Generated from spec/rcu/number-steps/Urcu.contract.json by `npm run generate`. Do not edit. */
#ifndef QS_GENERATED_WORDS_H
#define QS_GENERATED_WORDS_H

/* Groups of words: how many words each has depends on the model (struct qs_setup). */
enum qs_word {
  QS_WORD_gp = 0,
  QS_WORD_begun = 1,
  QS_WORD_ended = 2,
  QS_WORD_leader = 3,
  QS_WORD_doorbell = 4,
  QS_WORD_sleepers = 5,
  QS_WORD_registered = 6,
  QS_WORD_used = 7,
  QS_WORD_head = 8,
  QS_WORD_cell = 9,
  QS_WORD_announced = 10,
  QS_WORD_notice = 11,
  QS_WORD_owner = 12,
  QS_WORD_slot = 13,
  QS_WORD_held = 14,
  QS_WORD_mine = 15,
  QS_WORD_COUNT = 16
};

#define QS_WORD_NAMES \
  "gp", \
  "begun", \
  "ended", \
  "leader", \
  "doorbell", \
  "sleepers", \
  "registered", \
  "used", \
  "head", \
  "cell", \
  "announced", \
  "notice", \
  "owner", \
  "slot", \
  "held", \
  "mine"

#endif
