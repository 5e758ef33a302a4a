// A library for LD_PRELOAD that lets one system call on files go wrong.
//
// The calls that change something below the folder FAULT_UNDER are counted from 1: open for
// writing, write, pwrite, fsync, ftruncate, rename, unlink, mkdir. FAULT_KIND tells what happens:
//   count    nothing; the number of calls is appended to the file FAULT_COUNT when the process ends
//   kill     the process dies just before call FAULT_AT, as by a power cut
//   once     call FAULT_AT fails with the error number FAULT_ERROR
//   onward   call FAULT_AT and every later one fails so
//   short    call FAULT_AT, if it is a write, writes only half of its bytes

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

enum fate { PASS, FAIL, SHORTEN };

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static int is_kind(const char *kind) {
  const char *text = getenv("FAULT_KIND");
  return text && strcmp(text, kind) == 0;
}

// Counts a call on a path or, without one, on a descriptor, and decides what becomes of it.
static enum fate fate_of(const char *path, int descriptor) {
  const char *under = getenv("FAULT_UNDER");
  char link[64], target[PATH_MAX];
  if (!under) return PASS;
  if (!path) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length < 0) return PASS;
    target[length] = 0;
    path = target;
  }
  if (strncmp(path, under, strlen(under)) != 0) return PASS;
  long call = atomic_fetch_add(&calls, 1) + 1, at = number("FAULT_AT");
  if (is_kind("count") || call < at || (call > at && !is_kind("onward"))) return PASS;
  if (is_kind("kill")) kill(getpid(), SIGKILL);
  if (is_kind("short")) return SHORTEN;
  errno = (int)number("FAULT_ERROR");
  return FAIL;
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("FAULT_COUNT");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  int writes = (flags & O_ACCMODE) != O_RDONLY;
  return writes && fate_of(path, -1) == FAIL ? -1 : NEXT(open)(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t count) {
  enum fate fate = fate_of(NULL, file);
  return fate == FAIL ? -1 : NEXT(write)(file, bytes, fate == SHORTEN ? (count + 1) / 2 : count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  enum fate fate = fate_of(NULL, file);
  if (fate == FAIL) return -1;
  return NEXT(pwrite)(file, bytes, fate == SHORTEN ? (count + 1) / 2 : count, offset);
}

int fsync(int file) { return fate_of(NULL, file) == FAIL ? -1 : NEXT(fsync)(file); }

int ftruncate(int file, off_t length) {
  return fate_of(NULL, file) == FAIL ? -1 : NEXT(ftruncate)(file, length);
}

int rename(const char *old, const char *new) {
  return fate_of(new, -1) == FAIL ? -1 : NEXT(rename)(old, new);
}

int unlink(const char *path) { return fate_of(path, -1) == FAIL ? -1 : NEXT(unlink)(path); }

int mkdir(const char *path, mode_t mode) {
  return fate_of(path, -1) == FAIL ? -1 : NEXT(mkdir)(path, mode);
}
