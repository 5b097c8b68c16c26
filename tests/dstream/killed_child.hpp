#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string>

namespace weir::testing {

/// Runs `work(pipe)` in a process of its own and kills it as soon as it has written so many bytes to the pipe; gives
/// all that it wrote. Work that returns, instead of going on until then, has failed: what it wrote says how.
template <class Work>
std::string killed_after(std::size_t bytes, const Work& work) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    work(ends[1]);
    ::_exit(1);
  }
  ::close(ends[1]);
  std::string written;
  char part[4096];
  for (ssize_t count = 1; count > 0;) {
    if (written.size() >= bytes) ::kill(child, SIGKILL);
    count = ::read(ends[0], part, sizeof part);
    if (count > 0) written.append(part, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return written;
}

}  // namespace weir::testing
