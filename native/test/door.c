/* SPDX-License-Identifier: MIT */
#include "door.h"

void (*door_hook)(const char *what, const volatile void *address);
