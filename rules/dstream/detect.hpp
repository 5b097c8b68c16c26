#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert.hpp"
#include "rules/detector.hpp"
#include "rules/program.hpp"
#include "stream/dstream/dstream.hpp"
#include "stream/dstream/event_batch.hpp"
#include "stream/intake.hpp"

namespace weir::rules {

/// The matches that a detector finds in each batch of events: rows that are good until the next batch is run, as are
/// the events that they are read from in the detector's log. The detector outlives the program, and is its alone while
/// it runs.
class detect_node final : public stream::node<cep::match> {
 public:
  detect_node(stream::node<stream::event_batch>& events, detector& rules);

  void run(const stream::batch_info& now) override;
  bool can_save() const override { return false; }
  stream::state_size state() const override;

 private:
  stream::node<stream::event_batch>* events_;
  detector* rules_;
  bool begun_ = false;  // it has had a batch
};

/// `events.detect(detector)`.
template <class Pipe>
stream::dstream<cep::match> detect_in(const stream::dstream<stream::event_batch, Pipe>& events, detector& rules) {
  return events.template make<cep::match, detect_node>(*events.pipe().from, rules);
}

/// An alert, as text to send on.
struct alert {
  std::string rule;
  std::string subject;
  stream::timestamp at{};
  std::string json;  // as docs/language.md has it

  friend bool operator==(const alert&, const alert&) = default;
};

/// A program at work on one source of records: decodes, orders, matches, writes alerts. What `lines.detect(rules)`
/// takes; one stream has it for itself. Records that cannot be read, or come late, are set aside and counted.
class record_rules {
 public:
  /// `rules` outlives it.
  record_rules(const program& rules, const stream::source_options& described);

  /// Takes the batch's records, which stand one in a line; with the last batch the rules' clock runs out. Throws
  /// std::runtime_error when the source cannot be read at all: a column of CSV is not there.
  std::vector<alert> advance(std::string_view lines, const stream::batch_info& now);

  /// The records set aside since the last call, each with its reason.
  std::vector<stream::set_aside_record> set_aside();

  const stream::source_counters& counters() const { return intake_.counters(source); }
  stream::timestamp watermark() const { return intake_.watermark(); }
  stream::state_size state() const;

 private:
  static constexpr stream::source_id source{0};

  void match(stream::batch events, stream::timestamp detected, std::vector<alert>& found);

  const program& rules_;
  stream::symbols names_;
  stream::intake intake_;
  alert_writer writer_;
  detector detector_;
  std::vector<stream::set_aside_record> aside_;
  std::uint64_t bytes_ = 0;  // fed so far: positions of records name events
  std::uint64_t lines_ = 0;
  std::uint64_t alerts_ = 0;
};

/// The alerts that a program finds in a stream of records, a text each: NDJSON objects, or lines of CSV.
template <class Pipe>
class detect_records_node final : public stream::node<alert> {
 public:
  detect_records_node(Pipe records, record_rules& rules)
      : node<alert>(records.from->room(), "detect", {records.from}, records.from->slide()),
        records_(std::move(records)),
        rules_(&rules) {}

  void run(const stream::batch_info& now) override {
    lines_.clear();
    for (std::size_t part = 0; part < records_.parts(); ++part) {
      records_.run_part(part, [this](const auto& record) {
        lines_ += record;
        lines_ += '\n';
      });
    }
    found_ = rules_->advance(lines_, now);
    this->rows_.clear();
    this->rows_.add_evenly(found_, this->room().parts);
  }

  bool can_save() const override { return false; }
  stream::state_size state() const override { return rules_->state(); }
  std::optional<stream::timestamp> watermark() const override { return rules_->watermark(); }

 private:
  Pipe records_;
  record_rules* rules_;
  std::string lines_;
  std::vector<alert> found_;
};

/// `records.detect(rules)`.
template <class T, class Pipe>
  requires std::convertible_to<const T&, std::string_view>
stream::dstream<alert> detect_in(const stream::dstream<T, Pipe>& records, record_rules& rules) {
  return records.template make<alert, detect_records_node<Pipe>>(records.pipe(), rules);
}

}  // namespace weir::rules
