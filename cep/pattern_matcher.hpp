#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/matcher.hpp"
#include "cep/plan.hpp"
#include "cep/subject_census.hpp"
#include "cep/subject_index.hpp"
#include "cep/subject_tuples.hpp"

namespace weir::cep {

/// Finds the matches of one pattern, of any shape.
class pattern_matcher final : public matcher, private stepwise {
 public:
  /// `names` outlives the matcher; `subjects` are the pattern's. A pattern with steps that belong to no subject cannot
  /// be shared.
  pattern_matcher(std::uint32_t index, pattern_plan plan, std::vector<stream::field_type> subjects,
                  const stream::symbols& names, subject_share share = {});

  void advance(const stream::event_log& log, const guards& shared, findings& into) override;
  stepwise* in_steps() override { return plan_.asks_graphs ? this : nullptr; }
  std::span<const stream::symbol> subject_of(const finding& f) const override { return parts_of(f.subject); }
  pattern_counters counters(std::size_t /*own*/) const override { return counters_; }
  std::uint64_t undefined_in_guards(std::size_t own, const guards& shared) const override;
  std::size_t live_subjects() const override { return subjects_.size() - unused_.size(); }
  stream::duration retention() const override { return plan_.retention(); }
  std::optional<limit_stop> stopped() const override { return stop_; }

  /// What a subject takes without the events that are kept of it, and what an open deadline takes.
  static std::size_t subject_bytes(const pattern_plan& plan);
  static std::size_t deadline_bytes() { return sizeof(deadline); }

 private:
  /// What a subject has where the plan has limits.
  struct limited_state {
    held_events held;
    stream::event_handle kept_from{};  // all events before this place are forgotten
    std::uint64_t first_deadline = 0;  // those set before it are of a state that was forgotten
  };
  struct subject_state {
    std::vector<window_state> windows;
    sequence_state sequence;
    std::unique_ptr<body_state> body;  // where the plan has one
    ring<candidate> armed;             // last steps whose deadline is open, oldest first
    std::unique_ptr<limited_state> limited;
    stream::timestamp silent_until = stream::start_of_time;
    stream::symbol subject{};
    bool live = false;
  };
  struct deadline {
    stream::timestamp at;
    stream::event_handle armed{};  // the last event of the match
    std::uint64_t sequence = 0;    // in which it was set
    stream::symbol subject{};
    std::uint64_t number = 0;  // of the last event, and the steps that it may be bound by: of a body
    std::uint64_t end_steps = 0;
    friend auto operator<=>(const deadline&, const deadline&) = default;
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
    std::uint64_t free_steps = 0;  // of a closing one: that it may be bound by for any subject
    bool closes = false;           // no subject's: the last arrival of an event whose steps others are linked to
    std::uint64_t all_steps = 0;   // then: that it may be bound by, for whichever subject
    bool held = true;              // else a limit keeps it out: it may end a match, and that is all
  };

  // In steps.
  void begin(const stream::event_log& log, const guards& shared) override;
  void add_relevant(std::span<std::uint64_t> places) const override;
  void step(std::size_t place, const guards& shared, findings& into) override;
  stream::timestamp next_deadline() const override;
  void pass_deadlines(stream::timestamp before, findings& into) override;
  void finish() override;

  void collect_relevant(const guards& shared, std::size_t places);
  void collect_arrivals(const guards& shared);
  void collect_arrivals_at(std::size_t place, const guards& shared);
  void claim_roles(const arrival& a, const guards& shared, std::size_t place);
  void put_in_order(std::span<claim> added) const;
  bool comes_before(stream::symbol a, stream::symbol b) const;
  void prefetch(std::size_t next) const;
  void take(const arrival& a, findings& into);
  void fill_windows(const arrival& a, std::span<const claim> claims, subject_state& s, bool prior);
  void take_absences(const arrival& a, std::span<const claim> claims, subject_state& s) const;
  void end_at(const arrival& a, subject_state& s, findings& into);
  void arm(const arrival& a, subject_state& s);

