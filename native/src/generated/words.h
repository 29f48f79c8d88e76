/* Generated from conformance/contract/words.ts by `npm run generate`. Do not edit. */
#ifndef QS_GENERATED_WORDS_H
#define QS_GENERATED_WORDS_H

/* The first word of each kind, in a state with so many updaters, readers and cells. */
#define QS_WORD_GP(updaters, readers, cells) (0)
#define QS_WORD_BEGUN(updaters, readers, cells) (1)
#define QS_WORD_ENDED(updaters, readers, cells) (2)
#define QS_WORD_LEADER(updaters, readers, cells) (3)
#define QS_WORD_DOORBELL(updaters, readers, cells) (4)
#define QS_WORD_SLEEPERS(updaters, readers, cells) (5)
#define QS_WORD_REGISTERED(updaters, readers, cells) (6)
#define QS_WORD_USED(updaters, readers, cells) (7)
#define QS_WORD_HEAD(updaters, readers, cells) (8)
#define QS_WORD_CELL(updaters, readers, cells) (9)
#define QS_WORD_ANNOUNCED(updaters, readers, cells) (9 + (cells))
#define QS_WORD_NOTICE(updaters, readers, cells) (9 + (readers) + (cells))
#define QS_WORD_OWNER(updaters, readers, cells) (9 + 2 * (readers) + (cells))
#define QS_WORD_SLOT(updaters, readers, cells) (9 + 3 * (readers) + (cells))
#define QS_WORD_HELD(updaters, readers, cells) (9 + 4 * (readers) + (cells))
#define QS_WORD_MINE(updaters, readers, cells) (9 + 5 * (readers) + (cells))
#define QS_WORD_AT(updaters, readers, cells) (9 + (updaters) + 5 * (readers) + (cells))

/* How many words a state has. */
#define QS_WORDS(updaters, readers, cells) (9 + 2 * (updaters) + 6 * (readers) + (cells))

#endif
