/* SPDX-License-Identifier: MIT */
/* quiesce.hpp where nothing can be thrown (-fno-exceptions -fno-rtti): what would be ends the process, and says why. */
#include <quiesce/quiesce.hpp>

#include <cstdio>
#include <memory>

namespace {

struct number : quiesce::obj_base<number> {
	int value = 7;
};

int use()
{
	quiesce::domain domain;
	quiesce::rcu_ptr<number> current{std::make_unique<number>()};
	quiesce::reader first{domain}, reader{std::move(first)};
	int value;
	{
		quiesce::section inside{reader};
		value = current.load(inside)->value;
	}
	current.exchange(std::make_unique<number>())->retire(domain);
	return domain.reclaim() == 1 && value == 7 && !first ? 0 : 1;
}

int refuse()
{
	quiesce::domain domain{qs_options{1, QS_ANY, 0, 0, nullptr, nullptr, 0, 0, {}}};
	quiesce::reader one{domain}, another{domain};
	return 0;
}

} // namespace

int main(int count, char **)
{
	return count > 1 ? refuse() : use();
}
