/* SPDX-License-Identifier: MIT */
/* Compiles and links where liburcu and its headers are. */
#include "side_liburcu_memb.h"

int main(void)
{
	side_unregister(side_register());
	return 0;
}
