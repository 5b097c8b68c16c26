#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/engine.hpp"
#include "cep/plan.hpp"
#include "cep/subject_index.hpp"
#include "cep/subject_tuples.hpp"

namespace weir::cep {

/// A match as its pattern finds it, before those of all patterns are put in order.
struct finding {
  stream::timestamp at;
  stream::event_handle end = stream::no_event;  // that it ends at; none: a deadline, which comes after all of its time
  stream::event_handle armed = stream::no_event;  // for a deadline: the event that set it
  std::uint32_t pattern = 0;
  stream::symbol subject{};
  std::size_t first_event = 0;      // in findings::events
  std::size_t events = 0;           // how many
  std::size_t first_aggregate = 0;  // in findings::aggregates
  std::uint64_t suppressed = 0;
};

struct findings {
  std::vector<finding> found;
  std::vector<bound_event> events;
  std::vector<value> aggregates;

  void clear();
};

/// Finds the matches of one pattern. Owned by the engine, which hands it every batch after its guards were evaluated.
class pattern_matcher {
 public:
  pattern_matcher(std::uint32_t index, pattern_plan plan);

  /// The matches that end in the log's last batch, in order.
  void advance(const stream::event_log& log, const guards& shared, findings& into);

  const pattern_plan& plan() const { return plan_; }
  /// The subject of a finding of this pattern; reads `f`, which has to stay.
  std::span<const stream::symbol> subject_of(const finding& f) const { return parts_of(f.subject); }
  /// The counters, with what its guards have met.
  pattern_counters counters(const guards& shared) const;
  std::size_t live_subjects() const { return subjects_.size() - free_.size(); }

 private:
  struct subject_state {
    std::vector<window_state> windows;
    sequence_state sequence;
    ring<candidate> armed;  // last steps whose deadline is open, oldest first
    stream::timestamp silent_until = stream::start_of_time;
    stream::symbol subject{};
    bool live = false;
  };
  struct deadline {
    stream::timestamp at;
    stream::event_handle armed;
    stream::symbol subject;
    friend auto operator<=>(const deadline&, const deadline&) = default;
  };
  struct silence {
    stream::timestamp until = stream::start_of_time;
    std::uint64_t kept_back = 0;
  };
  struct claim {  // an event plays a role for a subject
    stream::symbol subject;
    const cep::role* role;
  };
  struct arrival {  // an event comes to a subject
    stream::event_view event;
    candidate itself;
    stream::symbol subject{};
    std::uint32_t state = 0;        // the subject's place in subjects_
    std::uint32_t first_claim = 0;  // the claims_ that it has on the subject
    std::uint32_t claims = 0;
  };

  void collect_relevant(const guards& shared, std::size_t places);
  void collect_arrivals(const stream::batch& rows, const guards& shared);
  void claim_roles(const arrival& a, const guards& shared, std::size_t place);
  void prefetch(std::size_t next) const;
  void take(const arrival& a, findings& into);
  void fill_windows(const arrival& a, std::span<const claim> claims, subject_state& s, bool prior);
  void take_absences(const arrival& a, std::span<const claim> claims, subject_state& s) const;
  void end_at(const arrival& a, subject_state& s, findings& into);
  void arm(const arrival& a, subject_state& s);

  void pass_deadlines(stream::timestamp before, findings& into);
  void pass(const deadline& d, findings& into);

  stream::duration span_of(std::span<const bound_step> bound) const;
  bool condition_holds(subject_state& s, const bindings& from, stream::timestamp now);
  value compute(std::size_t aggregate, subject_state& s, const bindings& from, stream::timestamp now);
  value compute_correlated(const aggregate_plan& a, const window_state& state, bindings from) const;

  void emit(subject_state& s, bindings from, finding f, findings& into);
  bool keep_back(const finding& f, const bindings& from, std::uint64_t& kept_before);
  std::string suppression_key(const bindings& from) const;

  std::uint32_t state_of(stream::symbol subject);
  void sweep(stream::timestamp watermark);

  std::optional<stream::symbol> subject_of(const stream::event_view& event, const role& r);
  /// What a subject's id stands for: itself, or the parts of a composite one. Reads `subject`, which has to stay.
  std::span<const stream::symbol> parts_of(const stream::symbol& subject) const {
    return plan_.subjects > 1 ? tuples_[subject] : std::span{&subject, plan_.subjects};
  }
  bindings reading(const stream::symbol& subject) {
    return {.event = {}, .log = log_, .subject = parts_of(subject), .undefined = &counters_.undefined};
  }

  std::uint32_t index_;
  pattern_plan plan_;
  std::vector<address_numbers> addresses_;  // one a window

  subject_tuples tuples_;
  subject_index by_subject_;  // places in subjects_
  std::vector<subject_state> subjects_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<deadline, std::vector<deadline>, std::greater<>> deadlines_;
  boost::unordered_flat_map<std::string, silence> silences_;
  stream::timestamp next_sweep_ = stream::start_of_time;
  pattern_counters counters_;

  // Of one call of advance; kept for their memory.
  const stream::event_log* log_ = nullptr;
  std::vector<std::uint64_t> relevant_;
  std::vector<claim> claims_;
  std::vector<arrival> arrivals_;
  std::vector<stream::symbol> tuple_;
  std::vector<bound_step> bound_;
  std::vector<value> computed_;
};

}  // namespace weir::cep
