#pragma once

namespace weir::app {

/// From now on the first SIGINT or SIGTERM asks the command to come to an end in good order; a second one of the kind
/// kills it. Waiting calls of the system are interrupted.
void watch_stop_signals();

/// Asks for it from within.
void request_stop();

/// True once such a signal has come. Any thread.
bool stop_requested();

}  // namespace weir::app
