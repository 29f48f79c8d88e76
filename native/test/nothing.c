/* SPDX-License-Identifier: MIT */
/* A program that does nothing: it runs wherever the compiler's options have what they need. */
int main(void)
{
	return 0;
}
