/* SPDX-License-Identifier: MIT */
/* Commands, answers and steps in words. */
#ifndef QS_KERNEL_WORDS_H
#define QS_KERNEL_WORDS_H

#include "plan.h"

/* The size of each text. */
enum { QS_TEXT = 160 };

/* What a task does: "1: PRIVATE_EXPEDITED_RSEQ flags 1 on a CPU beyond all". */
void qs_words_step(char text[QS_TEXT], const struct qs_step *step);
/* What an answer to the step means: "EPERM", "0", or the commands of a mask. */
void qs_words_answer(char text[QS_TEXT], const struct qs_step *step, int answer);

#endif
