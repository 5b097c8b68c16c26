#include "cep/sharing.hpp"

#include <algorithm>
#include <utility>

#include "cep/condition_split.hpp"

namespace weir::cep {

namespace {

bool interns(const expression& e) { return reads(e, operation::lower) || reads(e, operation::upper); }

/// Beside the guards, which are evaluated beforehand.
bool interns(const event_filter& events) {
  const split_condition where = split(events.where);
  return interns(where.of_subject) || interns(where.join);
}

template <class Ask>
bool any_filter(const pattern& p, const Ask& ask) {
  for (const auto& part : p.body.parts) {
    if (const auto* group = std::get_if<step_group>(&part)) {
      if (std::ranges::any_of(group->steps, [&](const step& s) { return ask(s.events); })) return true;
    } else if (ask(std::get<absence>(part).events)) {
      return true;
    }
  }
  return std::ranges::any_of(p.aggregates, [&](const aggregate& a) { return ask(a.events); });
}

/// Makes new texts while it matches: that is for one thread.
bool interns(const pattern& p) {
  const auto in_filter = [](const event_filter& events) { return interns(events); };
  if (interns(p.condition) || any_filter(p, in_filter)) return true;
  return p.suppress && std::ranges::any_of(p.suppress->by, [](const expression& key) { return interns(key); });
}

/// What asks graphs walks with them.
bool is_for_one_thread(const pattern& p) { return interns(p) || !questions_of(p).empty(); }

/// Whether alerts of two subjects may have one key, so that one silences the other.
bool silences_across_subjects(const pattern& p) {
  if (!p.suppress || p.suppress->by.empty()) return false;
  for (std::size_t i = 0; i < p.subjects.size(); ++i) {
    const auto names_it = [i](const expression& key) { return key.op == operation::subject && key.index == i; };
    if (std::ranges::none_of(p.suppress->by, names_it)) return true;
  }
  return false;
}

/// Whether what happens to one subject is nothing to any other. Where their number has a limit, one comes for another.
bool can_be_split(const pattern& p) {
  const auto belongs_to_none = [](const event_filter& events) { return events.keys.empty(); };
  return !p.subjects.empty() && !p.limits.subjects && !any_filter(p, belongs_to_none) && !silences_across_subjects(p);
}

}  // namespace

shared_out share_out(const std::vector<pattern>& patterns, std::size_t threads) {
  std::vector<std::uint32_t> splittable;
  std::vector<std::uint32_t> whole;
  shared_out out;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    if (threads > 1 && is_for_one_thread(patterns[i])) {
      out.afterwards.push_back({.pattern = i, .share = {}});
    } else if (threads > 1 && can_be_split(patterns[i])) {
      splittable.push_back(i);
    } else {
      whole.push_back(i);
    }
  }
  const std::size_t lists = splittable.empty() ? std::min(threads, whole.size()) : threads;
  out.side_by_side.resize(std::max<std::size_t>(lists, 1));
  const auto count = static_cast<std::uint32_t>(out.side_by_side.size());
  for (std::uint32_t index = 0; index < count; ++index) {
    for (const std::uint32_t i : splittable) {
      out.side_by_side[index].push_back({.pattern = i, .share = subject_share(index, count)});
    }
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    out.side_by_side[i % count].push_back({.pattern = whole[i], .share = {}});
  }
  return out;
}

}  // namespace weir::cep
