#pragma once

#include <vector>

#include "rules/check/clauses.hpp"
#include "rules/check/scope.hpp"

namespace weir::rules {

/// A step or an absence as it was written, and the event that it is about.
struct written_event {
  const ast::step* step = nullptr;  // one of the two is null
  const ast::absence* absence = nullptr;
  readable_event event{};  // as later parts read it
  std::size_t part = 0;

  const std::optional<ast::expression>& where() const { return step != nullptr ? step->where : absence->where; }
  const ast::identifier& event_name() const { return step != nullptr ? step->event : absence->event; }
};

/// What one `then` asks for: an absence, or `count` steps.
struct written_part {
  bool absence = false;
  bool next = false;
  bool optional = false;
  ast::gathering gathered{};
  ast::located place{};
  std::size_t first = 0;  // of its events in the body's
  std::size_t count = 1;

  bool is_group() const { return gathered != ast::gathering::single; }
};

/// What a rule's `on` or `match` says, step by step. The edges of a path are steps.
struct written_body {
  std::vector<written_part> parts;
  std::vector<written_event> events;  // of all parts, in the order of the text

  std::vector<readable_event> readable() const;
};

/// Finds the event of every step and absence; labels that come twice and unknown events are errors.
written_body gather_body(const rule_clauses& clauses, std::uint32_t file, workplace& work);

/// What the condition of `body.events[index]` may read, given what may be read at the match's end.
scope scope_at(const written_body& body, std::size_t index, scope at_end);

}  // namespace weir::rules
