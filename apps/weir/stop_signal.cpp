#include "apps/weir/stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace weir::app {

namespace {

// A signal handler has nothing but globals to write to.
volatile std::sig_atomic_t requested = 0;

extern "C" void note_stop(int) { requested = 1; }

}  // namespace

void watch_stop_signals() {
  struct sigaction action{};
  action.sa_handler = note_stop;
  action.sa_flags = SA_RESETHAND;  // the second one meets the default: death
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

void request_stop() { requested = 1; }

bool stop_requested() { return requested != 0; }

}  // namespace weir::app
