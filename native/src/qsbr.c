/* SPDX-License-Identifier: MIT */
/* Readers of the flavour QS_QSBR: how they come and go, and what an updater does that is one of them. */
#include <errno.h>

#include "quiesce/qsbr.h"
#include "thread.h"

int qs_qsbr_register(struct qs_domain *domain, struct qs_reader **reader)
{
	int status = domain ? qs_domain_prepare(domain) : -EINVAL;
	if (status == 0 && domain->flavour != QS_QSBR)
		status = -ENOTSUP;
	if (status == 0)
		status = qs_register(domain, reader);
	if (status == 0)
		qs_qsbr_online(*reader);
	return status;
}

int qs_qsbr_unregister(struct qs_reader *reader)
{
	if (!qs_is_mine(reader))
		return -EPERM;
	if (qs_load_relaxed(&reader->announced) != 0)
		qs_qsbr_offline(reader);
	return qs_unregister(reader);
}

bool qs_qsbr_step_aside(struct qs_domain *domain)
{
	bool aside = false;
	for (struct qs_reader *mine = qs_load_relaxed(&qs_self.readers); mine; mine = mine->next) {
		if (mine->domain != domain || qs_load_relaxed(&mine->announced) == 0)
			continue;
		qs_qsbr_offline(mine);
		mine->offline |= QS_ASIDE;
		aside = true;
	}
	return aside;
}

void qs_qsbr_step_back(struct qs_domain *domain)
{
	for (struct qs_reader *mine = qs_load_relaxed(&qs_self.readers); mine; mine = mine->next) {
		if (mine->domain != domain || (mine->offline & QS_ASIDE) == 0)
			continue;
		mine->offline &= ~QS_ASIDE;
		qs_qsbr_online(mine);
	}
}
