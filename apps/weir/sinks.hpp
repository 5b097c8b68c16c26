#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/weir/config.hpp"
#include "rules/program.hpp"
#include "stream/file/line_writer.hpp"
#include "stream/zmq/publisher.hpp"

namespace weir::app {

/// An alert on its way out.
struct outgoing_alert {
  std::string_view json;
  const rules::rule& cause;
  std::uint64_t seq = 0;  // from 1; alerts of shadow rules have numbers of their own
};

/// "high.card_testing", or "shadow.high.card_testing" for a rule in shadow mode.
std::string topic_of(const rules::rule& cause);

/// Lines of JSON in a file.
class jsonl_sink {
 public:
  jsonl_sink(stream::line_writer out, const jsonl_sink_config& config)
      : out_(std::move(out)), shadow_(config.shadow), to_stdout_(config.path == "-") {}

  bool wants(const rules::rule& cause) const { return shadow_ || cause.mode != rules::rule_mode::shadow; }
  std::expected<void, stream::io_error> send(const outgoing_alert& alert) { return out_.write(alert.json); }
  std::expected<void, stream::io_error> flush() { return out_.flush(); }
  std::expected<void, stream::io_error> close() { return out_.close(); }
  bool reader_gone() const { return to_stdout_ && out_.reader_gone(); }

 private:
  stream::line_writer out_;
  bool shadow_;
  bool to_stdout_;
};

/// Lines for people on standard output.
class console_sink {
 public:
  console_sink(stream::line_writer out, bool shadow);

  bool wants(const rules::rule& cause) const { return shadow_ || cause.mode != rules::rule_mode::shadow; }
  std::expected<void, stream::io_error> send(const outgoing_alert& alert);
  std::expected<void, stream::io_error> flush() { return out_.flush(); }
  std::expected<void, stream::io_error> close() { return out_.close(); }
  bool reader_gone() const { return out_.reader_gone(); }

 private:
  stream::line_writer out_;
  bool shadow_;
  bool colour_;
};

/// Messages to whoever subscribes.
class zmq_sink {
 public:
  zmq_sink(stream::publisher out, stream::duration wait_subscriber)
      : out_(std::move(out)), wait_subscriber_(wait_subscriber) {}

  bool wants(const rules::rule&) const { return true; }
  std::expected<void, stream::io_error> send(const outgoing_alert& alert);
  std::expected<void, stream::io_error> flush() { return {}; }
  std::expected<void, stream::io_error> close();
  bool reader_gone() const { return false; }

  void wait_for_subscriber();

 private:
  stream::publisher out_;
  stream::duration wait_subscriber_;
};

using sink = std::variant<jsonl_sink, console_sink, zmq_sink>;

/// All the places where a run's alerts go. Every error is final: the run ends with it.
class sink_set {
 public:
  static std::expected<sink_set, stream::io_error> open(const std::vector<sink_config>& configs);

  /// Gives subscribers the time they were promised to come, unless the command is asked to stop.
  void wait_for_subscribers();

  /// False when no sink would take an alert of this rule: it need not be written at all.
  bool wants(const rules::rule& cause) const;
  std::expected<void, stream::io_error> send(const outgoing_alert& alert);
  std::expected<void, stream::io_error> flush();
  std::expected<void, stream::io_error> close();
  /// True once the reader of standard output has left.
  bool reader_gone() const;

 private:
  std::vector<sink> sinks_;
};

}  // namespace weir::app
