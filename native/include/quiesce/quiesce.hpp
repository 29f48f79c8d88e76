/* SPDX-License-Identifier: MIT */
/*
 * quiesce for C++17 and later: the C functions, with owners. Nothing here costs more than what it stands for.
 *
 *   quiesce::domain domain;
 *   quiesce::rcu_ptr<config> current{new config{...}};
 *
 *   quiesce::reader reader{domain};          // once a thread
 *   {
 *           quiesce::section inside{reader};
 *           use(current.load(inside)->value);
 *   }
 *
 *   quiesce::retire(domain, current.exchange(std::make_unique<config>(...)));
 *
 * What the kernel or memory refuses is thrown as std::system_error, whose code is the errno (with -fno-exceptions it
 * ends the process with a message). What only a mistake in the
 * program can bring about (a reader that is given up inside its section, or by another thread; a domain that ends
 * before its readers) ends the process through std::terminate(), as a joinable std::thread does.
 *
 * The names follow those of the <rcu> of C++26 where there is one: retire() is std::rcu_retire(), obj_base is
 * std::rcu_obj_base, and synchronize() is std::rcu_synchronize().
 */
#ifndef QUIESCE_HPP
#define QUIESCE_HPP

#if __cplusplus < 201703L
#error "quiesce.hpp needs C++17 or later: -std=c++17"
#endif

#include <cstddef>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <system_error>
#include <type_traits>
#include <utility>

#include "mb.h"
#include "membarrier.h"
#include "quiesce.h"

namespace quiesce {

namespace detail {

inline void check(int status, const char *what)
{
	if (status >= 0)
		return;
	const std::error_code code(-status, std::generic_category());
#if defined(__cpp_exceptions)
	throw std::system_error(code, what);
#else
	/* Nobody could catch it: it ends as what nobody catches does. */
	std::fprintf(stderr, "%s: %s\n", what, code.message().c_str());
	std::terminate();
#endif
}

/* Only a mistake in the program makes this fail. */
inline void insist(int status) noexcept
{
	if (status < 0)
		std::terminate();
}

} // namespace detail

/*
 * Readers and updaters that know of each other: a qs_domain that is made and destroyed. It doesn't move.
 *
 * Its end runs what is still deferred. All readers must be gone by then, else std::terminate() is called.
 */
class domain {
public:
	/* std::system_error: EINVAL, ENOMEM, or ENOTSUP where QS_STRICT insists on a flavour that isn't to be had. */
	explicit domain(const qs_options &options = qs_options{})
	{
		detail::check(qs_domain_init(&domain_, &options), "quiesce::domain");
	}

	explicit domain(qs_flavour flavour) : domain(with(flavour)) {}

	~domain() { detail::insist(qs_domain_destroy(&domain_)); }

	domain(const domain &) = delete;
	domain &operator=(const domain &) = delete;

	/* The flavour that it runs, which may be QS_MB for want of another. */
	qs_flavour flavour() const noexcept { return qs_domain_flavour(&domain_); }

	/* Waits until every section that was entered before has been left. Never call it inside a section. */
	void synchronize() noexcept { qs_synchronize(&domain_); }

	/* Frees what was retired, after one grace period for all of it. Never call it inside a section. */
	std::size_t reclaim() noexcept { return qs_reclaim(&domain_); }

	/* A thread that frees what is retired: nobody need call reclaim(). std::system_error: EALREADY, EAGAIN. */
	void start_worker(const qs_worker_options &options = qs_worker_options{})
	{
		detail::check(qs_worker_start(&domain_, &options), "quiesce::domain::start_worker");
	}

	/* As reclaim(), but leaves it to the worker, if there is one. std::system_error: EDEADLK, inside a section. */
	void barrier() { detail::check(qs_barrier(&domain_), "quiesce::domain::barrier"); }

	/* For the functions of C. */
	qs_domain *native_handle() noexcept { return &domain_; }

private:
	static qs_options with(qs_flavour flavour) noexcept
	{
		qs_options options{};
		options.flavour = flavour;
		return options;
	}

