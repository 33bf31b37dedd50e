/*
 * What libcamera's virtual camera lacks to stand in for a real one. Loaded by LD_PRELOAD, in tests only.
 *
 * Memory: it takes its frame buffers from /dev/udmabuf, which many kernels lack. Here that device hands
 *     back the memfd that it was given; for one process that is as good as a dma-buf.
 * Time: it delivers frames as fast as they are given back. A real sensor has a clock of its own. Here its
 *     thread sleeps until the next thirtieth of a second, unless the file $VIRTUAL_CAMERA/free exists.
 * Silence: it never fails. Here it stops, without a word, as long as $VIRTUAL_CAMERA/frozen exists.
 * Testimony: so that a test knows what was on show when, the time of each frame (CLOCK_MONOTONIC, seconds, a
 *     double) is written to $RUNTIME_DIRECTORY/frames.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/udmabuf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "/dev/udmabuf"
#define PERIOD_NS (1000000000L / 30)

/* ---- memory ---- */

static int opened(const char *path, int flags, mode_t mode)
{
	if (path && !strcmp(path, DEVICE))
		return memfd_create(DEVICE, MFD_CLOEXEC);
	return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int fd = opened(path, flags, mode_of(flags, rest));
	va_end(rest);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int fd = opened(path, flags | O_LARGEFILE, mode_of(flags, rest));
	va_end(rest);
	return fd;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list rest;
	va_start(rest, request);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	if ((unsigned int)request == (unsigned int)UDMABUF_CREATE)
		return fcntl(((struct udmabuf_create *)argument)->memfd, F_DUPFD_CLOEXEC, 0);
	int result = syscall(SYS_ioctl, fd, request, argument);
	/* What only a dma-buf knows: caches are coherent here, and names are for debugging. */
	if (result < 0 && errno == ENOTTY && _IOC_TYPE(request) == DMA_BUF_BASE)
		return 0;
	return result;
}

/* ---- time, silence, testimony ---- */

static int is_there(const char *name)
{
	const char *folder = getenv("VIRTUAL_CAMERA");
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder ? folder : "/nowhere", name);
	return access(path, F_OK) == 0;
}

static void testify(const struct timespec *when)
{
	static int fd = -2;
	if (fd == -2) {
		char path[256];
		const char *folder = getenv("RUNTIME_DIRECTORY");
		snprintf(path, sizeof path, "%s/frames", folder ? folder : "/nowhere");
		fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	}
	double seconds = when->tv_sec + when->tv_nsec / 1e9;
	if (fd >= 0 && write(fd, &seconds, sizeof seconds) < 0)
		fd = -1;
}

static void wait_for_the_next_frame(void)
{
	static struct timespec due;
	struct timespec now;
	while (is_there("frozen"))
		usleep(20000);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!is_there("free")) {
		if (now.tv_sec - due.tv_sec > 1)
			due = now;
		due.tv_nsec += PERIOD_NS;
		if (due.tv_nsec >= 1000000000L) {
			due.tv_nsec -= 1000000000L;
			due.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	testify(&now);
}

/* The camera's thread maps the buffer of each frame that it fills, once. */
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	char thread[17] = "";
	if (fd >= 0 && flags & MAP_SHARED) {
		prctl(PR_GET_NAME, thread);
		if (!strcmp(thread, "VirtualCamera"))
			wait_for_the_next_frame();
	}
	return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset)
{
	return mmap(address, length, protection, flags, fd, offset);
}
