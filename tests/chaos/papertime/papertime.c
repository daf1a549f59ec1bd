/* The wall clock of every process that this is loaded into (LD_PRELOAD): the moment, in seconds, that
   stands in a file shared by all. Other clocks stay as they are, so that whatever measures how long
   something takes, sleeps or waits is not deceived. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile double *shown;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("PAPERTIME_FILE");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (file < 0)
        return;
    void *page = mmap(NULL, sizeof(double), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        shown = page;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!shown || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) {
        if (!real_clock_gettime) /* asked before we began */
            begin();
        return real_clock_gettime(clock, now);
    }
    double seconds = *shown; /* eight bytes, aligned: nobody sees half of it */
    now->tv_sec = (time_t)floor(seconds);
    now->tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now)
{
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now)
        *now = exact.tv_sec;
    return exact.tv_sec;
}