	qs_domain domain_ = QS_DOMAIN_INITIALIZER;
};

inline void synchronize(domain &domain) noexcept
{
	domain.synchronize();
}

/* Read sides: which functions of C a reader's sections call. */
namespace side {

/* Whatever the domain has come to, found out at run time. */
struct any {
	static int attach(qs_domain *domain, qs_reader **reader) noexcept { return qs_register(domain, reader); }
	static qs_token lock(qs_reader *reader) noexcept { return qs_read_lock(reader); }
	static void unlock(qs_token token) noexcept { qs_read_unlock(token); }
};

/* No fence, for domains whose updaters pay. A reader of this side can't be made where readers have to. */
struct membarrier {
	static int attach(qs_domain *domain, qs_reader **reader) noexcept
	{
		return qs_membarrier_register(domain, reader);
	}
	static qs_token lock(qs_reader *reader) noexcept { return qs_membarrier_read_lock(reader); }
	static void unlock(qs_token token) noexcept { qs_membarrier_read_unlock(token); }
};

/* Full fences, right for each domain of a flavour but QS_QSBR. */
struct mb {
	static int attach(qs_domain *domain, qs_reader **reader) noexcept { return qs_register(domain, reader); }
	static qs_token lock(qs_reader *reader) noexcept { return qs_mb_read_lock(reader); }
	static void unlock(qs_token token) noexcept { qs_mb_read_unlock(token); }
};

} // namespace side

/*
 * A thread's registration with a domain. Only the thread that made it may use it and end it, outside of its sections,
 * else std::terminate() is called. It moves, within that thread, and must not outlive the domain.
 */
template <class Side> class basic_reader {
public:
	/* std::system_error: EAGAIN when all slots are taken, ENOMEM, or ENOTSUP where this side isn't right. */
	explicit basic_reader(domain &domain)
	{
		detail::check(Side::attach(domain.native_handle(), &reader_), "quiesce::reader");
	}

	basic_reader(basic_reader &&other) noexcept : reader_(std::exchange(other.reader_, nullptr)) {}

	basic_reader &operator=(basic_reader &&other) noexcept
	{
		basic_reader(std::move(other)).swap(*this);
		return *this;
	}

	~basic_reader()
	{
		if (reader_)
			detail::insist(qs_unregister(reader_));
	}

	void swap(basic_reader &other) noexcept { std::swap(reader_, other.reader_); }

	/* False after it has been moved from: then it may only be assigned to, or end. */
	explicit operator bool() const noexcept { return reader_ != nullptr; }

	qs_reader *native_handle() const noexcept { return reader_; }

private:
	qs_reader *reader_ = nullptr;
};

using reader = basic_reader<side::any>;
using membarrier_reader = basic_reader<side::membarrier>;
using mb_reader = basic_reader<side::mb>;

/*
 * A read-side section, from here to the end of the block. Sections nest, last in, first out, so it neither moves nor is
 * it copied. Wait-free, and usable in a signal handler, as qs_read_lock() is.
 */
template <class Side> class section {
public:
	[[nodiscard]] explicit section(const basic_reader<Side> &by) noexcept : token_(Side::lock(by.native_handle()))
	{
	}
	~section() { Side::unlock(token_); }

	section(const section &) = delete;
	section &operator=(const section &) = delete;

private:
	qs_token token_;
};

/* The time that a thread spends elsewhere: updaters need not think of its reader. No section may begin in it. */
template <class Side> class offline {
public:
	[[nodiscard]] explicit offline(const basic_reader<Side> &of) noexcept : reader_(of.native_handle())
	{
		detail::insist(qs_offline(reader_));
	}
	~offline() { detail::insist(qs_online(reader_)); }

	offline(const offline &) = delete;
	offline &operator=(const offline &) = delete;

private:
	qs_reader *reader_;
};

/*
 * A protected pointer. What it points to belongs to it until it is exchanged for something else; its end frees what is
 * left, and nobody may be reading by then.
 */
template <class T, class Deleter = std::default_delete<T>> class rcu_ptr {
public:
	using pointer = T *;
	using owner = std::unique_ptr<T, Deleter>;

	constexpr rcu_ptr() noexcept : pointer_(nullptr) {}
	explicit rcu_ptr(T *fresh) noexcept : pointer_(fresh) {}
	explicit rcu_ptr(owner fresh) noexcept : pointer_(fresh.release()) {}
	~rcu_ptr() { owner{get()}.reset(); }

	rcu_ptr(const rcu_ptr &) = delete;
	rcu_ptr &operator=(const rcu_ptr &) = delete;

	/* What it points to now, which stays until the outermost section ends. Show the section that you are in. */
	template <class Side> T *load(const section<Side> &) const noexcept { return qs_dereference(&pointer_); }

	/* For an updater that knows by other means that nobody frees what it gets. */
	T *get() const noexcept { return qs_load_acquire(&pointer_); }

	/* Publishes an object where there was none: what is replaced would be lost. */
	void store(owner fresh) noexcept { qs_assign(&pointer_, fresh.release()); }

	/* Publishes an object, and returns the one before, which readers may still be using: retire() it. */
	[[nodiscard]] T *exchange(owner fresh) noexcept { return qs_exchange(&pointer_, fresh.release()); }

	/* The same, if it points to `expected`; else `expected` becomes what it points to, and `fresh` stays. */
	[[nodiscard]] bool compare_exchange(T *&expected, owner &fresh) noexcept
	{
		if (!qs_compare_exchange(&pointer_, &expected, fresh.get()))
			return false;
		(void)fresh.release();
		return true;
	}

private:
	qs_atomic(T *) pointer_;
};

/* Where an object that derives from obj_base keeps its place in the line. */
class head_holder {
protected:
	head_holder() = default;
	~head_holder() = default;
	/* A copy of an object is not in the line that the object may be in. */
	head_holder(const head_holder &) noexcept : head_holder() {}
	head_holder &operator=(const head_holder &) noexcept { return *this; }

