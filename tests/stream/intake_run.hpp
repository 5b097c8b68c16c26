#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sample.hpp"
#include "stream/framer.hpp"
#include "stream/intake.hpp"

namespace weir::testing {

/// An intake over the sample schema that tests feed with text, and whose outcome they read as lines.
class intake_run {
 public:
  explicit intake_run(std::vector<stream::source_options> sources);

  stream::intake& in() { return intake_; }
  const stream::schema& types() const { return types_; }

  /// Feeds bytes as a reader would: through the source's framer.
  void feed(unsigned source, std::string_view bytes);
  void end(unsigned source);

  /// One batch; its rows go to `rows`. False when there is none.
  bool next(std::size_t rows_max = 1000);
  /// Batches until there are no more.
  void drain(std::size_t rows_max = 1000);

  /// "payment 1970-…"; all rows so far.
  std::vector<std::string> rows;
  /// Of each batch so far.
  std::vector<stream::timestamp> watermarks;
  std::vector<std::size_t> batch_rows;
  /// "bad 2@17 amount: missing" or "late …": line, byte and reason; all so far, as they came.
  std::vector<std::string> aside() const;
  const std::vector<stream::set_aside_record>& aside_records() const { return aside_; }

 private:
  stream::schema types_ = sample_schema();
  stream::symbols names_{types_};
  stream::intake intake_;
  std::vector<stream::record_framer> framers_;
  std::vector<stream::set_aside_record> aside_;
};

/// Options of a source of one event type, or of any when `event` is empty.
stream::source_options source_of(std::string_view event, stream::record_syntax syntax = stream::record_syntax::ndjson,
                                 std::optional<stream::duration> lateness = stream::duration::zero());

/// What one source of `event` makes of `text`: its rows without "… s0@0", then what it set aside.
std::vector<std::string> decoded(std::string_view text, std::string_view event,
                                 stream::record_syntax syntax = stream::record_syntax::ndjson);

/// The reason for which the only record of `text` is bad; empty if it is good.
std::string reason_of(std::string_view text, std::string_view event,
                      stream::record_syntax syntax = stream::record_syntax::ndjson);

}  // namespace weir::testing
