#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::app {

/// What a run has done, for people.
struct run_summary {
  struct of_rule {
    std::string name;
    std::uint64_t alerts = 0;
    std::uint64_t suppressed = 0;
    std::uint64_t undefined = 0;
    std::uint64_t truncated = 0;
    std::uint64_t events_forgotten = 0;  // at the rule's limits, as the others
    std::uint64_t events_refused = 0;
    std::uint64_t subjects_forgotten = 0;
    std::uint64_t subjects_refused = 0;  // events of subjects that there was no room for
    bool shadow = false;
    bool removed = false;  // while the run went on
  };
  struct of_source {
    std::string name;
    std::uint64_t events = 0;
    std::uint64_t late = 0;
    std::uint64_t bad = 0;
  };

  double seconds = 0;
  std::vector<of_rule> rules;
  std::vector<of_source> sources;
  std::string set_aside_path;

  // What --stats adds.
  std::size_t live_subjects = 0;
  std::size_t log_bytes = 0;
  std::size_t rows_waiting = 0;
  std::uint64_t memory_bytes = 0;  // of the process
  std::string watermark;           // RFC 3339, or empty
  std::string holding_back;        // the source that holds the watermark back, or empty
};

/// The closing lines of a run.
std::string render(const run_summary& summary);

/// The lines that --stats adds.
std::string render_stats(const run_summary& summary);

/// "1,000,000".
std::string grouped(std::uint64_t number);

}  // namespace weir::app
