/* Generated from conformance/contract/words.ts by `npm run generate`. Do not edit. */
#ifndef QS_GENERATED_WORDS_H
#define QS_GENERATED_WORDS_H

/* The first word of each kind, in a state with so many readers and cells. */
#define QS_WORD_GP(readers, cells) (0)
#define QS_WORD_WAITING(readers, cells) (1)
#define QS_WORD_HEAD(readers, cells) (2)
#define QS_WORD_CELL(readers, cells) (3)
#define QS_WORD_ANNOUNCED(readers, cells) (3 + (cells))
#define QS_WORD_OWNER(readers, cells) (3 + (cells) + (readers))
#define QS_WORD_SLOT(readers, cells) (3 + (cells) + 2 * (readers))
#define QS_WORD_HELD(readers, cells) (3 + (cells) + 3 * (readers))
#define QS_WORD_AT(readers, cells) (3 + (cells) + 4 * (readers))

/* How many words a state has. */
#define QS_WORDS(readers, cells) (4 + (cells) + 5 * (readers))

#endif
