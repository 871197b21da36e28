/* Preloaded into a gateway under test: makes calls on the store's log fail, once they are told to.
 *
 * SHIM_FAULT names a file. While it is not there, every call goes through. When it holds "fdatasync 5", each
 * fdatasync on a file named "db" fails with errno 5. A pwrite that fails has torn the log first: half of its
 * bytes are written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_log(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path);
    return length >= 3 && memcmp(path + length - 3, "/db", 3) == 0;
}

/* The errno that the call has to fail with, or 0. Leaves errno alone. */
static int fault(const char *call, int fd) {
    int before = errno, number = 0;
    char text[64] = "", name[32] = "";
    const char *file = getenv("SHIM_FAULT");
    int told = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (told >= 0) {
        ssize_t length = read(told, text, sizeof text - 1);
        close(told);
        if (length <= 0 || sscanf(text, "%31s %d", name, &number) != 2 || strcmp(name, call) != 0 || !is_log(fd)) {
            number = 0;
        }
    }
    errno = before;
    return number;
}

int fdatasync(int fd) {
    int number = fault("fdatasync", fd);
    if (number == 0) return REAL(fdatasync)(fd);
    errno = number;
    return -1;
}

int sync_file_range(int fd, off64_t offset, off64_t bytes, unsigned int flags) {
    int number = fault("sync_file_range", fd);
    if (number == 0) return REAL(sync_file_range)(fd, offset, bytes, flags);
    errno = number;
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    int number = fault("pwrite", fd);
    if (number == 0) return REAL(pwrite64)(fd, bytes, count, offset);
    ssize_t torn = REAL(pwrite64)(fd, bytes, count / 2, offset);
    (void)torn;
    errno = number;
    return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return pwrite64(fd, bytes, count, offset);
}
