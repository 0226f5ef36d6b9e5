/* Stands between the program and the disk: counts writes, syncs and truncations of the files of a
 * data directory, and at the chosen one kills the process, fails, or pretends that the disk is full.
 * It also keeps what unsynced writes replaced, so that a test can take them back: a power cut.
 *
 * SHIM_DATA    directory whose files count
 * SHIM_UNDO    file for what unsynced writes replaced (none: not kept)
 * SHIM_KILL    number of the operation that kills the process; a write is torn in the middle
 * SHIM_FULL    "from-to": writes with these numbers fail, the disk is full
 * SHIM_EIO     number of the sync of the write-ahead log that fails
 * SHIM_NO_WAL_SYNC  syncs of the write-ahead log do not count: what synchronous=NORMAL does
 * SHIM_COUNT   file that is told the number of operations at the end
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES 4096
#define PATHS 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char paths[PATHS][512];
static int path_of[FILES]; /* 1 + index into paths; 0: not ours */
static int path_count;
static long operations, syncs, kill_at = -1, full_from = -1, full_to = -1, eio_at = -1;
static int undo = -1, no_wal_sync, ready;
static const char *data, *count_file;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : -1;
}

static void setup(void) {
    if (ready) return;
    ready = 1;
    data = getenv("SHIM_DATA");
    kill_at = number("SHIM_KILL");
    eio_at = number("SHIM_EIO");
    const char *full = getenv("SHIM_FULL");
    if (full) sscanf(full, "%ld-%ld", &full_from, &full_to);
    no_wal_sync = getenv("SHIM_NO_WAL_SYNC") != NULL;
    count_file = getenv("SHIM_COUNT");
    const char *file = getenv("SHIM_UNDO");
    if (file) undo = syscall(SYS_openat, AT_FDCWD, file, O_CREAT | O_RDWR | O_TRUNC, 0600);
}

static void opened(int fd, const char *path) {
    pthread_mutex_lock(&lock);
    setup();
    if (fd >= 0 && fd < FILES) {
        path_of[fd] = 0;
        size_t length = data ? strlen(data) : 0;
        int ours = length && strncmp(path, data, length) == 0 && !strstr(path, "-shm");
        int index = 0;
        while (ours && index < path_count && strcmp(paths[index], path) != 0) index++;
        if (ours && index < PATHS && strlen(path) < sizeof paths[0]) {
            if (index == path_count) strcpy(paths[path_count++], path);
            path_of[fd] = index + 1;
        }
    }
    pthread_mutex_unlock(&lock);
}

static int ours(int fd) { return fd >= 0 && fd < FILES && path_of[fd] > 0; }

static void tell_count(void) {
    if (!count_file) return;
    char text[32];
    int length = snprintf(text, sizeof text, "%ld", operations);
    int fd = syscall(SYS_openat, AT_FDCWD, count_file, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    syscall(SYS_write, fd, text, length);
    syscall(SYS_close, fd);
}

__attribute__((destructor)) static void finish(void) { tell_count(); }

/* A record: index of the path, offset, length that was there, length that is written, size of the
 * file before, the bytes that were there. */
static void keep(int fd, int64_t offset, int64_t length) {
    if (undo < 0) return;
    struct stat meta;
    if (fstat(fd, &meta) != 0) return;
    int64_t there = meta.st_size > offset ? meta.st_size - offset : 0;
    if (there > length) there = length;
    char *bytes = malloc(there ? there : 1);
    syscall(SYS_pread64, fd, bytes, there, offset);
    int64_t head[5] = {path_of[fd] - 1, offset, there, length, meta.st_size};
    syscall(SYS_write, undo, head, sizeof head);
    syscall(SYS_write, undo, bytes, there);
    free(bytes);
}

/* What was written to this file is durable now. */
static void forget(int fd) {
    if (undo < 0) return;
    if (no_wal_sync && strstr(paths[path_of[fd] - 1], "-wal")) return;
    int64_t head[5] = {path_of[fd] - 1, -1, 0, 0, 0};
    syscall(SYS_write, undo, head, sizeof head);
}

static void die(void) {
    /* The paths behind the numbers, for whoever takes back what was not synced. */
    if (undo >= 0) {
        for (int index = 0; index < path_count; index++) {
            int64_t head[5] = {index, -2, (int64_t)strlen(paths[index]), 0, 0};
            syscall(SYS_write, undo, head, sizeof head);
            syscall(SYS_write, undo, paths[index], strlen(paths[index]));
        }
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* 1: this operation kills; -1: it fails for want of room. */
static int next_operation(int is_write) {
    operations++;
    if (operations == kill_at) return 1;
    if (is_write && operations >= full_from && operations <= full_to) return -1;
    return 0;
}

static ssize_t do_write(int fd, const void *bytes, size_t length, int64_t offset, int moves) {
    if (!ours(fd)) {
        return moves ? syscall(SYS_write, fd, bytes, length)
                     : syscall(SYS_pwrite64, fd, bytes, length, offset);
    }
    pthread_mutex_lock(&lock);
    int64_t place = moves ? lseek(fd, 0, SEEK_CUR) : offset;
    int fate = next_operation(1);
    if (fate == -1) {
        pthread_mutex_unlock(&lock);
        errno = ENOSPC;
        return -1;
    }
    keep(fd, place, length);
    size_t part = fate == 1 ? length / 2 : length;
    ssize_t done = syscall(SYS_pwrite64, fd, bytes, part, place);
    if (fate == 1) die();
    if (moves && done > 0) lseek(fd, place + done, SEEK_SET);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return do_write(fd, bytes, length, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return do_write(fd, bytes, length, offset, 0);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    return do_write(fd, bytes, length, offset, 0);
}

static int do_sync(int fd, int call) {
    if (!ours(fd)) return syscall(call, fd);
    pthread_mutex_lock(&lock);
    if (next_operation(0) == 1) die();
    if (strstr(paths[path_of[fd] - 1], "-wal") && ++syncs == eio_at) {
        pthread_mutex_unlock(&lock);
        errno = EIO;
        return -1;
    }
    /* The disk itself is not what is tested here: the kernel's copy is enough. */
    forget(fd);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) { return do_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return do_sync(fd, SYS_fdatasync); }

static int do_truncate(int fd, int64_t length) {
    if (ours(fd)) {
        pthread_mutex_lock(&lock);
        if (next_operation(0) == 1) die();
        struct stat meta;
        if (fstat(fd, &meta) == 0 && meta.st_size > length) keep(fd, length, meta.st_size - length);
        pthread_mutex_unlock(&lock);
    }
    return syscall(SYS_ftruncate, fd, length);
}

int ftruncate(int fd, off_t length) { return do_truncate(fd, length); }
int ftruncate64(int fd, off64_t length) { return do_truncate(fd, length); }

static int do_open(int dir, const char *path, int flags, int mode) {
    int fd = syscall(SYS_openat, dir, path, flags, mode);
    opened(fd, path);
    return fd;
}

#define MODE(flags, last) \
    int mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { \
        va_list list; \
        va_start(list, last); \
        mode = va_arg(list, int); \
        va_end(list); \
    }

int open(const char *path, int flags, ...) { MODE(flags, flags) return do_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, flags) return do_open(AT_FDCWD, path, flags, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags, flags) return do_open(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags, flags) return do_open(dir, path, flags, mode); }

int close(int fd) {
    if (fd >= 0 && fd < FILES) path_of[fd] = 0;
    return syscall(SYS_close, fd);
}
