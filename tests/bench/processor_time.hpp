#pragma once

#include <time.h>

namespace weir::bench {

/// What this thread has taken of the processor so far.
inline double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// What `work` takes of it.
double processor_ms_of(auto work) {
  const double start = processor_ms();
  work();
  return processor_ms() - start;
}

}  // namespace weir::bench
