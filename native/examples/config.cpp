// SPDX-License-Identifier: MIT
// config.c in C++: what is registered, entered and allocated has an owner.
#include <quiesce/quiesce.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

struct config {
	explicit config(int number) : version(number), name("version " + std::to_string(number)) {}
	int version;
	std::string name;
};

} // namespace

int main(int argc, char **argv)
{
	const int replacements = argc > 1 ? std::atoi(argv[1]) : 1000;
	quiesce::domain domain;
	quiesce::rcu_ptr<config> current{std::make_unique<config>(1)};
	std::atomic<bool> done{false};
	std::atomic<int> ready{0};
	std::atomic<long> wrong{0};
	std::vector<std::thread> threads;
	for (int i = 0; i < 3; i++) {
		threads.emplace_back([&] {
			quiesce::reader reader{domain};
			ready++;
			while (!done) {
				quiesce::section inside{reader};
				const config *seen = current.load(inside);
				if (seen->name != "version " + std::to_string(seen->version))
					wrong++;
			}
		});
	}
	while (ready < 3)
		std::this_thread::yield();
	for (int version = 2; version <= replacements + 1; version++) {
		quiesce::retire(domain, current.exchange(std::make_unique<config>(version)));
		if (version % 64 == 0)
			domain.reclaim();
	}
	done = true;
	for (std::thread &thread : threads)
		thread.join();
	std::printf("%s: %d replacements, %ld wrong\n", qs_flavour_name(domain.flavour()), replacements, wrong.load());
	return wrong != 0;
}