	static head_holder *of(qs_head *head) noexcept { return reinterpret_cast<head_holder *>(head); }

	qs_head head_ = {};
};

/*
 * A base class for objects that are retired often: they bring the memory for it along, so nothing is allocated.
 *
 *   struct config : quiesce::obj_base<config> { ... };
 */
template <class Derived, class Deleter = std::default_delete<Derived>> class obj_base : private head_holder {
public:
	/* Frees the object after a grace period, in some later reclaim() of the domain. Callable inside a section. */
	void retire(domain &domain) noexcept
	{
		static_assert(std::is_empty_v<Deleter>, "a deleter with a state: use the function retire()");
		static_assert(std::is_standard_layout_v<head_holder>, "the head stands first");
		qs_defer(domain.native_handle(), &head_, [](qs_head *head) noexcept {
			Deleter{}(static_cast<Derived *>(static_cast<obj_base *>(of(head))));
		});
	}

protected:
	obj_base() = default;
	obj_base(const obj_base &) = default;
	obj_base &operator=(const obj_base &) = default;
	~obj_base() = default;
};

namespace detail {

template <class T, class Deleter> struct parcel {
	qs_head head;
	T *object;
	Deleter deleter;

	static void open(qs_head *head) noexcept
	{
		/* A parcel is no standard layout where the deleter isn't; the head is its first member all the same. */
		std::unique_ptr<parcel> self(reinterpret_cast<parcel *>(head));
		self->deleter(self->object);
	}
};

} // namespace detail

/*
 * Frees an object after a grace period, in some later reclaim() of the domain. Callable inside a section.
 *
 * It needs a little memory. Where there is none it waits for a grace period and frees the object itself, and so must
 * not be inside a section: derive from obj_base where that matters.
 */
template <class T, class Deleter = std::default_delete<T>>
void retire(domain &domain, T *object, Deleter deleter = Deleter()) noexcept
{
	using parcel = detail::parcel<T, Deleter>;
	if (!object)
		return;
	auto *sent = new (std::nothrow) parcel{{}, object, std::move(deleter)};
	if (sent) {
		qs_defer(domain.native_handle(), &sent->head, parcel::open);
		return;
	}
	domain.synchronize();
	deleter(object);
}

/* The same for an object that has an owner. */
template <class T, class Deleter> void retire(domain &domain, std::unique_ptr<T, Deleter> object) noexcept
{
	Deleter deleter = std::move(object.get_deleter());
	retire(domain, object.release(), std::move(deleter));
}

} // namespace quiesce

#endif
