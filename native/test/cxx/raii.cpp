// SPDX-License-Identifier: MIT
// quiesce.hpp, with several threads. Prints TAP.
#include "quiesce/quiesce.hpp"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

int tests = 0;
bool failed = false;

void report(const char *name, bool passed)
{
	std::printf("%sok %d - %s\n", passed ? "" : "not ", ++tests, name);
	failed = failed || !passed;
}

std::atomic<int> alive{0};
std::atomic<bool> short_of_memory{false};

// A value and its double: torn or freed, they don't match.
struct config {
	explicit config(std::uint64_t value) : once(value), twice(2 * value) { alive++; }
	~config()
	{
		once = 1;
		twice = 1;
		alive--;
	}
	bool good() const { return twice == 2 * once; }
	std::uint64_t once, twice;
};

struct light : quiesce::obj_base<light> {
	explicit light(std::uint64_t value) : inner(value) {}
	config inner;
};

// A deleter with a state, which is no standard layout.
struct counting {
	virtual ~counting() = default;
	explicit counting(std::atomic<int> *where) : count(where) {}
	counting(const counting &) = default;
	counting &operator=(const counting &) = default;
	void operator()(config *object) const
	{
		(*count)++;
		delete object;
	}
	std::atomic<int> *count;
};

static_assert(!std::is_copy_constructible_v<quiesce::reader> && std::is_nothrow_move_constructible_v<quiesce::reader>);
static_assert(!std::is_copy_constructible_v<quiesce::domain> && !std::is_move_constructible_v<quiesce::domain>);
static_assert(!std::is_copy_constructible_v<quiesce::section<quiesce::side::any>>);
static_assert(noexcept(quiesce::section(std::declval<quiesce::reader &>())));
static_assert(sizeof(quiesce::section<quiesce::side::any>) == sizeof(qs_token));
static_assert(sizeof(quiesce::rcu_ptr<config>) == sizeof(config *));

template <class Reader> bool readers_see_whole_objects(quiesce::domain &domain)
{
	quiesce::rcu_ptr<config> current{std::make_unique<config>(0u)};
	std::atomic<bool> stop{false};
	std::atomic<int> bad{0}, running{0};
	std::vector<std::thread> threads;
	for (int i = 0; i < 3; i++) {
		threads.emplace_back([&] {
			Reader reader{domain};
			running++;
			while (!stop) {
				quiesce::section outer{reader};
				const config *seen = current.load(outer);
				quiesce::section inner{reader};
				if (!seen->good() || !current.load(inner)->good())
					bad++;
			}
		});
	}
	while (running < 3)
		std::this_thread::yield();
	for (std::uint64_t i = 1; i <= 300; i++) {
		quiesce::retire(domain, current.exchange(std::make_unique<config>(i)));
		if (i % 16 == 0)
			domain.reclaim();
	}
	stop = true;
	for (std::thread &thread : threads)
		thread.join();
	domain.reclaim();
	return bad == 0 && alive == 1;
}

void threads()
{
	quiesce::domain domain;
	std::printf("# the flavour is %s\n", qs_flavour_name(domain.flavour()));
	report("readers never see a freed object", readers_see_whole_objects<quiesce::reader>(domain));
	report("what a pointer still has at its end is freed", alive == 0);
	report("so do readers with fences", readers_see_whole_objects<quiesce::mb_reader>(domain));
	if (domain.flavour() != QS_MEMBARRIER) {
		report("so do readers without # SKIP no membarrier", true);
		return;
	}
	report("so do readers without", readers_see_whole_objects<quiesce::membarrier_reader>(domain));
}

void retiring()
{
	std::atomic<int> counted{0};
	{
		quiesce::domain domain;
		quiesce::reader reader{domain};
		{
			quiesce::section inside{reader};
			(new light(3))->retire(domain);
			quiesce::retire(domain, std::make_unique<config>(4u));
			quiesce::retire(domain, new config(5), counting{&counted});
			quiesce::retire(domain, static_cast<config *>(nullptr));
			report("retire frees nothing by itself", alive == 3);
		}
		report("reclaim frees what was retired", domain.reclaim() == 3 && alive == 0 && counted == 1);
		short_of_memory = true;
		quiesce::retire(domain, std::unique_ptr<config, counting>(new config(6), counting{&counted}));
		short_of_memory = false;
		report("without memory it frees the object itself",
		       alive == 0 && counted == 2 && domain.reclaim() == 0);
		quiesce::retire(domain, new config(7));
	}
	report("a domain's end frees what is left", alive == 0);
}

void owning()
{
	quiesce::domain domain{QS_MB};
	quiesce::reader first{domain};
	report("a domain has the flavour that was asked for", domain.flavour() == QS_MB);
	quiesce::reader second{std::move(first)};
	report("a reader moves", !first && second);
	qs_reader *slot = second.native_handle();
	first = std::move(second);
	report("and moves back", first && !second && first.native_handle() == slot);
	{
		quiesce::offline away{first};
		domain.synchronize();
		synchronize(domain);
	}
	quiesce::section inside{first};
	report("a reader that was offline is back", qs_offline(first.native_handle()) == -EBUSY);
}

void working()
{
	quiesce::domain domain;
	domain.start_worker();
	quiesce::retire(domain, new config(10));
	domain.barrier();
	report("a worker frees what was retired", alive == 0);
}

template <class Work> int code_of(Work work)
{
	try {
		work();
	} catch (const std::system_error &error) {
		return error.code() == error.code().default_error_condition() ? error.code().value() : -1;
	}
	return 0;
}

void refusing()
{
	qs_options small{};
	small.capacity = 1;
	small.flavour = QS_MB;
	quiesce::domain domain{small};
	quiesce::reader only{domain};
	report("a reader too many throws EAGAIN", code_of([&] { quiesce::reader other{domain}; }) == EAGAIN);
	report("a reader without fences in a domain that needs them throws ENOTSUP",
	       code_of([&] { quiesce::membarrier_reader other{domain}; }) == ENOTSUP);
	qs_options wrong{};
	wrong.flags = 1u << 31;
	{
		quiesce::section inside{only};
		report("a barrier inside a section throws EDEADLK", code_of([&] { domain.barrier(); }) == EDEADLK);
	}
	report("a flag that nobody knows throws EINVAL", code_of([&] { quiesce::domain other{wrong}; }) == EINVAL);
}

void exchanging()
{
	quiesce::rcu_ptr<config> current;
	config *expected = nullptr;
	auto fresh = std::make_unique<config>(8u);
	report("compare_exchange takes what it publishes", current.compare_exchange(expected, fresh) && !fresh);
	fresh = std::make_unique<config>(9u);
	report("and keeps it where it doesn't",
	       !current.compare_exchange(expected, fresh) && fresh && expected == current.get());
}

} // namespace

// retire() asks for memory in this way.
void *operator new(std::size_t size, const std::nothrow_t &) noexcept
{
	return short_of_memory ? nullptr : std::malloc(size);
}
void *operator new(std::size_t size)
{
	if (void *memory = std::malloc(size))
		return memory;
	throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

int main()
{
	alarm(120);
	threads();
	retiring();
	working();
	owning();
	refusing();
	exchanging();
	std::printf("1..%d\n", tests);
	return failed;
}