  // Of a plan with limits (pattern_matcher_limits.cpp).
  void admit(std::size_t first);
  bool admit(const arrival& a);
  bool make_room_for_subject(const arrival& a);
  bool make_room_for_event(const arrival& a, subject_state& s);
  void find_parts(const arrival& a, std::span<const claim> claims);
  void forget(subject_state& s, stream::event_handle event);
  void forget_subject(std::uint32_t place, stream::event_handle up_to);
  void stop_at(const arrival& a, bool of_subjects, std::uint32_t most);
  void free_loose(stream::timestamp watermark);
  std::uint64_t steps_held(const arrival& a, std::uint64_t end_steps) const;
  std::uint64_t free_steps() const;

  // Of a plan with a body (pattern_matcher_body.cpp).
  void take_body(const arrival& a, std::span<const claim> claims, subject_state& s, findings& into);
  void close_event(const arrival& a, findings& into);
  static std::uint64_t steps_of(std::span<const claim> claims);
  void end_or_arm(const numbered_event& end, stream::symbol subject, std::uint64_t end_steps, findings& into);
  void end_body(const numbered_event& end, stream::symbol subject, std::uint64_t end_steps, findings& into);
  void arm_body(const numbered_event& end, stream::symbol subject, std::uint64_t end_steps);
  void pass_body(const deadline& d, findings& into);
  bool may_end(std::uint64_t end_steps) const;
  std::vector<stream::symbol> subjects_led_to(const arrival& a);
  std::optional<stream::timestamp> deadline_of_match(std::span<const bound_step> bound, stream::timestamp last) const;

  void pass(const deadline& d, findings& into);

  stream::duration span_of(std::span<const bound_step> bound) const;
  bool condition_holds(subject_state& s, const bindings& from, stream::timestamp now);
  value compute(std::size_t aggregate, subject_state& s, const bindings& from, stream::timestamp now);
  value compute_correlated(const aggregate_plan& a, const window_state& state, bindings from) const;

  void emit(subject_state& s, const bindings& from, finding f, findings& into);
  std::uint32_t ask_graphs(const bindings& from, findings& into) const;

  std::uint32_t state_of(stream::symbol subject);
  void begin_state(subject_state& s, stream::symbol subject) const;
  void end_state(std::uint32_t place);
  bool is_idle(subject_state& s, stream::timestamp watermark);
  void sweep(stream::timestamp watermark);
  void close_gaps();

  std::optional<stream::symbol> subject_of(const stream::event_view& event, const role& r);
  /// What a subject's id stands for: itself, or the parts of a composite one. Reads `subject`, which has to stay.
  std::span<const stream::symbol> parts_of(const stream::symbol& subject) const {
    return plan_.subjects > 1 ? tuples_[subject] : std::span{&subject, plan_.subjects};
  }
  bindings reading(const stream::symbol& subject) {
    return {.event = {},
            .log = log_,
            .subject = parts_of(subject),
            .undefined = &counters_.undefined,
            .truncated = &counters_.truncated};
  }

  std::uint32_t index_;
  pattern_plan plan_;
  std::vector<stream::field_type> subject_types_;
  subject_share share_;
  const stream::symbols* names_;
  std::vector<address_numbers> addresses_;  // one a window

  subject_tuples tuples_;
  subject_index by_subject_;  // places in subjects_
  std::vector<subject_state> subjects_;
  std::vector<std::uint32_t> unused_;  // places in subjects_
  free_candidates linked_;
  std::uint64_t deadlines_set_ = 0;
  std::priority_queue<deadline, std::vector<deadline>, std::greater<>> deadlines_;
  stream::timestamp next_sweep_ = stream::start_of_time;
  pattern_counters counters_;
  subject_census census_;             // where subjects have a limit
  std::vector<std::uint32_t> loose_;  // places of states that hold nothing, or did when last looked at
  std::optional<limit_stop> stop_;

  // Of one call of advance; kept for their memory.
  const stream::event_log* log_ = nullptr;
  std::vector<std::uint64_t> relevant_;
  std::vector<claim> claims_;
  std::vector<arrival> arrivals_;
  std::vector<stream::symbol> tuple_;
  std::vector<bound_step> bound_;
  std::vector<value> computed_;
  std::vector<std::uint32_t> parts_;  // of held_events, that the event at hand enters
};

}  // namespace weir::cep
