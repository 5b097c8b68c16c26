#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cep/pattern.hpp"
#include "rules/program.hpp"
#include "stream/batch.hpp"

namespace weir::why_not {

/// Of a stream, the events that one rule can see for one subject, up to a moment. Those of a step that belongs to no
/// subject, and of a graph that the rule asks, are all there.
class subject_stream {
 public:
  /// `pattern` outlives the stream.
  subject_stream(const cep::pattern& pattern, std::vector<stream::symbol> subject, stream::timestamp until,
                 const rules::program& program);

  /// Keeps what is wanted of the next batch.
  void take(const stream::batch& next);

  /// All that was kept as one batch, its watermark just past the moment. The stream is empty afterwards.
  stream::batch finish();

  std::span<const stream::symbol> subject() const { return subject_; }

 private:
  bool wants(const stream::batch& from, stream::row_ref row) const;

  std::vector<const cep::event_filter*> filters_;
  std::vector<stream::event_type_id> edges_;  // of the graphs that the rule asks
  std::vector<stream::symbol> subject_;
  stream::timestamp until_;
  stream::batch kept_;
};

/// The event has the subject in the filter's keys.
bool belongs(const stream::table& rows, std::uint32_t row, const cep::event_filter& events,
             std::span<const stream::symbol> subject);

}  // namespace weir::why_not
