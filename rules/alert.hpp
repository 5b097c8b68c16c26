#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cep/evaluator.hpp"
#include "cep/match.hpp"
#include "rules/line_buffer.hpp"
#include "rules/program.hpp"
#include "stream/event_log.hpp"

namespace weir::rules {

struct reloaded;

/// Stands for the source in the origin of an event that a rule has raised; its position is part of its alert's id.
inline constexpr stream::source_id raised_source{0xffff};

/// Turns matches into alerts. One for a program and its run; the engine must have been given `program::patterns()`.
class alert_writer {
 public:
  /// `rules` and `names` outlive the writer. `source_names`, by source_id, name events that have no id of their own.
  alert_writer(const program& rules, stream::symbols& names, std::vector<std::string> source_names);

  const rule& cause(const cep::match& m) const { return *plans_[m.pattern].cause; }

  /// The subject as text, the parts of a composite one joined by ", "; empty for a rule about the whole stream.
  std::string subject(const cep::match& m) const;

  /// The rule's reason with its expressions filled in; empty when the rule gives none.
  std::string reason(const cep::match& m, const stream::event_log& log) const;

  /// 32 hex digits: XXH3-128 of (rule, version, subject, the matched events' ids), so that a replay gives the same id.
  /// An event's id is that of `event_id`.
  std::string id(const cep::match& m, const stream::event_log& log) const;

  /// Puts the alert as one line of JSON, without the line's end. docs/language.md lists the fields. Money and
  /// decimals are numbers with all their digits, times are RFC 3339, durations are texts such as "1m30s".
  void put_json(line_buffer& line, const cep::match& m, const stream::event_log& log, std::uint64_t seq,
                stream::timestamp detected) const;

  /// What alerts call an event by: the value of its field `id`, "source:position", or "raised:…".
  std::string event_id(const stream::event_view& event) const;

  /// Appends the event that the rule raises with this alert to its table in `into`, and says where it is. Nothing when
  /// the rule raises none; one in shadow mode does not, since what it raised would reach live rules.
  std::optional<stream::row_ref> append_raised(stream::batch& into, const cep::match& m,
                                               const stream::event_log& log) const;

  /// Takes over what `reload` has read again into the program.
  void update(const reloaded& changes);
  /// The program has become that of a `successor`: writes the alerts of its rules from now on.
  void replace();

  /// At most so many events, and edges of graphs, are written out; `events_total` says how many there are.
  static constexpr std::size_t events_max = 100;

 private:
  struct reason_part {
    std::string text;
    std::vector<cep::evaluator> filled_in;  // one or none, after the text
    cep::value_type type;
  };

  // What the alerts of a rule, or the events of a type, have in common is JSON before the first of them comes.
  struct plan {
    const rule* cause;
    std::string id_head;  // what ids are hashes of, up to the subject
    std::string json_head;
    std::vector<reason_part> reason;
    std::vector<cep::evaluator> raised;  // the fields of the event that it raises
    bool deadline_in_id = false;         // the same events may end several matches, each at its own deadline
    std::vector<std::string> subject_keys;
    std::vector<std::string> step_heads;
    std::vector<std::string> value_keys;
    std::vector<cep::graph_shape> graphs;  // whose edges its answers show
  };
  struct field_plan {
    enum class as : std::uint8_t { plain_text, interned, number, other };  // in JSON

    stream::field_id id{};
    std::string key;
    cep::value_type type;
    as spelling = as::other;
    const stream::dictionary* names = nullptr;  // of an interned one
  };
  struct event_plan {
    std::optional<field_plan> id;
    std::vector<field_plan> fields;  // the others
  };

  void make_plans();
  static plan plan_of(const rule& r, const program& rules);
  void write_heads();
  event_plan plan_of(const stream::event_type& type) const;
  static field_plan::as spelling_of(const stream::field& described);

  struct hashed_id {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
  };

  cep::bindings reading(const cep::match& m, const stream::event_log& log) const;
  void look_up(const cep::match& m, const stream::event_log& log) const;
  hashed_id id_of(const cep::match& m) const;
  void append_reason(std::string& out, const cep::match& m, const stream::event_log& log) const;
  void put_event_id(line_buffer& line, const stream::event_view& event) const;
  stream::timestamp begin_of(const cep::match& m) const;
  void put_events(line_buffer& line, const cep::match& m) const;
  void put_json_event_id(line_buffer& line, const stream::event_view& event) const;
  void put_fields(line_buffer& line, const stream::event_view& event) const;
  void put_field(line_buffer& line, const field_plan& field, const stream::column& values,
                 const stream::event_view& event) const;
  void put_values(line_buffer& line, const cep::match& m) const;
  void put_graph(line_buffer& line, const cep::match& m, const stream::event_log& log) const;
  void put_nodes(line_buffer& line) const;
  void put_edges(line_buffer& line) const;
  void put_value(line_buffer& line, const cep::value& v, const cep::value_type& type) const;

  const program& rules_;
  stream::symbols& names_;
  std::vector<std::string> source_names_;
  cep::references lookups_;
  std::vector<plan> plans_;              // by pattern
  std::vector<event_plan> event_plans_;  // by event type

  // Of one match; kept for their memory.
  mutable std::vector<cep::bound_step> bound_;
  mutable std::vector<stream::event_handle> run_;
  mutable std::vector<stream::event_view> events_;  // those it binds
  struct shown_edge {
    stream::event_view event;
    const cep::graph_shape* graph = nullptr;
  };
  mutable std::vector<shown_edge> edges_;  // that graphs show
  mutable std::string text_;
  mutable stream::timestamp detected_;  // the same for many alerts, on another day than their events
  mutable std::string detected_text_;
  mutable line_buffer hashed_;     // what its id is a hash of
  mutable line_buffer text_line_;  // an event's id
};

}  // namespace weir::rules
