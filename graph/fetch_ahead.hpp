#pragma once

namespace weir::graph {

/// Asks the processor for the cache line at `p`, which need not be readable. Compilers that know prefetching to be
/// without effect drop calls of functions that do nothing else, hence the empty statement, which has one.
inline void fetch_ahead(const void* p) {
  __builtin_prefetch(p, 1);
  asm volatile("");
}

}  // namespace weir::graph
